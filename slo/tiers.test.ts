import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firingRatio } from './maths.ts';
import { burnRateAlerts, noAlerts, resolveTiers, tierBelow } from './tiers.ts';

const DAY = 86_400;
const standard = (days: number) => resolveTiers(burnRateAlerts(), days * DAY);
const percent = (share: number | undefined, digits: number) => Number(((share ?? 0) * 100).toPrecision(digits));

test('the standard tiers are two pages and two tickets, each with a short window of a twelfth', () => {
  assert.deepEqual(
    standard(28).map(({ name, severity, longSeconds, shortSeconds }) => [name, severity, longSeconds, shortSeconds]),
    [
      ['page-fast', 'page', 3600, 300],
      ['page-slow', 'page', 21_600, 1800],
      ['ticket', 'ticket', 86_400, 7200],
      ['ticket-long', 'ticket', 259_200, 21_600],
    ],
  );
});

for (const [days, ...expected] of [
  [7, 3.36, 1.4, 1, 1],
  [14, 6.72, 2.8, 1.4, 1],
  [28, 13.44, 5.6, 2.8, 1],
  [30, 14.4, 6, 3, 1],
] as const) {
  test(`the thresholds of ${days} d follow from the period, and none is inside the budget`, () => {
    assert.deepEqual(
      standard(days).map(({ threshold }) => threshold),
      expected,
    );
  });
}

test('a threshold that was lifted to 1 says the share of the budget that results', () => {
  const share = (days: number, name: string) => standard(days).find(tier => tier.name === name)?.share;
  assert.equal(percent(share(28, 'ticket-long'), 4), 10.71);
  assert.equal(percent(share(14, 'ticket-long'), 3), 21.4);
  assert.equal(percent(share(7, 'ticket'), 3), 14.3);
  assert.equal(percent(share(7, 'ticket-long'), 3), 42.9);
  assert.deepEqual(
    standard(30).map(tier => tier.share),
    [0.02, 0.05, 0.1, 0.1],
  );
});

test('in any period no standard tier asks for less than its share or fires inside the budget', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), days =>
      standard(days).every((tier, index) => tier.threshold >= 1 && tier.share >= ([0.02, 0.05, 0.1, 0.1][index] ?? 1)),
    ),
  );
});

test('a tier by its share is computed from the period, even where that is inside the budget', () => {
  const tiers = [{ name: 'slow', severity: 'ticket', long: '3d', share: 0.1 }] as const;
  const [tier] = resolveTiers(burnRateAlerts({ tiers }), 28 * DAY);
  assert.deepEqual(tier, {
    ...{ name: 'slow', severity: 'ticket', longSeconds: 259_200, shortSeconds: 21_600 },
    ...{ threshold: 0.933333333333, share: 0.1 },
  });
});

test('a threshold by hand is kept, with the period it was meant for and the share that it spends', () => {
  const tiers = [{ name: 'own', severity: 'page', long: '1h', short: '10m', threshold: 14.4, for: '30d' }] as const;
  const [tier] = resolveTiers(burnRateAlerts({ tiers }), 15 * DAY);
  assert.deepEqual(tier, {
    ...{ name: 'own', severity: 'page', longSeconds: 3600, shortSeconds: 600 },
    ...{ threshold: 14.4, share: 0.04, meantForSeconds: 30 * DAY },
  });
});

test('below 99.5 % at a goal of 99.9 % is a burn above 5 over 1 h and 5 min', () => {
  const tier = tierBelow(0.995, 0.999, 28 * DAY);
  assert.deepEqual([tier.threshold, tier.longSeconds, tier.shortSeconds, tier.severity], [5, 3600, 300, 'ticket']);
  assert.equal(firingRatio({ threshold: tier.threshold, goal: 0.999 }), 0.005);
});

test('absent data is a ticket after half an hour where nothing else is said, and never where that is said', () => {
  assert.equal(burnRateAlerts().absentAfterSeconds, 1800);
  assert.equal(burnRateAlerts({ absentAfter: '2h' }).absentAfterSeconds, 7200);
  assert.equal(burnRateAlerts({ absentAfter: 'never' }).absentAfterSeconds, 0);
});

test('without alerts there is no tier', () => {
  assert.deepEqual(resolveTiers(noAlerts, 28 * DAY), []);
});
