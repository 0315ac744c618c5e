import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectiveEntry } from '../catalogue.ts';
import type { Point } from '../cloud-monitoring/reader.ts';
import { judgeBudget } from './budgets.ts';
import type { Change, Freeze } from './freeze.ts';
import { checkout } from './testing.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const [availability] = checkout().objectives as [ObjectiveEntry, ...ObjectiveEntry[]];

type Given = { left?: number; ageSeconds?: number; burn?: number; freeze?: Freeze; change?: Change };

async function judge({ left, ageSeconds = 60, burn, freeze, change = 'any' }: Given) {
  const point = (value: number | undefined): Point | undefined =>
    value === undefined ? undefined : { value, atMs: NOW_MS - ageSeconds * 1000 };
  const reader = { budgetFraction: async () => point(left), burnRate: async () => point(burn) };
  const asked = { reader, nowMs: NOW_MS, windowSeconds: 3600, freeze, change };
  const { source, verdict, sentence } = await judgeBudget(availability, asked);
  return [source, verdict, sentence];
}

test('a budget above its limit that burns slowly goes', async () => {
  assert.deepEqual(await judge({ left: 0.85239, burn: 0.41234, freeze: { below: 0.1 } }), [
    'budget',
    'go',
    'availability has 85.2 % of its 28-day budget left, burn rate 0.412 over 1 h',
  ]);
});

test('a budget below its limit stops, at the limit it goes', async () => {
  assert.deepEqual(await judge({ left: 0.032, burn: 0, freeze: { below: 0.1 } }), [
    ...['budget', 'stop'],
    'availability has 3.2 % of its 28-day budget left, deploys stop below 10 %',
  ]);
  assert.equal((await judge({ left: 0.1, burn: 0, freeze: { below: 0.1 } }))[1], 'go');
});

test('without a policy a change stops once the budget is overspent', async () => {
  assert.deepEqual(await judge({ left: -0.453, burn: 0 }), [
    ...['budget', 'stop'],
    'availability has spent 145.3 % of its 28-day budget, deploys stop once it is overspent',
  ]);
  assert.equal((await judge({ left: 0, burn: 0 }))[1], 'go');
});

test('a burn that takes the budget below its limit in another window stops', async () => {
  // Of 28 days an hour is 1/672: a burn rate of 20 spends 2.98 % in it.
  assert.deepEqual(await judge({ left: 0.12, burn: 20, freeze: { below: 0.1 } }), [
    ...['budget', 'stop'],
    'availability has 12 % of its 28-day budget left, burn rate 20 over 1 h: another 1 h like it leaves less than 10 %, and deploys stop',
  ]);
  assert.equal((await judge({ left: 0.12, burn: 13, freeze: { below: 0.1 } }))[1], 'go');
  assert.match(`${await judge({ left: 0.01, burn: 20 })}`, /another 1 h like it overspends it, and deploys stop/);
});

test('a fix goes whatever is left, or down to what the policy says', async () => {
  assert.equal((await judge({ left: -3, burn: 500, change: 'fix', freeze: { below: 0.1 } }))[1], 'go');
  const freeze = { below: 0.1, fixesBelow: 0.02 };
  assert.equal((await judge({ left: 0.03, burn: 0, change: 'fix', freeze }))[1], 'go');
  assert.deepEqual(await judge({ left: 0.01, burn: 0, change: 'fix', freeze }), [
    ...['budget', 'stop'],
    'availability has 1 % of its 28-day budget left, fixes stop below 2 %',
  ]);
});

test('no budget, an old one, or no burn rate is not enough, for a fix too', async () => {
  for (const change of ['any', 'fix'] as const) {
    assert.deepEqual(await judge({ burn: 0, change }), [
      ...['telemetry', 'not-enough'],
      'availability has had no budget in Cloud Monitoring for 1 d',
    ]);
    assert.deepEqual(await judge({ left: 0.5, burn: 0, ageSeconds: 10_800, change }), [
      ...['telemetry', 'not-enough'],
      'availability has a budget that is 3 h old, which is older than 1 h',
    ]);
    assert.deepEqual(await judge({ left: 0.5, change }), [
      ...['telemetry', 'not-enough'],
      'availability has no burn rate over 1 h: nothing was counted',
    ]);
  }
  assert.equal((await judge({ left: 0.5, burn: 0, ageSeconds: 3600 }))[1], 'go');
});

test('a budget that is known to be too low stops even where nothing was counted since', async () => {
  assert.equal((await judge({ left: 0.03, freeze: { below: 0.1 } }))[1], 'stop');
});
