import type { Clock } from '../../base/clock.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import { createKnownErasures, type KnownErasures } from '../erasures.ts';
import { readErasures } from './erasures.ts';
import type { Dataset } from './names.ts';
import type { Queries } from './query.ts';

/** How often a writer asks which ids others have erased; what it stores in between is hidden, and removed by the daily repair. */
const ERASURES_EVERY_MS = 300_000;

/** The erasures that this process knows of, kept up to date with those of others. */
export type FollowedErasures = {
  /** Resolves once all that there are have been read; where they could not be, the next call asks again. */
  known(): Promise<KnownErasures>;
  close(): void;
};

/** Reads the erasures of a dataset, and every few minutes those that others have added. */
export function followErasures({
  queries,
  dataset,
  clock,
}: {
  queries: Queries;
  dataset: Dataset;
  clock: Clock;
}): FollowedErasures {
  const erasures = createKnownErasures();
  let readTo = 0;
  let reading: Promise<void> | undefined;

  async function readSince(since: Micros): Promise<void> {
    const now = nowMicros(clock);
    for await (const erasure of readErasures(queries, dataset, since)) erasures.add(erasure);
    readTo = now;
  }

  async function known(): Promise<KnownErasures> {
    reading ??= readSince(0).catch(error => {
      reading = undefined;
      throw error;
    });
    await reading;
    return erasures;
  }
  known().catch(() => {});
  const timer = setInterval(() => {
    if (readTo > 0) readSince(readTo - ERASURES_EVERY_MS * 1000).catch(() => {});
  }, ERASURES_EVERY_MS).unref();

  return { known, close: () => clearInterval(timer) };
}
