/** Buckets of a block. A sum over a long time takes whole blocks, and a time without a count takes no memory. */
const BLOCK = 512;

/** Some buckets from one on, by its number since the epoch. Small whole numbers take a quarter of the memory of others. */
type Block = { first: number; counts: Uint16Array | Float64Array; total: number };

/**
 * Counts in the last buckets of time, in whatever order they come, and sums over any stretch of them. What is older than the ring is
 * refused. To add takes a few nanoseconds, for after a restart it is done forty million times.
 *
 * @param options.bucketMs the width of a bucket
 * @param options.buckets how many are kept
 */
export function createRing({ bucketMs, buckets }: { bucketMs: number; buckets: number }): Ring {
  // One more than would do if the oldest bucket began a block.
  const blocks = new Array<Block | undefined>(Math.ceil(buckets / BLOCK) + 1).fill(undefined);
  let current: Block | undefined;
  /** The number of the newest bucket, and when the oldest begins. */
  let newest = Number.NEGATIVE_INFINITY;
  let holdsFromMs = Number.NEGATIVE_INFINITY;

  const slotOf = (bucket: number) => Math.floor(bucket / BLOCK) % blocks.length;

  function blockOf(bucket: number): Block {
    const first = Math.floor(bucket / BLOCK) * BLOCK;
    const known = blocks[slotOf(bucket)];
    // One from a turn before is forgotten.
    if (known?.first === first) return known;
    const block = { first, counts: new Uint16Array(BLOCK), total: 0 };
    blocks[slotOf(bucket)] = block;
    return block;
  }

  function sumWithin({ first, counts, total }: Block, from: number, to: number): number {
    if (from === first && to === first + BLOCK - 1) return total;
    let sum = 0;
    for (let at = from - first; at <= to - first; at += 1) sum += counts[at] as number;
    return sum;
  }

  function add(atMs: number, value: number): boolean {
    if (atMs <= holdsFromMs) return false;
    const bucket = Math.ceil(atMs / bucketMs);
    if (bucket > newest) {
      newest = bucket;
      holdsFromMs = (newest - buckets) * bucketMs;
    }
    if (!current || bucket < current.first || bucket >= current.first + BLOCK) current = blockOf(bucket);
    const { counts } = current;
    const at = bucket - current.first;
    const count = (counts[at] as number) + value;
    counts[at] = count;
    if (counts[at] !== count) current.counts = Float64Array.from(counts).fill(count, at, at + 1);
    current.total += value;
    return true;
  }

  /** Adds to the current block, from an index on, what fits into it as it is; answers with the index of what does not. */
  function addToCurrent(atMs: Float64Array, values: Float64Array, from: number): number {
    if (!current) return from;
    const { first, counts } = current;
    const last = Math.min(newest, first + BLOCK - 1);
    const isSmall = counts instanceof Uint16Array;
    let total = 0;
    let index = from;
    for (; index < values.length; index += 1) {
      const bucket = Math.ceil((atMs[index] as number) / bucketMs);
      if (bucket < first || bucket > last) break;
      const count = (counts[bucket - first] as number) + (values[index] as number);
      // Asked beforehand, for there is no way back from what was cut.
      if (isSmall && count !== (count & 0xffff)) break;
      counts[bucket - first] = count;
      total += values[index] as number;
    }
    current.total += total;
    return index;
  }

  return {
    add,
    addAll(atMs, values) {
      for (let index = 0; index < values.length; ) {
        if (values[index] !== 0) add(atMs[index] as number, values[index] as number);
        index = addToCurrent(atMs, values, index + 1);
      }
    },
    holdsFromMs: () => holdsFromMs,
    sum(fromMs, toMs) {
      const last = Math.min(Math.floor(toMs / bucketMs), newest);
      let sum = 0;
      for (let from = Math.max(Math.floor(fromMs / bucketMs), newest - buckets) + 1; from <= last; ) {
        const end = (Math.floor(from / BLOCK) + 1) * BLOCK;
        const block = blocks[slotOf(from)];
        if (block?.first === end - BLOCK) sum += sumWithin(block, from, Math.min(end - 1, last));
        from = end;
      }
      return sum;
    },
  };
}

export type Ring = {
  /** Counts `value` at a time; false where that is too long ago to be kept. */
  add(atMs: number, value: number): boolean;
  /** The same for many. */
  addAll(atMs: Float64Array, values: Float64Array): void;
  /** From when on it holds everything. */
  holdsFromMs(): number;
  /** What was counted after `fromMs` and until `toMs`, each rounded down to a bucket, and as far as the ring goes back. */
  sum(fromMs: number, toMs: number): number;
};
