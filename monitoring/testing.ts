import { createEnds } from './ends.ts';
import type { Counter, Increment, Point, Series, SeriesIdentity, SeriesStore } from './model.ts';

/** A store of increments in memory, for tests of what reads them. */
export function createTestStore(): Pick<SeriesStore, 'seriesOf' | 'readIncrements' | 'newestMs' | 'count'> & {
  /** Keeps a point of a series as an increment, and gives it back. */
  add(series: SeriesIdentity, point: Point): Increment;
} {
  const known = new Map<string, { series: Series; points: Point[] }>();
  return {
    add(identity, point) {
      const key = JSON.stringify([identity.metric, identity.resource]);
      const entry = known.get(key) ?? { series: { ...identity, id: known.size + 1 }, points: [] };
      known.set(key, entry);
      entry.points.push(point);
      return { series: entry.series, point };
    },
    seriesOf: metricType =>
      [...known.values()]
        .map(({ series }) => series)
        .filter(({ metric }) => metricType === undefined || metric.type === metricType),
    count(series, counters) {
      const { points = [] } = [...known.values()].find(entry => entry.series.id === series.id) ?? {};
      countPoints(points, counters);
    },
    newestMs: series => [...known.values()].find(entry => entry.series.id === series.id)?.points.at(-1)?.endMs ?? 0,
    readIncrements: (series, fromMs, toMs) =>
      [...known.values()]
        .filter(entry => entry.series.id === series.id)
        .flatMap(({ points }) => points.filter(({ endMs }) => endMs > fromMs && endMs <= toMs)),
  };
}

/** A counter of Cloud Run's requests, by class of answer. */
export function requestCount(responseCodeClass: string, serviceName = 'checkout'): SeriesIdentity {
  return {
    metric: { type: 'run.googleapis.com/request_count', labels: { response_code_class: responseCodeClass } },
    resource: {
      type: 'cloud_run_revision',
      labels: { project_id: 'local', service_name: serviceName, location: 'europe-west1' },
    },
    metricKind: 'DELTA',
    valueType: 'INT64',
  };
}

/** Hands counters some increments of a series, as a store does. */
export function countPoints(points: readonly Point[], counters: readonly Counter[]): void {
  const ends = createEnds(Float64Array.from(points, ({ endMs }) => endMs));
  for (const { read, addAll } of counters) {
    const counts = points.map(({ value }) => read(value));
    addAll(ends, Float64Array.from(counts));
  }
}
