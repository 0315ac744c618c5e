import { limits } from '../limits.ts';
import type { Distribution } from '../model.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Int64, Message } from './schema.ts';
import { toNumber } from './values.ts';

/** OpenTelemetry's range of scales: base 2^(2^-scale). */
const SCALE_MIN = -10;
const SCALE_MAX = 20;

/** The distribution of a histogram with bounds. One without buckets has a single one. */
export function explicitDistribution(point: Message<'HistogramPoint'>): Distribution | Refusal {
  const bounds = point.explicitBounds ?? [];
  const counts = point.bucketCounts?.length ? point.bucketCounts.map(toNumber) : [toNumber(point.count)];
  const rising = bounds.every((bound, index) => Number.isFinite(bound) && !(bound <= (bounds[index - 1] ?? -Infinity)));
  if (counts.length !== bounds.length + 1 || !rising) {
    const rule = 'must have rising finite bounds and one bucket more than bounds';
    return refuse('bad_buckets', `a histogram ${rule}, not ${bounds.length} bounds and ${counts.length} buckets`);
  }
  return distribution(point, bounds, counts);
}

/**
 * The distribution of an exponential histogram, whose bucket i reaches from base^(offset + i) to base^(offset + i + 1). Buckets
 * are joined in pairs, which is exact, until they number at most `otlp_buckets_max`; they begin and end at powers of two, so
 * that the bounds stay the same while the values move little. Zeros and negatives fall below the first bound, as Google's
 * exporter has them.
 */
export function exponentialDistribution(point: Message<'ExponentialPoint'>): Distribution | Refusal {
  const positive = (point.positive?.bucketCounts ?? []).map(toNumber);
  const negatives = (point.negative?.bucketCounts ?? []).reduce<number>((sum, count) => sum + toNumber(count), 0);
  const below = toNumber(point.zeroCount) + negatives;
  if (positive.length === 0) return distribution(point, [0], [below, 0]);

  const { scale = 0 } = point;
  const offset = point.positive?.offset ?? 0;
  const [low, high] = [offset * 2 ** -scale, (offset + positive.length) * 2 ** -scale];
  const inRange = scale >= SCALE_MIN && scale <= SCALE_MAX && low >= -1074 && high <= 1024;
  if (!inRange) {
    const values = `scale ${scale}, offset ${offset} and ${positive.length} buckets`;
    return refuse('bad_buckets', `an exponential histogram must stay within what a double holds, not ${values}`);
  }
  let coarse = scale;
  while (bucketsOf(low, high, coarse) > limits.otlp_buckets_max) coarse -= 1;

  const step = 2 ** Math.max(coarse, 0);
  const [first, length] = [Math.floor((low * 2 ** coarse) / step) * step, bucketsOf(low, high, coarse)];
  const bounds = Array.from({ length: length + 1 }, (_, index) =>
    Math.min(2 ** ((first + index) * 2 ** -coarse), Number.MAX_VALUE),
  );
  const counts = [below, ...Array.from({ length: length + 1 }, () => 0)];
  for (const [index, count] of positive.entries()) {
    const bucket = Math.floor((offset + index) / 2 ** (scale - coarse)) - first;
    counts[bucket + 1] = (counts[bucket + 1] ?? 0) + count;
  }
  return distribution(point, bounds, counts);
}

/** How many buckets there are from power of two to power of two, around a range of exponents. */
function bucketsOf(low: number, high: number, scale: number): number {
  const perStep = 2 ** Math.max(scale, 0);
  const exponents = 2 ** Math.max(-scale, 0);
  return (Math.ceil(high / exponents) - Math.floor(low / exponents)) * perStep;
}

function distribution(
  { count, sum = 0 }: { readonly count?: Int64; readonly sum?: number },
  bounds: readonly number[],
  counts: readonly number[],
): Distribution | Refusal {
  const total = toNumber(count);
  if (counts.length > limits.otlp_buckets_max + 2) {
    const rule = `must have at most ${limits.otlp_buckets_max + 2} buckets`;
    return refuse('bad_buckets', `a histogram ${rule}, not ${counts.length}`);
  }
  if (counts.reduce((all, inBucket) => all + inBucket, 0) !== total) {
    return refuse('bad_buckets', `the buckets of a histogram must hold its count, ${total}, together`);
  }
  if (!Number.isFinite(sum)) return refuse('not_finite', `the sum of a histogram must be a finite number, not ${sum}`);
  return { count: total, sum, bounds, counts };
}
