import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertPolicy } from '../../slo/resources/alerting.ts';
import { evaluatePolicy, type PolicyState, type Verdict } from './incidents.ts';

const MINUTE_MS = 60_000;
const condition = (duration: string) => ({
  displayName: `for ${duration}`,
  conditionThreshold: { filter: '', comparison: 'COMPARISON_GT' as const, thresholdValue: 1, duration },
});
const policyOf = (combiner: 'AND' | 'OR', ...durations: string[]): AlertPolicy => ({
  name: 'projects/local/alertPolicies/p',
  displayName: 'p',
  conditions: durations.map(condition),
  combiner,
  enabled: true,
  severity: 'CRITICAL',
  documentation: { content: '', mimeType: 'text/markdown', subject: '' },
  alertStrategy: { autoClose: '1800s' },
  notificationChannels: [],
  userLabels: {},
});
const yes: Verdict = { met: true, value: 20 };
const no: Verdict = { met: false, value: 0 };
const silent: Verdict = { met: undefined, because: 'no data' };

/** Evaluates once a minute; after each round whether an incident is open. */
function play(policy: AlertPolicy, rounds: readonly (readonly Verdict[])[]) {
  let state: PolicyState = { conditions: [] };
  const incidents = new Set();
  const open = rounds.map((verdicts, minute) => {
    state = evaluatePolicy({ policy, state, verdicts, nowMs: minute * MINUTE_MS, newId: () => `i${minute}` });
    if (state.open) incidents.add(state.open);
    return state.open !== undefined;
  });
  return { open, incidents: [...incidents] as NonNullable<PolicyState['open']>[] };
}

test('AND opens where all conditions are met at once, and closes when one no longer is', () => {
  const { open, incidents } = play(policyOf('AND', '0s', '0s'), [
    [yes, no],
    [yes, yes],
    [yes, yes],
    [yes, no],
    [yes, yes],
  ]);
  assert.deepEqual(open, [false, true, true, false, true]);
  assert.deepEqual(incidents[0]?.timeline, [
    { atMs: MINUTE_MS, what: 'opened', detail: 'for 0s: 20; for 0s: 20' },
    { atMs: 3 * MINUTE_MS, what: 'closed', detail: 'the conditions are no longer met' },
  ]);
  assert.equal(incidents[0]?.closedAtMs, 3 * MINUTE_MS);
  assert.deepEqual(
    incidents.map(({ id }) => id),
    ['i1', 'i4'],
    'what comes again is another incident',
  );
});

test('OR opens where one condition is met', () => {
  assert.deepEqual(
    play(policyOf('OR', '0s', '0s'), [
      [no, no],
      [no, yes],
      [yes, no],
      [no, no],
    ]).open,
    [false, true, true, false],
  );
});

test('a condition has to be met for its whole duration without a break', () => {
  const rounds = [[yes], [yes], [no], [yes], [yes], [yes], [no]];
  assert.deepEqual(play(policyOf('AND', '120s'), rounds).open, [false, false, false, false, false, true, false]);
});

test('without data a condition of duration 0 stays as it was until its incident is closed for silence', () => {
  const rounds = [[yes], ...Array.from({ length: 31 }, () => [silent])];
  const { open, incidents } = play(policyOf('AND', '0s'), rounds);
  assert.deepEqual([open[0], open[29], open[30], open[31]], [true, true, false, false]);
  assert.equal(incidents[0]?.timeline.at(-1)?.detail, 'there has been no data for 1800s');
});

test('without data a condition with a duration is not met', () => {
  assert.deepEqual(play(policyOf('AND', '60s'), [[yes], [yes], [silent]]).open, [false, true, false]);
});

test('nothing opens without data, for what is not evaluated, or where the policy is switched off', () => {
  assert.deepEqual(play(policyOf('AND', '0s'), [[silent], [silent]]).open, [false, false]);
  assert.deepEqual(play(policyOf('AND', '0s', '0s'), [[yes, { met: undefined, because: 'not evaluated' }]]).open, [
    false,
  ]);
  assert.deepEqual(play({ ...policyOf('AND', '0s'), enabled: false }, [[yes]]).open, [false]);
});
