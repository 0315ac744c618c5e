import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
      // Late is taken up to 25 h, which is what Google takes too; so the order is that of the hours.
      const sorted = happened.toSorted((a, b) => Math.floor(a.slot / 720) - Math.floor(b.slot / 720));
      for (const { slot, count } of sorted) ledger.add(START + slot * 5000, { first: count });
      const now = START + Math.max(0, ...happened.map(({ slot }) => slot)) * 5000;
      const recount = (fromMs: number) =>
        happened
          .filter(({ slot }) => START + slot * 5000 > fromMs && START + slot * 5000 <= now)
          .reduce((sum, { count }) => sum + count, 0);
      const fine = now - Math.min(fineBack, 24 * 720) * 5000;
      assert.equal(ledger.sum(fine, now).first, recount(fine));
      const minute = Math.floor(now / 60_000) * 60_000 - coarseBack * 60_000;
      assert.equal(ledger.sum(minute, now).first, recount(minute));
    }),
    { numRuns: 500 },
  );
});

test('what is older than a ring holds is refused, and changes no sum', () => {
  const ring = createRing({ bucketMs: 1000, buckets: 10 });
  assert.equal(ring.sum(0, 100_000), 0, 'an empty one has nothing');
  assert.equal(ring.add(20_000, 5), true);
  assert.equal(ring.add(11_000, 7), false);
  assert.equal(ring.add(12_000, 7), true);
  assert.equal(ring.sum(10_000, 20_000), 12);
  assert.equal(ring.add(500_000, 1), true);
  assert.equal(ring.sum(20_000, 500_000), 1, 'a gap longer than the ring forgets what was before');
});

test('a time long ago is answered to a minute', () => {
  const ledger = createLedger();
  const minutes = 20 * 24 * 60;
  for (let minute = 1; minute <= minutes; minute += 1) ledger.add(START + minute * 60_000, { first: minute });
  for (const [fromDay, toDay] of [
    [0, 1],
    [3, 3.5],
    [10, 18],
    [18.5, 20],
  ] as const) {
    const [from, to] = [fromDay * 1440, toDay * 1440];
    const recount = (to * (to + 1) - from * (from + 1)) / 2;
    assert.equal(ledger.sum(START + from * 60_000, START + to * 60_000).first, recount);
  }
});

test('both counts of a ledger are their own', () => {
  const ledger = createLedger();
  ledger.add(START, { first: 3, second: 4 });
  ledger.add(START + 5000, { second: 1 });
  assert.deepEqual(ledger.sum(START - 5000, START), { first: 3, second: 4 });
  assert.deepEqual(ledger.sum(START - 5000, START + 5000), { first: 3, second: 5 });
});
