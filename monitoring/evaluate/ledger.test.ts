import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEnds } from '../ends.ts';
import { createLedger } from './ledger.ts';
import { createRing } from './ring.ts';

const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** What happened: times in multiples of five seconds over 40 days, in any order, and counts. */
const happenings = fc.array(
  fc.record({ slot: fc.integer({ min: 0, max: (40 * DAY_MS) / 5000 }), count: fc.integer({ min: 0, max: 1000 }) }),
  { maxLength: 60 },
);

test('a sum over any stretch is what a plain recount gives, whatever the order in which things came', () => {
  fc.assert(
    fc.property(happenings, fc.nat({ max: 25 * 720 }), fc.nat({ max: 31 * 1440 }), (happened, fineBack, coarseBack) => {
      const ledger = createLedger();
      for (const { slot, count } of happened) ledger.add(START + slot * 5000, count);
      const now = START + Math.max(0, ...happened.map(({ slot }) => slot)) * 5000;
      const recount = (fromMs: number) =>
        happened
          .filter(({ slot }) => START + slot * 5000 > fromMs && START + slot * 5000 <= now)
          .reduce((sum, { count }) => sum + count, 0);
      const fine = now - Math.min(fineBack, 24 * 720) * 5000;
      assert.equal(ledger.sum(fine, now), recount(fine));
      const minute = Math.floor(now / 60_000) * 60_000 - coarseBack * 60_000;
      assert.equal(ledger.sum(minute, now), recount(minute));
    }),
    { numRuns: 500 },
  );
});

test('what is older than a ring holds is refused, and changes no sum', () => {
  const ring = createRing({ bucketMs: 1000, buckets: 10 });
  assert.equal(ring.sum(0, 100_000), 0, 'an empty one has nothing');
  assert.equal(ring.add(20_000, 5), true);
  assert.equal(ring.add(10_000, 7), false);
  assert.equal(ring.add(11_000, 7), true);
  assert.equal(ring.holdsFromMs(), 10_000);
  assert.equal(ring.sum(0, 20_000), 12);
  assert.equal(ring.add(500_000, 1), true);
  assert.equal(ring.sum(20_000, 500_000), 1, 'a gap longer than the ring forgets what was before');
});

test('a ring sums what it holds as a plain recount does: small, large, broken and negative counts, in any order', () => {
  const kept = 1300;
  const bucket = fc.integer({ min: 1, max: 4000 });
  const value = fc.oneof(
    fc.nat(9),
    fc.nat(1e6),
    fc.integer({ min: -9, max: 9 }),
    fc.nat(99).map(count => count / 8),
  );
  const happenings = fc.array(fc.tuple(bucket, value), { maxLength: 80 });
  fc.assert(
    fc.property(happenings, bucket, bucket, (happened, from, to) => {
      const ring = createRing({ bucketMs: 1000, buckets: kept });
      let newest = 0;
      for (const [at, count] of happened) {
        newest = Math.max(newest, at);
        assert.equal(ring.add(START + at * 1000, count), at > newest - kept);
      }
      const recount = (first: number, last: number) =>
        happened
          .filter(([at]) => at > Math.max(first, newest - kept) && at <= last)
          .reduce((sum, [, count]) => sum + count, 0);
      assert.equal(ring.sum(START + from * 1000, START + to * 1000), recount(from, to));
      assert.equal(ring.sum(0, START + newest * 1000), recount(0, newest));
      const atOnce = createRing({ bucketMs: 1000, buckets: kept });
      const ends = createEnds(Float64Array.from(happened, ([at]) => START + at * 1000 - 999));
      atOnce.addAll(
        ends,
        Float64Array.from(happened, ([, count]) => count),
      );
      assert.equal(atOnce.sum(START + from * 1000, START + to * 1000), recount(from, to), 'all at once');
    }),
    { numRuns: 1000 },
  );
});

test('a time long ago is answered to a minute', () => {
  const ledger = createLedger();
  const minutes = 20 * 24 * 60;
  const counts = Float64Array.from({ length: minutes }, (_, index) => index + 1);
  ledger.addAll(createEnds(counts.map(minute => START + minute * 60_000)), counts);
  for (const [fromDay, toDay] of [
    [0, 1],
    [3, 3.5],
    [10, 18],
    [18.5, 20],
  ] as const) {
    const [from, to] = [fromDay * 1440, toDay * 1440];
    const recount = (to * (to + 1) - from * (from + 1)) / 2;
    assert.equal(ledger.sum(START + from * 60_000, START + to * 60_000), recount);
  }
});
