import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chanceOfAtLeast } from './binomial.ts';
import { type Count, chanceIfNoWorse, eventsToFind } from './two-sample.ts';

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let at = 1; at <= k; at += 1) result = (result * BigInt(n - k + at)) / BigInt(at);
  return result;
}

/** The same chance by counting every way in which the bad events can fall, in whole numbers. */
function byCounting(first: Count, second: Count): number {
  const bad = first.bad + second.bad;
  let [atLeast, all] = [0n, 0n];
  for (let at = Math.max(0, bad - second.total); at <= Math.min(bad, first.total); at += 1) {
    const ways = choose(first.total, at) * choose(second.total, bad - at);
    all += ways;
    if (at >= first.bad) atLeast += ways;
  }
  return Number((atLeast * 10n ** 40n) / all) / 1e40;
}

const assertClose = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= expected * 1e-10, `${actual} is not ${expected}`);

const count = (max: number) =>
  fc
    .integer({ min: 0, max })
    .chain(total => fc.record({ total: fc.constant(total), bad: fc.integer({ min: 0, max: total }) }));

test('the chance is that of counting all ways, for every small table', () => {
  fc.assert(
    fc.property(count(40), count(60), (first, second) => {
      assertClose(chanceIfNoWorse(first, second), byCounting(first, second));
    }),
    { numRuns: 1000 },
  );
});

test('the chance is that of counting all ways, for thousands of events with few bad ones', () => {
  for (const [first, second] of [
    [
      { total: 500, bad: 9 },
      { total: 4600, bad: 3 },
    ],
    [
      { total: 20_000, bad: 40 },
      { total: 180_000, bad: 200 },
    ],
    [
      { total: 1000, bad: 0 },
      { total: 9000, bad: 50 },
    ],
  ] as const) {
    assertClose(chanceIfNoWorse(first, second), byCounting(first, second));
  }
});

test("Fisher's own examples: the lady who tastes tea, and the twins of convicts", () => {
  assertClose(chanceIfNoWorse({ total: 4, bad: 4 }, { total: 4, bad: 0 }), 1 / 70);
  assertClose(chanceIfNoWorse({ total: 4, bad: 3 }, { total: 4, bad: 1 }), 17 / 70);
  assert.equal(chanceIfNoWorse({ total: 13, bad: 10 }, { total: 17, bad: 2 }).toPrecision(4), '0.0004652');
});

test('nothing to compare with says nothing, and millions of events neither overflow nor take long', () => {
  assert.equal(chanceIfNoWorse({ total: 0, bad: 0 }, { total: 50, bad: 1 }), 1);
  assert.equal(chanceIfNoWorse({ total: 50, bad: 50 }, { total: 0, bad: 0 }), 1);
  assert.equal(chanceIfNoWorse({ total: 1e6, bad: 5e5 }, { total: 1e7, bad: 1 }), 0);
  assert.equal(chanceIfNoWorse({ total: 1e7, bad: 1 }, { total: 1e6, bad: 5e5 }), 1);
  const even = chanceIfNoWorse({ total: 1e6, bad: 1000 }, { total: 9e6, bad: 9000 });
  assert.ok(even > 0.5 && even < 0.52, `${even}`);
});

test('one more bad event makes it less likely to be chance, and one more good one likelier', () => {
  fc.assert(
    fc.property(count(200), count(2000), (first, second) => {
      const chance = chanceIfNoWorse(first, second);
      const { total, bad } = first;
      const noise = chance * 1e-9;
      assert.ok(chanceIfNoWorse({ total: total + 1, bad: bad + 1 }, second) <= chance + noise);
      assert.ok(chanceIfNoWorse({ total: total + 1, bad }, second) >= chance - noise);
    }),
  );
});

/** By trying every number of events up to a limit: from which on the power is always enough. */
function enoughByTrying(options: Parameters<typeof eventsToFind>[0], totalMax: number): number | undefined {
  const { share, second, level, power } = options;
  let least = 0;
  let enough: number | undefined;
  for (let total = 1; total <= totalMax; total += 1) {
    while (least <= total && chanceIfNoWorse({ total, bad: least }, second) > level) least += 1;
    const isFound = least <= total && chanceOfAtLeast(least, { total, share }) >= power;
    if (!isFound) enough = undefined;
    else enough ??= total;
  }
  return enough;
}

test('so many events find the share with the power asked for, and so do all numbers above', () => {
  for (const share of [0.02, 0.1, 0.5]) {
    for (const second of [
      { total: 100, bad: 0 },
      { total: 1000, bad: 3 },
      { total: 400, bad: 4 },
    ]) {
      for (const level of [0.05, 0.005, 0.0001]) {
        const options = { share, second, level, power: 0.95 };
        const [found, tried] = [eventsToFind(options), enoughByTrying(options, 1500)];
        if (tried !== undefined || (found ?? 0) <= 1500) assert.equal(found, tried, JSON.stringify(options));
      }
    }
  }
});

test('no number of events finds a share in comparison with too few others, or with others as bad', () => {
  const find = (second: Count) => eventsToFind({ share: 0.0134, second, level: 0.005, power: 0.95 });
  assert.equal(find({ total: 0, bad: 0 }), undefined);
  assert.equal(find({ total: 50, bad: 0 }), undefined);
  assert.equal(find({ total: 100_000, bad: 1400 }), undefined);
  assert.ok((find({ total: 4600, bad: 3 }) ?? 0) > 300);
});
