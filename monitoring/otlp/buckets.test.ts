import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../limits.ts';
import type { Distribution } from '../model.ts';
import { explicitDistribution, exponentialDistribution } from './buckets.ts';
import { isRefusal } from './refusals.ts';
import type { Message } from './schema.ts';

function kept(distribution: ReturnType<typeof exponentialDistribution>): Distribution {
  assert.ok(!isRefusal(distribution), JSON.stringify(distribution));
  return distribution;
}

function refused(distribution: ReturnType<typeof exponentialDistribution>): string {
  assert.ok(isRefusal(distribution));
  assert.equal(distribution.reason, 'bad_buckets');
  return distribution.because;
}

/** What an SDK makes of values above zero at a scale: a value in (base^i, base^(i + 1)] is in bucket i. */
function exponential(values: readonly number[], scale: number): Message<'ExponentialPoint'> {
  const indexes = values.map(value => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
  const offset = Math.min(...indexes);
  const bucketCounts = Array.from({ length: Math.max(...indexes) - offset + 1 }, () => 0);
  for (const index of indexes) bucketCounts[index - offset] = (bucketCounts[index - offset] ?? 0) + 1;
  const sum = values.reduce((total, value) => total + value, 0);
  return { count: values.length, sum, scale, positive: { offset, bucketCounts } };
}

test('a histogram with bounds is taken as it is, and one without buckets has one', () => {
  const point = { count: 6, sum: 9, explicitBounds: [0.1, 0.2], bucketCounts: [1, 2, 3] };
  assert.deepEqual(kept(explicitDistribution(point)), { count: 6, sum: 9, bounds: [0.1, 0.2], counts: [1, 2, 3] });
  assert.deepEqual(kept(explicitDistribution({ count: 6, sum: 9 })), { count: 6, sum: 9, bounds: [], counts: [6] });
  assert.deepEqual(kept(explicitDistribution({})), { count: 0, sum: 0, bounds: [], counts: [0] });
});

test('bounds that do not rise, or buckets that do not fit bounds or count, are refused', () => {
  const point = { count: 6, explicitBounds: [1, 2], bucketCounts: [1, 2, 3] };
  assert.match(refused(explicitDistribution({ ...point, explicitBounds: [2, 2] })), /rising/);
  assert.match(refused(explicitDistribution({ ...point, explicitBounds: [1, Number.NaN] })), /rising/);
  assert.match(refused(explicitDistribution({ ...point, explicitBounds: [1, Infinity] })), /rising/);
  assert.match(refused(explicitDistribution({ ...point, explicitBounds: [1] })), /not 1 bounds and 3 buckets/);
  assert.match(refused(explicitDistribution({ ...point, bucketCounts: [] })), /not 2 bounds and 1 buckets/);
  assert.match(refused(explicitDistribution({ ...point, count: 7 })), /its count, 7,/);
  const bounds = Array.from({ length: limits.otlp_buckets_max + 2 }, (_, index) => index);
  const many = { count: 0, explicitBounds: bounds, bucketCounts: [0, ...bounds.map(() => 0)] };
  assert.match(refused(explicitDistribution(many)), /at most 202 buckets, not 203/);
});

test('an exponential histogram keeps its buckets as bounds, from power of two to power of two', () => {
  const point = { count: 7, sum: 20, scale: 1, zeroCount: 1, positive: { offset: 1, bucketCounts: [1, 2, 3] } };
  const { bounds, counts, count, sum } = kept(exponentialDistribution(point));
  assert.deepEqual(
    bounds.map(bound => Number(bound.toFixed(2))),
    [1, 1.41, 2, 2.83, 4],
  );
  assert.deepEqual([counts, count, sum], [[1, 0, 1, 2, 3, 0], 7, 20]);
});

test('zeros and negatives fall below the first bound', () => {
  const negative = { offset: 3, bucketCounts: [2, 2] };
  assert.deepEqual(kept(exponentialDistribution({ count: 5, sum: -9, zeroCount: 1, negative })), {
    count: 5,
    sum: -9,
    bounds: [0],
    counts: [5, 0],
  });
  const positive = { offset: 0, bucketCounts: [1] };
  const { counts, bounds } = kept(exponentialDistribution({ count: 6, zeroCount: 1, negative, positive }));
  assert.deepEqual(
    [bounds, counts],
    [
      [1, 2],
      [5, 1, 0],
    ],
  );
});

test('scales, offsets and counts that no double has a bucket for are refused', () => {
  const point = (scale: number, offset: number) => ({ count: 1, scale, positive: { offset, bucketCounts: [1] } });
  for (const [scale, offset] of [
    [21, 0],
    [-11, 0],
    [0, 1024],
    [0, -1075],
    [20, 2_147_483_647],
    [-10, 2],
  ] as const) {
    assert.match(
      refused(exponentialDistribution(point(scale, offset))),
      new RegExp(`scale ${scale}, offset ${offset}`),
    );
  }
  assert.equal(kept(exponentialDistribution(point(0, 1022))).bounds.at(-1), 2 ** 1023);
  assert.equal(kept(exponentialDistribution(point(-10, 0))).bounds.at(-1), Number.MAX_VALUE);
  assert.match(refused(exponentialDistribution({ ...point(0, 0), count: 2 })), /its count, 2,/);
});

test('whatever the values and the scale: no count is lost, bounds rise, and each value lies in a bucket around it', () => {
  const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), fc.integer({ min: -4, max: 10 }), (values, scale) => {
      const { bounds, counts, count } = kept(exponentialDistribution(exponential(values, scale)));
      assert.ok(bounds.length <= limits.otlp_buckets_max + 1 && counts.length === bounds.length + 1);
      assert.equal(
        counts.reduce((sum, inBucket) => sum + inBucket, 0),
        count,
      );
      assert.ok(bounds.every((bound, index) => bound > (bounds[index - 1] ?? 0) && Number.isFinite(bound)));
      const found = counts.map(() => 0);
      for (const each of values) {
        // A value that is a bound belongs below it in OpenTelemetry; rounding may put one beside a bound on its other side.
        const bucket = bounds.findIndex(bound => each <= bound * (1 + 1e-12));
        found[bucket] = (found[bucket] ?? 0) + 1;
      }
      assert.ok(found[0] === 0 && found.at(-1) === 0);
      const total = (list: readonly number[], to: number) => list.slice(0, to + 1).reduce((sum, each) => sum + each, 0);
      for (const index of bounds.keys()) {
        const near = values.filter(each => Math.abs(each / (bounds[index] as number) - 1) < 1e-9).length;
        assert.ok(Math.abs(total(found, index) - total(counts, index)) <= near, `bound ${bounds[index]}`);
      }
    }),
  );
});
