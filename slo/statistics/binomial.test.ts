import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chanceOfAtLeast, chanceOfAtMost, eventsToProve, goodShareBounds } from './binomial.ts';

const THOUSAND = 1000n;

/**
 * The chance of at most `bad` of `total` where each is bad with the chance `perMille` / 1000, as numerator and denominator: the
 * definition, summed in whole numbers, which shares nothing with the code under test.
 */
function exactly(bad: number, total: number, perMille: number): [bigint, bigint] {
  const [p, q] = [BigInt(perMille), THOUSAND - BigInt(perMille)];
  let sum = 0n;
  let ways = 1n;
  for (let i = 0n; i <= BigInt(bad); i += 1n) {
    sum += ways * p ** i * q ** (BigInt(bad) - i);
    ways = (ways * (BigInt(total) - i)) / (i + 1n);
  }
  return [sum * q ** BigInt(total - bad), THOUSAND ** BigInt(total)];
}

/** A fraction to seventeen digits, however small it is. */
function toNumber([numerator, denominator]: [bigint, bigint]): number {
  if (numerator === 0n) return 0;
  const shift = Math.max(0, `${denominator}`.length - `${numerator}`.length) + 17;
  return Number(`${(numerator * 10n ** BigInt(shift)) / denominator}e-${shift}`);
}

const isAtMostTwentieth = ([numerator, denominator]: [bigint, bigint]) => numerator * 20n <= denominator;

function close(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= 1e-11 * expected, `${what}: ${found} and not ${expected}`);
}

test('tails are those of the definition, from one event to a hundred thousand', () => {
  for (const [bad, total, perMille] of [
    [0, 1, 1],
    [1, 2, 500],
    [3, 20, 100],
    [10, 20, 500],
    [19, 20, 990],
    [0, 2995, 1],
    [1, 4742, 1],
    [9, 2994, 1],
    [30, 2994, 1],
    [40, 1000, 50],
    [80, 100_000, 1],
    [1100, 100_000, 10],
  ] as const) {
    const share = perMille / 1000;
    const [numerator, denominator] = exactly(bad, total, perMille);
    const what = `${bad} of ${total} at ${share}`;
    close(chanceOfAtMost(bad, { total, share }), toNumber([numerator, denominator]), what);
    close(chanceOfAtLeast(bad + 1, { total, share }), toNumber([denominator - numerator, denominator]), what);
  }
});

const cases = fc
  .record({ total: fc.integer({ min: 1, max: 400 }), perMille: fc.integer({ min: 1, max: 999 }) })
  .chain(({ total, perMille }) =>
    fc.record({ total: fc.constant(total), perMille: fc.constant(perMille), bad: fc.nat({ max: total }) }),
  );

test('tails are those of the definition, whatever is asked', () => {
  fc.assert(
    fc.property(cases, ({ total, perMille, bad }) => {
      const found = chanceOfAtMost(bad, { total, share: perMille / 1000 });
      const expected = toNumber(exactly(bad, total, perMille));
      // A tail that is the rest to 1 has the digits of 1.
      assert.ok(Math.abs(found - expected) <= 1e-11 * expected + 1e-15, `${found} and not ${expected}`);
    }),
  );
});

test('a goal counts as proven exactly where the definition says so, and at no event less', () => {
  fc.assert(
    fc.property(fc.nat({ max: 12 }), fc.integer({ min: 1, max: 300 }), (bad, perMille) => {
      const needed = eventsToProve({ bad, budget: perMille / 1000 });
      assert.ok(isAtMostTwentieth(exactly(bad, needed, perMille)));
      assert.ok(bad === needed - 1 || !isAtMostTwentieth(exactly(bad, needed - 1, perMille)));
    }),
    { numRuns: 60 },
  );
});

test('the events that a goal needs are those of the tables for demonstration tests', () => {
  const needed = (goal: number) => [0, 1, 2].map(bad => eventsToProve({ bad, budget: Number((1 - goal).toFixed(12)) }));
  assert.deepEqual(needed(0.9), [29, 46, 61]);
  assert.deepEqual(needed(0.95), [59, 93, 124]);
  assert.deepEqual(needed(0.99), [299, 473, 628]);
  assert.deepEqual(needed(0.999), [2995, 4742, 6294]);
  assert.equal(eventsToProve({ bad: 0, budget: 0.0001 }), 29_956);
});

test('bounds are those of the textbooks', () => {
  const bounds = (good: number, total: number) => {
    const { lower, upper } = goodShareBounds({ good, total });
    return [Number(lower.toFixed(4)), Number(upper.toFixed(4))];
  };
  assert.deepEqual(bounds(5, 10), [0.2224, 0.7776]);
  assert.deepEqual(bounds(19, 20), [0.7839, 0.9974]);
  assert.deepEqual(bounds(10, 10), [0.7411, 1]);
  assert.deepEqual(bounds(0, 10), [0, 0.2589]);
  assert.deepEqual(bounds(1, 1), [0.05, 1]);
});

test('a bound is where the tail is five per cent, holds what was seen, and more good events never lower it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1_000_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, of) => {
      const good = Math.min(total - 1, Math.floor(total * of));
      const bad = total - good;
      const { lower, upper } = goodShareBounds({ good, total });
      assert.ok(lower <= good / total && good / total <= upper);
      if (good > 0) assert.ok(Math.abs(chanceOfAtMost(bad, { total, share: 1 - lower }) - 0.05) < 1e-6);
      assert.ok(Math.abs(chanceOfAtLeast(bad, { total, share: 1 - upper }) - 0.05) < 1e-6);
      const more = goodShareBounds({ good: good + 1, total });
      assert.ok(more.lower >= lower && more.upper >= upper);
    }),
  );
});

test('a budget of nothing or of everything is refused, for no number of events proves it', () => {
  for (const budget of [0, 1, -0.1, Number.NaN]) {
    assert.throws(() => eventsToProve({ bad: 0, budget }), /must be a budget above 0 and below 1, not/);
  }
});
