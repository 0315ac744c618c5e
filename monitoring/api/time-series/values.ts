import type { Problem } from '../../../base/errors.ts';
import { limits } from '../../limits.ts';
import type { Distribution, Value, ValueType } from '../../model.ts';
import { isDistribution } from '../../query/distribution.ts';
import { must } from '../checks.ts';
import type { Message } from '../messages/read.ts';

const FIELDS: Readonly<Record<string, ValueType>> = {
  boolValue: 'BOOL',
  int64Value: 'INT64',
  doubleValue: 'DOUBLE',
  stringValue: 'STRING',
  distributionValue: 'DISTRIBUTION',
};

/** A value as the API writes it. */
export function toTypedValue(value: Value, valueType: ValueType): object {
  if (isDistribution(value)) return { distributionValue: toDistribution(value) };
  if (valueType === 'BOOL') return { boolValue: Boolean(value) };
  if (valueType === 'INT64') return { int64Value: String(Math.round(Number(value))) };
  if (valueType === 'STRING') return { stringValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

/** Reads a value and says of which type it is, or what is wrong with it. */
export function readTypedValue(typed: Message, at: string): { value: Value; valueType: ValueType } | Problem[] {
  const [field = '', raw] = Object.entries(typed)[0] ?? [];
  const valueType = FIELDS[field];
  if (!valueType) return must(false, at, 'must have a value such as doubleValue');
  if (valueType === 'DISTRIBUTION') return readDistribution(raw as DistributionJson, `${at}.distributionValue`);
  const value = valueType === 'INT64' || valueType === 'DOUBLE' ? Number(raw) : (raw as string | boolean);
  if (typeof value !== 'number' || Number.isFinite(value)) return { value, valueType };
  return must(false, `${at}.${field}`, 'must be finite', raw);
}

type DistributionJson = {
  count?: string;
  mean?: number | string;
  bucketCounts?: readonly string[];
  bucketOptions?: {
    explicitBuckets?: { bounds?: readonly number[] };
    linearBuckets?: { numFiniteBuckets?: number; width?: number; offset?: number };
    exponentialBuckets?: { numFiniteBuckets?: number; growthFactor?: number; scale?: number };
  };
};

function toDistribution({ count, sum, bounds, counts }: Distribution): object {
  return {
    ...{ count: String(count), mean: count > 0 ? sum / count : 0 },
    bucketOptions: { explicitBuckets: { bounds } },
    bucketCounts: counts.map(String),
  };
}

function readDistribution(json: DistributionJson, at: string): { value: Value; valueType: ValueType } | Problem[] {
  const bounds = boundsOf(json.bucketOptions ?? {});
  const buckets = bounds.length + 1;
  const given = (json.bucketCounts ?? []).map(Number);
  const count = Number(json.count ?? 0);
  const most = limits.api_write_bounds_max;
  const problems = [
    ...must(bounds.length <= most, `${at}.bucketOptions`, `must have at most ${most} bounds`, bounds.length),
    ...must(
      bounds.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > (bounds[index - 1] as number))),
      `${at}.bucketOptions`,
      'must have bounds that rise',
    ),
    ...must(given.length <= buckets, `${at}.bucketCounts`, `must have at most ${buckets} counts`, given.length),
    ...must(
      given.every(one => one >= 0),
      `${at}.bucketCounts`,
      'must not be below 0',
    ),
    ...must(
      given.reduce((sum, one) => sum + one, 0) === count,
      `${at}.count`,
      'must be the sum of bucketCounts',
      count,
    ),
    ...must(Number.isFinite(Number(json.mean ?? 0)), `${at}.mean`, 'must be finite', json.mean),
  ];
  if (problems.length > 0) return problems;
  // Empty buckets at the end may be left away.
  const counts = [...given, ...Array<number>(buckets - given.length).fill(0)];
  return { value: { count, sum: Number(json.mean ?? 0) * count, bounds, counts }, valueType: 'DISTRIBUTION' };
}

function boundsOf({
  explicitBuckets,
  linearBuckets,
  exponentialBuckets,
}: NonNullable<DistributionJson['bucketOptions']>) {
  const upTo = (buckets: number, boundAt: (index: number) => number) =>
    // More than there may be are refused, and not counted out.
    Array.from({ length: Math.min(Math.max(buckets, 0), limits.api_write_bounds_max) + 1 }, (_, index) =>
      boundAt(index),
    );
  if (linearBuckets) {
    const { numFiniteBuckets = 0, width = 0, offset = 0 } = linearBuckets;
    return upTo(numFiniteBuckets, index => offset + width * index);
  }
  if (exponentialBuckets) {
    const { numFiniteBuckets = 0, growthFactor = 0, scale = 0 } = exponentialBuckets;
    return upTo(numFiniteBuckets, index => scale * growthFactor ** index);
  }
  return explicitBuckets?.bounds ?? [];
}
