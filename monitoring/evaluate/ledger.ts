import { limits } from '../limits.ts';
import type { Counter } from '../model.ts';
import { createRing } from './ring.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Burn rates look back 24 h at most, and must be exact to a sample. */
const FINE = { bucketMs: 5 * SECOND_MS, buckets: (25 * 3600) / 5 };
/** How long counts are kept: as long as the points, for a period has 31 days at most. */
export const KEPT_MS = limits.store_retention_days * DAY_MS;

/**
 * A count over time, such as the bad events of an SLO: to five seconds over the last 25 h, and to a minute over the 32 days before.
 * They come in whatever order, and of many at once the last is the newest. What is older is left out.
 */
export type Ledger = Pick<Counter, 'add' | 'addAll'> & {
  /** What was counted after `fromMs` and until `toMs`. */
  sum(fromMs: number, toMs: number): number;
};

export function createLedger(): Ledger {
  const fine = createRing(FINE);
  const coarse = createRing({ bucketMs: MINUTE_MS, buckets: KEPT_MS / MINUTE_MS });
  return {
    add(endMs, count) {
      coarse.add(endMs, count);
      fine.add(endMs, count);
    },
    addAll(ends, counts) {
      coarse.addAll(ends, counts);
      if ((ends.ms.at(-1) as number) > fine.holdsFromMs()) fine.addAll(ends, counts);
    },
    sum(fromMs, toMs) {
      // The minute from which on the fine buckets hold everything.
      const seam = Math.ceil((toMs - DAY_MS) / MINUTE_MS) * MINUTE_MS;
      // Of a time long ago only the minutes are left.
      if (Math.max(fromMs, seam) < fine.holdsFromMs()) return coarse.sum(fromMs, toMs);
      return coarse.sum(fromMs, seam) + fine.sum(Math.max(fromMs, seam), toMs);
    },
  };
}
