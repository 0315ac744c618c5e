import { toDuration } from '../../base/durations.ts';
import type { ServiceEntry } from '../../slo/catalogue.ts';
import type { CauseAlert, CauseTest } from '../../slo/causes.ts';
import { toUnitOf } from '../../slo/metric.ts';
import { increaseOf, over } from '../../slo/promql/events.ts';
import { type PromQlContext, seriesSelector } from '../../slo/promql/series.ts';
import { alertName, annotationsOf } from './annotations.ts';
import type { AlertingRule } from './slo.ts';

/** The alert on one cause. */
export function causeAlert(service: ServiceEntry, cause: CauseAlert, context: PromQlContext): AlertingRule {
  const { id, severity, title, why, when } = cause;
  return {
    alert: alertName(service.id, id),
    expr: conditionOf(when, context),
    ...((when.test === 'above' || when.test === 'percentile') && { for: toDuration(when.forSeconds) }),
    labels: { severity, service: service.id, cause: id },
    annotations: annotationsOf(service, {
      summary: `${service.title}: ${title}`,
      lines: [`Why: ${why}`],
      runbook: service.runbook,
    }),
  };
}

function conditionOf(when: CauseTest, context: PromQlContext): string {
  switch (when.test) {
    case 'count':
      return `${over(increaseOf(when.counter, context), when.inSeconds)} > ${when.moreThan}`;
    case 'above':
      return `max(${seriesSelector(when.gauge, context)}) > ${when.value}`;
    case 'percentile': {
      const { distribution, percentile, valueSeconds } = when;
      const value = toUnitOf(distribution.metric, valueSeconds);
      const buckets = `sum by (le) (rate(${seriesSelector(distribution, context, '_bucket')}[5m]))`;
      return `histogram_quantile(${percentile / 100}, ${buckets}) > ${value}`;
    }
    case 'drop': {
      const window = `${seriesSelector(when.counter, context)}[${toDuration(when.windowSeconds)}]`;
      const before = `sum(increase(${window} offset ${toDuration(when.comparedToSeconds)}))`;
      // Where nothing is left at all, nothing is less than before: a zero is.
      return `(sum(increase(${window})) or vector(0)) < ${when.toShare} * ${before}`;
    }
    case 'absent': {
      const part = when.series.metric.value === 'DISTRIBUTION' ? '_count' : '';
      return `absent_over_time(${seriesSelector(when.series, context, part)}[${toDuration(when.forSeconds)}])`;
    }
  }
}
