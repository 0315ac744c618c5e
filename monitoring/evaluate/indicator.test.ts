import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toIndicator } from './indicator.ts';

const BOUNDS = [0.1, 0.2, 0.5];
const service = { name: 'projects/p/services/s', displayName: 's', userLabels: {}, custom: {} };

/** How many are below 0.3, which lies a third into a bucket. */
function readOf(counts: readonly number[]): number {
  const range = { min: 0, max: 0.3 };
  const cut = { distributionCut: { distributionFilter: 'metric.type="m" AND resource.type="r"', range } };
  const indicator = toIndicator({ requestBased: cut }, service);
  assert.ok(indicator.counts === 'events');
  const count = counts.reduce((sum, inBucket) => sum + inBucket, 0);
  return indicator.events.first.read({ count, sum: 0, bounds: BOUNDS, counts });
}

test('of a bucket that a bound cuts, its share counts, to a millionth', () => {
  assert.equal(readOf([1, 2, 0, 9]), 3);
  assert.ok(Math.abs(readOf([0, 0, 3, 0]) - 1) < 3e-6);
});

test('what is counted of many increments is exactly what is counted of all of them together, in whatever order', () => {
  const increment = fc.array(fc.nat(100_000), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(increment, { minLength: 1, maxLength: 200 }), increments => {
      const whole = BOUNDS.concat(1).map((_, bucket) => increments.reduce((sum, of) => sum + (of[bucket] ?? 0), 0));
      const sumOf = (parts: readonly number[][]) => parts.reduce((sum, part) => sum + readOf(part), 0);
      assert.equal(sumOf(increments), readOf(whole));
      assert.equal(sumOf(increments.toReversed()), readOf(whole));
    }),
  );
});
