import type { Distribution } from '../model.ts';

/** Distributions as one. Where their bounds differ, the first's buckets are kept, and the others fall where their bounds say. */
export function mergeDistributions(distributions: readonly Distribution[]): Distribution | undefined {
  const [first, ...others] = distributions;
  if (!first) return undefined;
  const counts = [...first.counts];
  let { count, sum } = first;
  for (const other of others) {
    count += other.count;
    sum += other.sum;
    for (const [index, inBucket] of other.counts.entries()) {
      const bucket = sameBounds(first, other) ? index : bucketOf(first.bounds, other.bounds[index]);
      counts[bucket] = (counts[bucket] ?? 0) + inBucket;
    }
  }
  return { count, sum, bounds: first.bounds, counts };
}

/**
 * The value below which a share of a distribution lies, read along a straight line within its bucket. Above the last bound it is
 * that bound. `undefined` where it is empty.
 *
 * @param share from 0 to 1
 */
export function quantileOf({ bounds, counts, count }: Distribution, share: number): number | undefined {
  if (count <= 0) return undefined;
  const wanted = share * count;
  let below = 0;
  for (const [index, upper] of bounds.entries()) {
    const inBucket = counts[index] ?? 0;
    if (below + inBucket >= wanted && inBucket > 0) {
      const lower = index === 0 ? Math.min(0, upper) : (bounds[index - 1] as number);
      return lower + ((upper - lower) * (wanted - below)) / inBucket;
    }
    below += inBucket;
  }
  return bounds.at(-1);
}

export function isDistribution(value: unknown): value is Distribution {
  return typeof value === 'object' && value !== null && 'counts' in value;
}

function sameBounds(one: Distribution, other: Distribution): boolean {
  if (one.bounds === other.bounds) return true;
  return one.bounds.length === other.bounds.length && one.bounds.every((bound, index) => bound === other.bounds[index]);
}

/** The bucket that a bucket with this upper bound lies in. */
function bucketOf(bounds: readonly number[], upper: number | undefined): number {
  if (upper === undefined) return bounds.length;
  const found = bounds.findIndex(bound => upper <= bound);
  return found === -1 ? bounds.length : found;
}
