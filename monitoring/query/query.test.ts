import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Distribution, Point, Value } from '../model.ts';
import { aligners } from './align.ts';
import { mergeDistributions, quantileOf } from './distribution.ts';
import { reducers } from './reduce.ts';

const points = (...values: Value[]): Point[] =>
  values.map((value, index) => ({ startMs: index * 1000, endMs: (index + 1) * 1000, value }));
const distribution = (counts: number[], sum = 0): Distribution => ({
  count: counts.reduce((all, count) => all + count, 0),
  sum,
  bounds: [1, 10, 100],
  counts,
});

for (const [aligner, values, expected] of [
  ['ALIGN_DELTA', [1, 2, 3], 6],
  ['ALIGN_RATE', [1, 2, 3], 0.1],
  ['ALIGN_NEXT_OLDER', [1, 2, 3], 3],
  ['ALIGN_MIN', [2, 1, 3], 1],
  ['ALIGN_MAX', [2, 3, 1], 3],
  ['ALIGN_MEAN', [1, 2, 6], 3],
  ['ALIGN_SUM', [1, 2, 6], 9],
  ['ALIGN_STDDEV', [2, 4, 4, 4, 5, 5, 7, 9], 2],
  ['ALIGN_COUNT', [5, 5], 2],
  ['ALIGN_COUNT_TRUE', [true, false, true], 2],
  ['ALIGN_COUNT_FALSE', [true, false, true], 1],
  ['ALIGN_FRACTION_TRUE', [true, false, true, true], 0.75],
  ['ALIGN_PERCENTILE_50', [1, 2, 3, 4], 2.5],
  ['ALIGN_PERCENTILE_99', [1, 101], 100],
  ['ALIGN_MEAN', ['text'], undefined],
] as const) {
  test(`${aligner} of ${JSON.stringify(values)} is ${expected}`, () => {
    assert.equal(aligners[aligner]?.(points(...values), { seconds: 60 }), expected);
  });
}

for (const [reducer, values, expected] of [
  ['REDUCE_MEAN', [1, 2, 6], 3],
  ['REDUCE_MIN', [2, 1], 1],
  ['REDUCE_MAX', [2, 1], 2],
  ['REDUCE_SUM', [2, 1], 3],
  ['REDUCE_STDDEV', [2, 4, 4, 4, 5, 5, 7, 9], 2],
  ['REDUCE_COUNT', [2, 1], 2],
  ['REDUCE_COUNT_TRUE', [true, false], 1],
  ['REDUCE_COUNT_FALSE', [true, false], 1],
  ['REDUCE_FRACTION_TRUE', [true, false], 0.5],
  ['REDUCE_PERCENTILE_95', [0, 100], 95],
  ['REDUCE_SUM', [], undefined],
] as const) {
  test(`${reducer} of ${JSON.stringify(values)} is ${expected}`, () =>
    assert.equal(reducers[reducer]?.(values), expected));
}

test('distributions are added bucket by bucket, over time and across series', () => {
  const [one, two] = [distribution([1, 2, 0, 0], 12), distribution([0, 1, 1, 1], 160)];
  const both = { count: 6, sum: 172, bounds: [1, 10, 100], counts: [1, 3, 1, 1] };
  assert.deepEqual(aligners.ALIGN_DELTA?.(points(one, two), { seconds: 60 }), both);
  assert.deepEqual(reducers.REDUCE_SUM?.([one, two]), both);
  assert.equal(aligners.ALIGN_RATE?.(points(one, two), { seconds: 60 }), 0.1);
  assert.equal(reducers.REDUCE_MEAN?.([one, two]), 172 / 6);
  assert.equal(reducers.REDUCE_PERCENTILE_50?.([one, two]), 7);
});

test('buckets of other bounds fall where their upper bound lies, and none is lost', () => {
  const other: Distribution = { count: 6, sum: 0, bounds: [5, 100, 1000], counts: [1, 2, 2, 1] };
  assert.deepEqual(mergeDistributions([distribution([0, 0, 0, 0]), other])?.counts, [0, 1, 2, 3]);
});

test('a quantile lies within the bounds, grows with its share, and an empty distribution has none', () => {
  assert.equal(quantileOf(distribution([0, 0, 0, 0]), 0.5), undefined);
  assert.equal(quantileOf(distribution([0, 0, 0, 5]), 0.5), 100, 'above the last bound it is that bound');
  const counts = fc
    .array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 })
    .filter(all => all.some(count => count > 0));
  fc.assert(
    fc.property(
      counts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map(
          share => quantileOf(distribution(all), share) as number,
        ) as [number, number];
        assert.ok(low >= 0 && high <= 100 && low <= high);
      },
    ),
  );
});
