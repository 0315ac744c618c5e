/** When points end, for all that count them: in which bucket of so many milliseconds each is, is reckoned once for each width. */
export type Ends = {
  readonly ms: Float64Array;
  /** Numbers of buckets since the epoch. A bucket has its end and not its start. */
  bucketsOf(bucketMs: number): Int32Array;
};

export function createEnds(ms: Float64Array): Ends {
  const known = new Map<number, Int32Array>();
  return {
    ms,
    bucketsOf(bucketMs) {
      const before = known.get(bucketMs);
      if (before) return before;
      const buckets = new Int32Array(ms.length);
      for (let index = 0; index < ms.length; index += 1) buckets[index] = Math.ceil((ms[index] as number) / bucketMs);
      known.set(bucketMs, buckets);
      return buckets;
    },
  };
}
