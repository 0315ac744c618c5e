import type { Distribution, MetricKind, SeriesIdentity, ValueType } from '../model.ts';

/** When the tests of the store begin. */
export const START_MS = Date.UTC(2026, 0, 1);
export const MINUTE_MS = 60_000;

/** A series of a metric that is named after what it is. */
export function seriesOf(metricKind: MetricKind, valueType: ValueType, labels = {}): SeriesIdentity {
  return {
    metric: { type: `custom.googleapis.com/${metricKind}/${valueType}`, labels },
    resource: { type: 'generic_task', labels: { project_id: 'local', job: 'test' } },
    ...{ metricKind, valueType },
  };
}

/** A distribution of two bounds. */
export function distributionOf(counts: readonly [number, number, number], sum = 1.5): Distribution {
  return { count: counts[0] + counts[1] + counts[2], sum, bounds: [0.1, 0.5], counts };
}
