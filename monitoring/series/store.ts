import type { Clock } from '../../base/clock.ts';
import { limits as allLimits } from '../limits.ts';
import type { Increment, Point, Series, SeriesStore } from '../model.ts';
import { isRepeat, type Limits, type Reason, type Refusal, refuse, refusedPoint } from './accept.ts';
import { isSame } from './block.ts';
import { openSeriesFile } from './file.ts';
import { incrementOf } from './increments.ts';
import { createKeeper } from './keeper.ts';
import { createReader } from './reader.ts';
import { createRegistry, type Head } from './registry.ts';
import { loadHead } from './upkeep.ts';

/** A series store in a SQLite file. */
export type SqliteSeriesStore = SeriesStore & {
  /** The unit of a metric; empty where it has none or is not known. */
  unitOf(metricType: string): string;
  /** Writes to the file what it does not have yet. It happens by itself twice a second, and for each 1,000 points. */
  flush(): void;
  /** Packs the journal, and removes what is older than the retention, in steps of a few milliseconds. It happens by itself. */
  tidy(): Promise<void>;
  /** How many points were refused, by reason. */
  dropped(): Partial<Record<Reason, number>>;
  /** How much is kept, and when the oldest point ended. */
  facts(): { series: number; points: number; bytes: number; oldestMs: number | undefined };
  close(): void;
};

/**
 * Opens a store of series for this process alone. What was written a second ago outlasts a kill. Throws `data_folder_in_use` and
 * `data_folder_newer`; a write throws `series_store_stuck` while the file cannot be written.
 *
 * @param options.limits others than those of `monitoring/limits.ts`
 */
export function openSeriesStore(options: { path: string; clock: Clock; limits?: Partial<Limits> }): SqliteSeriesStore {
  const { path, clock } = options;
  const limits: Limits = { ...allLimits, ...options.limits };
  const file = openSeriesFile(path);
  const registry = createRegistry(limits);
  const keeper = createKeeper({ file, registry, clock, limits });
  const listeners: { listener: (increment: Increment) => void; isFollowed: (series: Series) => boolean }[] = [];
  const dropped: Partial<Record<Reason, number>> = {};
  const refusedRate = createRate(limits);

  /** Answers why a point is not kept. */
  function writePoint(head: Head, written: Point, nowMs: number, unit: string | undefined): Refusal | undefined {
    const newest = head.points.at(-1);
    if (isRepeat(written, newest)) return undefined;
    const { series } = head;
    const refusal = refusedPoint({ point: written, newest, series, nowMs, limits }) ?? refusedRate(nowMs);
    if (refusal) return refusal;
    registry.admit(head, unit);
    const point = withBoundsOf(newest, written);
    keeper.keep(head, point);
    const following = listeners.filter(({ isFollowed }) => isFollowed(series));
    const increment = following.length > 0 ? incrementOf(series, newest, point) : undefined;
    if (increment) for (const { listener } of following) listener({ series, point: increment });
    return undefined;
  }

  return {
    write(writes) {
      keeper.makeRoom();
      const nowMs = clock.now();
      let kept = 0;
      const refused: { index: number; reason: string }[] = [];
      for (const [index, write] of writes.entries()) {
        const head = registry.find(write);
        if ('series' in head) loadHead(file, head);
        let first: Refusal | undefined;
        for (const point of write.points) {
          const refusal = 'series' in head ? writePoint(head, point, nowMs, write.unit) : head;
          if (!refusal) kept += 1;
          else dropped[refusal.reason] = (dropped[refusal.reason] ?? 0) + 1;
          first ??= refusal;
        }
        if (first) refused.push({ index, reason: first.sentence });
      }
      return { kept, refused };
    },
    *seriesOf(metricType) {
      for (const { series } of registry.heads(metricType)) yield series;
    },
    newestMs: series => registry.get(series.id)?.newestMs ?? 0,
    onIncrement(listener, isFollowed = () => true) {
      listeners.push({ listener, isFollowed });
    },
    ...createReader({ file, registry }),
    unitOf: metricType => registry.metric(metricType)?.unit ?? '',
    flush: keeper.flush,
    tidy: keeper.tidy,
    dropped: () => ({ ...dropped }),
    facts() {
      const { points, oldestMs, bytes } = file.totals();
      // What is packed may be old, and so may be what waits for it.
      const ends = [...registry.heads()].map(head => head.points[head.packed]?.endMs ?? Infinity);
      const oldest = ends.reduce((least, endMs) => Math.min(least, endMs), oldestMs ?? Infinity);
      return {
        series: registry.size(),
        points: points + keeper.held(),
        bytes,
        oldestMs: oldest === Infinity ? undefined : oldest,
      };
    },
    close: keeper.close,
  };
}

/** Points of a series share one array of bounds while those are equal. */
function withBoundsOf(newest: Point | undefined, point: Point): Point {
  const { value } = point;
  if (typeof value !== 'object' || typeof newest?.value !== 'object') return point;
  const { bounds } = newest.value;
  return isSame(bounds, value.bounds) ? { ...point, value: { ...value, bounds } } : point;
}

/** Refuses points beyond so many a second. */
function createRate({ store_points_per_second_max: pointsMax }: Limits): (nowMs: number) => Refusal | undefined {
  let [second, points] = [0, 0];
  return nowMs => {
    if (Math.floor(nowMs / 1000) !== second) [second, points] = [Math.floor(nowMs / 1000), 0];
    points += 1;
    if (points <= pointsMax) return undefined;
    return refuse(
      'points_too_fast',
      `More than ${pointsMax} points came in a second: export less often, or fewer series`,
    );
  };
}
