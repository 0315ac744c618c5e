import { createRing } from './ring.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** Burn rates look back 24 h at most, and must be exact to a sample. */
const FINE = { bucketMs: 5 * SECOND_MS, buckets: (25 * 3600) / 5 };
/** A period has 31 days at most. */
const COARSE = { bucketMs: 60 * SECOND_MS, buckets: 32 * 24 * 60 };

/**
 * Two counts over time, such as the good and all events of an SLO: to five seconds over the last 25 h, and to a minute over the
 * 32 days before.
 */
export type Ledger = {
  /** Counts at a time. What is older than 32 days is left out. */
  add(atMs: number, counts: { first?: number; second?: number }): void;
  /** What was counted after `fromMs` and until `toMs`. */
  sum(fromMs: number, toMs: number): { first: number; second: number };
};

export function createLedger(): Ledger {
  const first = createCount();
  const second = createCount();
  return {
    add(atMs, counts) {
      if (counts.first) first.add(atMs, counts.first);
      if (counts.second) second.add(atMs, counts.second);
    },
    sum: (fromMs, toMs) => ({ first: first.sum(fromMs, toMs), second: second.sum(fromMs, toMs) }),
  };
}

function createCount() {
  const fine = createRing(FINE);
  const coarse = createRing(COARSE);
  return {
    add(atMs: number, value: number): void {
      fine.add(atMs, value);
      coarse.add(atMs, value);
    },
    sum(fromMs: number, toMs: number): number {
      // The minute from which on the fine buckets hold everything.
      const seam = Math.ceil((toMs - DAY_MS) / COARSE.bucketMs) * COARSE.bucketMs;
      // Of a time long ago only the minutes are left.
      if (Math.max(fromMs, seam) < fine.holdsFromMs()) return coarse.sum(fromMs, toMs);
      return coarse.sum(fromMs, seam) + fine.sum(Math.max(fromMs, seam), toMs);
    },
  };
}
