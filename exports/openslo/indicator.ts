import { toDuration } from '../../base/durations.ts';
import { type Selection, type Target, toFilter } from '../../slo/metric.ts';
import { type Part, type PromQlContext, seriesSelector } from '../../slo/promql/series.ts';
import { errorRatioOf } from '../../slo/promql/sli.ts';
import type { CutSli, RatioSli, Sli, WindowsSli } from '../../slo/sli.ts';

type MetricSource = {
  metricSource: { type: 'prometheus' | 'cloudmonitoring'; spec: Readonly<Record<string, unknown>> };
};
type RatioMetric =
  | { counter: true; good?: MetricSource; bad?: MetricSource; total: MetricSource }
  | { rawType: 'failure'; raw: MetricSource };

/** An SLI of OpenSLO, and what an objective on it needs where it counts slices of time. */
export type Indicator = {
  spec: { ratioMetric: RatioMetric };
  timeSlices?: { timeSliceTarget: number; timeSliceWindow: string };
};

/** An SLI in OpenSLO's terms; none where its series are Cloud Monitoring's own. */
export function toIndicator(sli: Sli, target: Target): Indicator | undefined {
  if (sli.form === 'basic') return undefined;
  if (sli.form === 'windows') return windowsIndicator(sli, target);
  return { spec: { ratioMetric: ratioMetric(sli, target) } };
}

function windowsIndicator(sli: WindowsSli, target: Target): Indicator | undefined {
  const { good, windowSeconds } = sli;
  const timeSliceWindow = toDuration(Math.ceil(windowSeconds / 60) * 60);
  if (good.test === 'performance') {
    if (good.sli.form === 'basic') return undefined;
    const timeSlices = { timeSliceTarget: good.threshold, timeSliceWindow };
    return { spec: { ratioMetric: ratioMetric(good.sli, target) }, timeSlices };
  }
  const query = errorRatioOf(sli, { dialect: 'prometheus', target })?.(windowSeconds);
  const ratio: RatioMetric = { rawType: 'failure', raw: { metricSource: { type: 'prometheus', spec: { query } } } };
  return { spec: { ratioMetric: ratio }, timeSlices: { timeSliceTarget: 1, timeSliceWindow } };
}

function ratioMetric(sli: RatioSli | CutSli, target: Target): RatioMetric {
  if (sli.form === 'cut') return cutMetric(sli, target);
  const { good, bad, total } = sli;
  if (good && total) return { counter: true, good: sourceOf([good], target), total: sourceOf([total], target) };
  if (total) return { counter: true, bad: sourceOf([bad], target), total: sourceOf([total], target) };
  return { counter: true, bad: sourceOf([bad], target), total: sourceOf([good, bad], target) };
}

/** Series that are counted together: in PromQL where they come by OTLP, else by Cloud Monitoring's filters. */
function sourceOf(selections: readonly Selection[], target: Target): MetricSource {
  if (selections.every(({ metric }) => metric.otelName !== undefined)) {
    return promQl(selections.map(selection => sumOf(selection, target)).join(' + '));
  }
  const filters = selections.map(selection => toFilter(selection, target));
  return cloudMonitoring(filters.length === 1 ? { filter: filters[0] } : { filters });
}

function cutMetric({ distribution, range }: CutSli, target: Target): RatioMetric {
  if (distribution.metric.otelName === undefined) {
    const filter = toFilter(distribution, target);
    return { counter: true, good: cloudMonitoring({ filter, range }), total: cloudMonitoring({ filter }) };
  }
  const upTo = [range.max, range.min]
    .filter(bound => bound !== undefined)
    .map(bound => sumOf(distribution, target, '_bucket', bound));
  return { counter: true, good: promQl(upTo.join(' - ')), total: promQl(sumOf(distribution, target, '_count')) };
}

function sumOf(selection: Selection, target: Target, part?: Part, le?: number): string {
  const context: PromQlContext = { dialect: 'prometheus', target };
  return `sum(${seriesSelector(selection, context, part, le)})`;
}

const promQl = (query: string): MetricSource => ({ metricSource: { type: 'prometheus', spec: { query } } });

function cloudMonitoring(spec: Readonly<Record<string, unknown>>): MetricSource {
  return { metricSource: { type: 'cloudmonitoring', spec } };
}
