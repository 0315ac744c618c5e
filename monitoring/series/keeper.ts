import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Point } from '../model.ts';
import { DAY_MS, type Limits } from './accept.ts';
import { seriesErrors } from './errors.ts';
import type { SeriesFile } from './file.ts';
import { type Entry, readJournal, writeJournal } from './journal.ts';
import type { Head, Registry } from './registry.ts';
import { expire, pack } from './upkeep.ts';

/** Half of what a kill may lose, for the timer of a busy process comes late. */
const FLUSH_MS = 500;
/** So many points are written in a millisecond or two, for requests wait meanwhile. */
const FLUSH_POINTS = 1000;
const EXPIRE_MS = 60_000;
/** A quiet store packs this often, so that the journal stays short. */
const PACK_MS = 3_600_000;

/**
 * Keeps what is written: in memory at once, in the journal within a second, in chunks within an hour, and no longer than the
 * retention.
 */
export function createKeeper(options: { file: SeriesFile; registry: Registry; clock: Clock; limits: Limits }) {
  const { file, registry, clock, limits } = options;
  /** The series with points that are in no chunk, and how many points those are. */
  const loose = new Set<Head>();
  let held = 0;
  let unflushed: Entry[] = [];
  let [flushedMs, packedMs, expiredMs] = [clock.now(), clock.now(), clock.now()];
  let isTidying = false;
  let failure: unknown;
  let isOpen = true;

  restore();
  const timer = setInterval(inBackground, FLUSH_MS).unref();

  function restore(): void {
    const { journal, ...rows } = file.load();
    registry.restore(rows);
    for (const { series, point } of journal.flatMap(readJournal)) {
      const head = registry.get(series);
      // What is packed may still stand in the journal.
      if (head && point.endMs > head.newestMs) hold(head, point);
    }
  }

  function hold(head: Head, point: Point): void {
    head.points.push(point);
    head.newestMs = point.endMs;
    loose.add(head);
    held += 1;
  }

  function flush(): void {
    flushedMs = clock.now();
    if (unflushed.length === 0) return;
    file.append({ ...registry.unwritten(), body: writeJournal(unflushed) });
    registry.noteWritten();
    unflushed = [];
  }

  /** After each step others may have their turn. */
  function* packing(): Generator<void> {
    flush();
    packedMs = clock.now();
    const heads = [...loose];
    for (const packed of pack({ file, heads })) {
      held -= packed;
      yield;
    }
    for (const head of heads) if (head.packed === head.points.length) loose.delete(head);
  }

  function* expiring(): Generator<void> {
    expiredMs = clock.now();
    yield* expire({ file, registry, untilMs: clock.now() - limits.store_retention_days * DAY_MS });
  }

  async function takeTurns(works: readonly Generator<void>[]): Promise<void> {
    for (const work of works) {
      while (isOpen && !work.next().done) await nextTurn();
    }
  }

  function inBackground(): void {
    attempt(flush);
    const nowMs = clock.now();
    const isPackDue = held > limits.store_held_points_max / 2 || (held > 0 && nowMs - packedMs >= PACK_MS);
    const isExpiryDue = nowMs - expiredMs >= EXPIRE_MS;
    if (isTidying) return;
    isTidying = true;
    takeTurns([...(isPackDue ? [packing()] : []), ...(isExpiryDue ? [expiring()] : [])])
      .catch(error => {
        failure = error;
      })
      .finally(() => {
        isTidying = false;
      });
  }

  function attempt(work: () => void): void {
    try {
      work();
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }

  return {
    /** Makes sure that there is room for what comes. Throws `series_store_stuck` where the file cannot be written. */
    makeRoom(): void {
      const isFull = held >= limits.store_held_points_max;
      const isFlushDue = unflushed.length >= FLUSH_POINTS || clock.now() - flushedMs >= FLUSH_MS;
      if (failure !== undefined || isFull || isFlushDue) {
        attempt(() => (isFull ? Array.from(packing()) : flush()));
      }
      if (failure === undefined) return;
      const detail = `The series store cannot be written: ${messageOf(failure)}. Make room on its disk; ${held} points wait for it`;
      throw seriesErrors.error('series_store_stuck', detail, { cause: failure });
    },
    keep(head: Head, point: Point): void {
      hold(head, point);
      unflushed.push({ series: head.series.id, point });
    },
    flush,
    tidy: () => takeTurns([packing(), expiring()]),
    held: () => held,
    close(): void {
      clearInterval(timer);
      isOpen = false;
      try {
        flush();
      } finally {
        file.close();
      }
    },
  };
}
