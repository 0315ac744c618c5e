import type { Counter, Distribution, MetricKind, SeriesIdentity, Value, ValueType } from '../model.ts';

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

/** A counter that keeps what it is told: when each point ended, and what was read of it. */
export function recorder(read: (value: Value) => number): Counter & { told: [endMs: number, count: number][] } {
  const told: [number, number][] = [];
  const add = (endMs: number, count: number) => {
    told.push([endMs, count]);
  };
  return {
    ...{ told, read, add },
    addAll({ ms }, counts) {
      for (const [index, count] of counts.entries()) add(ms[index] as number, count);
    },
  };
}
