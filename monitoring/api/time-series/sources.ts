import { apiErrors } from '../../errors.ts';
import { KEPT_MS } from '../../evaluate/ledger.ts';
import { parseSelector, type Selector, selectedValue } from '../../evaluate/selector.ts';
import type { Counts } from '../../evaluate/tracker.ts';
import { matches, metricTypeOf } from '../../filter/match.ts';
import { parseSeriesFilter } from '../../filter/series.ts';
import type { Labels, Point } from '../../model.ts';
import type { Sampled } from '../aggregation/aggregate.ts';
import type { World } from '../world.ts';

/** How far apart the values of an SLO are. */
const STEP_MS = 60_000;

/**
 * The series that a filter selects: those that are stored, or what a selector shows of an SLO. Throws `filter_invalid`,
 * `argument_invalid`, or `resource_missing` where there is no such SLO.
 *
 * @param read what a stored series' points are: as they were written, or increments
 */
export function sourcesOf(filter: string, world: World, read: 'read' | 'readIncrements'): Sampled[] {
  const selector = parseSelector(filter);
  if (selector) return ofObjective(selector, filter, world);
  const parsed = parseSeriesFilter(filter);
  const type = metricTypeOf(parsed);
  if (type === undefined) {
    const problems = [{ field: 'filter', rule: 'must name one metric by metric.type="…"' }];
    throw apiErrors.error('argument_invalid', `The filter must name one metric by metric.type="…": ${filter}`, {
      problems,
    });
  }
  const { store, project } = world;
  const selected = [...store.seriesOf(type)].filter(series => matches(parsed, series, project));
  return selected.map(series => ({ ...series, points: (fromMs, toMs) => store[read](series, fromMs, toMs) }));
}

/**
 * What a selector shows, each minute back from the end of the interval: of counts a series of good events and one of bad ones. Where
 * nothing was counted in a minute there is no point: so it shows that data has ended, as it does at Google's.
 */
function ofObjective(selector: Selector, filter: string, { evaluator, project, clock }: World): Sampled[] {
  const slo = evaluator.objective(selector.objective);
  if (!slo) throw apiErrors.error('resource_missing', `There is no ${selector.objective}`);
  const shown = (
    metricKind: 'GAUGE' | 'DELTA',
    labels: Labels,
    valueAt: (endMs: number, counted: Counts) => number | undefined,
  ) => ({
    metric: { type: filter.trim(), labels },
    resource: { type: 'global', labels: { project_id: project } },
    metricKind,
    valueType: 'DOUBLE' as const,
    points(fromMs: number, toMs: number) {
      const points: Point[] = [];
      const lateMs = slo.delayMs > 0 ? clock.now() - slo.delayMs : toMs;
      for (let endMs = toMs; endMs > Math.max(fromMs, toMs - KEPT_MS); endMs -= STEP_MS) {
        const counted = slo.counts(endMs - STEP_MS, endMs);
        const isCounted = counted.good + counted.bad > 0 && endMs <= lateMs;
        const value = isCounted ? valueAt(endMs, counted) : undefined;
        const startMs = metricKind === 'GAUGE' ? endMs : endMs - STEP_MS;
        if (value !== undefined) points.push({ startMs, endMs, value });
      }
      return points.reverse();
    },
  });
  if (selector.name !== 'counts') return [shown('GAUGE', {}, endMs => selectedValue(selector, slo, endMs))];
  return [
    shown('DELTA', { event_type: 'good' }, (_, { good }) => good),
    shown('DELTA', { event_type: 'bad' }, (_, { bad }) => bad),
  ];
}
