import type { Clock } from '../base/clock.ts';
import type { Metric } from '../slo/metric.ts';
import type { Series, SeriesStore } from './model.ts';

/** How long after its end a point of a metric can be read, in milliseconds. */
export type DelayOf = (metricType: string | undefined) => number;

export const atOnce: DelayOf = () => 0;

/** What `metric()` of slo/sources/custom.ts takes where nothing is said. */
const UNKNOWN_MS = 60_000;

/** As it is on Google Cloud: of metrics that are known, and of others by the slowest of the same source that is. */
export function delaysOf(metrics: Iterable<Pick<Metric, 'type' | 'visibleAfterSeconds'>>): DelayOf {
  const known = new Map<string, number>();
  for (const { type, visibleAfterSeconds } of metrics) {
    for (const key of [type, sourceOf(type)]) known.set(key, Math.max(known.get(key) ?? 0, visibleAfterSeconds * 1000));
  }
  return (type = '') => known.get(type) ?? known.get(sourceOf(type)) ?? UNKNOWN_MS;
}

/** `run.googleapis.com/` */
const sourceOf = (type: string) => type.slice(0, type.indexOf('/') + 1);

/** A store of which no point is read before its time. Who evaluates what is in it asks for a time that is over (evaluate/). */
export function withDelays(store: SeriesStore, delayOf: DelayOf, clock: Clock): SeriesStore {
  const until = ({ metric }: Series, toMs: number) => Math.min(toMs, clock.now() - delayOf(metric.type));
  return {
    ...store,
    read: (series, fromMs, toMs) => store.read(series, fromMs, until(series, toMs)),
    readIncrements: (series, fromMs, toMs) => store.readIncrements(series, fromMs, until(series, toMs)),
  };
}
