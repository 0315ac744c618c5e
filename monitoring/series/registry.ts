import type { Point, Series, SeriesIdentity, SeriesWrite } from '../model.ts';
import { contradiction, type Limits, type Refusal, refuse, refusedSeries } from './accept.ts';
import type { Shape } from './block.ts';
import { identityOf, keyOf } from './identity.ts';

/** A series with its newest points. */
export type Head = {
  readonly series: Series;
  /** Oldest first: those that are in no chunk yet, and before them a few that are. Not to be read before it is loaded. */
  points: Point[];
  /** How many of `points` are in a chunk. */
  packed: number;
  newestMs: number;
  isLoaded: boolean;
};

/** A metric: what all of its series are. */
export type Metric = Shape & { type: string; unit: string };

/** The series that there are, by number and by metric. */
export type Registry = ReturnType<typeof createRegistry>;

export function createRegistry(limits: Limits) {
  const metrics = new Map<string, { metric: Metric; heads: Set<Head> }>();
  const byKey = new Map<string, Head>();
  /** Those of `byKey`, by the objects that they were written as: OTLP tells a series by the same one, and to write a key takes long. */
  let told = new WeakMap<SeriesIdentity, Head>();
  const byId = new Map<number, Head>();
  let lastId = 0;
  let unwritten = newcomers();

  function addMetric(metric: Metric): void {
    metrics.set(metric.type, { metric, heads: new Set() });
  }

  function add(head: Head, key: string): void {
    byKey.set(key, head);
    byId.set(head.series.id, head);
    metrics.get(head.series.metric.type)?.heads.add(head);
    lastId = Math.max(lastId, head.series.id);
  }

  return {
    /** The series that is written to. One that is new is not kept before it is admitted. */
    find({ series }: SeriesWrite): Head | Refusal {
      const again = told.get(series);
      if (again) return again;
      const metric = metrics.get(series.metric.type)?.metric;
      const contradicts = metric && contradiction(metric, series);
      if (contradicts) return contradicts;
      const key = keyOf(series);
      const known = byKey.get(key);
      if (!known) return refusedSeries(series, limits) ?? refusedNumber() ?? createHead(lastId + 1, key, series);
      told.set(series, known);
      return known;
    },
    /** Keeps a series that has its first point. */
    admit(head: Head, unit = ''): void {
      const { id, metric, metricKind, valueType } = head.series;
      if (byId.has(id)) return;
      if (!metrics.has(metric.type)) {
        unwritten.metrics.push({ type: metric.type, metricKind, valueType, unit });
        addMetric({ type: metric.type, metricKind, valueType, unit });
      }
      unwritten.series.push({ id, key: keyOf(head.series) });
      add(head, keyOf(head.series));
    },
    /** Takes in what a file holds: of each series when its newest point ends. */
    restore(file: {
      metrics: readonly Metric[];
      series: readonly { id: number; key: string; newestMs: number }[];
      lastId: number;
    }): void {
      file.metrics.forEach(addMetric);
      for (const { id, key, newestMs } of file.series) {
        const known = metrics.get(identityOf(key).metric.type);
        if (known) add({ ...createHead(id, key, known.metric), newestMs, isLoaded: newestMs === 0 }, key);
      }
      lastId = Math.max(lastId, file.lastId);
    },
    remove(head: Head): void {
      byKey.delete(keyOf(head.series));
      told = new WeakMap();
      byId.delete(head.series.id);
      metrics.get(head.series.metric.type)?.heads.delete(head);
    },
    /** What no file has yet. */
    unwritten: () => unwritten,
    noteWritten(): void {
      unwritten = newcomers();
    },
    get: (id: number) => byId.get(id),
    metric: (type: string) => metrics.get(type)?.metric,
    heads: (type?: string): Iterable<Head> => (type === undefined ? byId.values() : (metrics.get(type)?.heads ?? [])),
    size: () => byId.size,
  };

  function refusedNumber(): Refusal | undefined {
    if (byId.size < limits.store_series_max) return undefined;
    const advice = 'leave out labels that take many values, or wait until old series expire';
    return refuse(
      'series_too_many',
      `The store holds ${byId.size} series of at most ${limits.store_series_max}: ${advice}`,
    );
  }
}

function createHead(id: number, key: string, { metricKind, valueType }: Shape): Head {
  const series: Series = { id, ...identityOf(key), metricKind, valueType };
  return { series, points: [], packed: 0, newestMs: 0, isLoaded: true };
}

function newcomers() {
  return { metrics: [] as Metric[], series: [] as { id: number; key: string }[] };
}
