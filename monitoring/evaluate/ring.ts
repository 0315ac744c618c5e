/**
 * Sums over any stretch of the last buckets of time, each in a few steps: it holds, for each bucket, the sum of all up to it.
 * What comes late changes the buckets after it; what is older than the ring is refused.
 *
 * @param options.bucketMs the width of a bucket
 * @param options.buckets how many are kept
 */
export function createRing({ bucketMs, buckets }: { bucketMs: number; buckets: number }): Ring {
  const sums = new Float64Array(buckets);
  /** The number of the newest bucket, counted from the epoch. */
  let newest = Number.NEGATIVE_INFINITY;

  const slotOf = (bucket: number) => ((bucket % buckets) + buckets) % buckets;
  const sumUpTo = (bucket: number) => sums[slotOf(Math.min(bucket, newest))] as number;

  function advance(bucket: number): void {
    if (newest === Number.NEGATIVE_INFINITY || bucket - newest >= buckets) {
      sums.fill(newest === Number.NEGATIVE_INFINITY ? 0 : sumUpTo(newest));
    } else {
      const last = sumUpTo(newest);
      for (let next = newest + 1; next <= bucket; next += 1) sums[slotOf(next)] = last;
    }
    newest = bucket;
  }

  return {
    add(atMs, value) {
      const bucket = Math.ceil(atMs / bucketMs);
      if (bucket > newest) advance(bucket);
      if (bucket <= newest - buckets + 1) return false;
      for (let next = bucket; next <= newest; next += 1) sums[slotOf(next)] = sumUpTo(next) + value;
      return true;
    },
    holdsFromMs: () => (newest - buckets + 1) * bucketMs,
    sum(fromMs, toMs) {
      if (newest === Number.NEGATIVE_INFINITY) return 0;
      const oldest = newest - buckets + 1;
      const from = Math.max(Math.floor(fromMs / bucketMs), oldest);
      const to = Math.floor(toMs / bucketMs);
      return to <= from || to <= oldest ? 0 : sumUpTo(to) - sumUpTo(from);
    },
  };
}

export type Ring = {
  /** Counts `value` at a time; false where that is too long ago to be kept. */
  add(atMs: number, value: number): boolean;
  /** From when on it holds everything. */
  holdsFromMs(): number;
  /** What was counted after `fromMs` and until `toMs`, each rounded down to a bucket, and as far as the ring goes back. */
  sum(fromMs: number, toMs: number): number;
};
