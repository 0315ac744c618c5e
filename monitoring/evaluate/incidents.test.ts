import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EvaluablePolicy, evaluatePolicy, type Incident, type PolicyState } from './incidents.ts';
import type { Judgement } from './judgement.ts';

const MINUTE_MS = 60_000;
const condition = (duration: string) => ({
  displayName: `for ${duration}`,
  conditionThreshold: { filter: '', comparison: 'COMPARISON_GT' as const, thresholdValue: 1, duration },
});
const policyOf = (combiner: 'AND' | 'OR', ...durations: string[]): EvaluablePolicy => ({
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
/** What is said of series: `a` meets it, `-a` does not, and `?a` has no data. Of each the resource is its first letter. */
const says = (...series: string[]): Judgement => ({
  series: series.map(text => {
    const key = text.replace(/^[-?]/, '');
    return { key, resource: key.charAt(0), met: text.startsWith('?') ? undefined : !text.startsWith('-') };
  }),
});
const yes: Judgement = { ...says('a'), value: 20 };
const no: Judgement = { ...says('-a'), value: 0 };
const silent: Judgement = says();

/** Evaluates once a minute; after each round whether an incident is open. */
function play(policy: EvaluablePolicy, rounds: readonly (readonly Judgement[])[], before: PolicyState = {}) {
  let state = before;
  const incidents = new Set<Incident>();
  const open = rounds.map((judgements, minute) => {
    state = evaluatePolicy({ policy, state, judgements, nowMs: minute * MINUTE_MS, newId: () => `i${minute}` });
    if (state.open) incidents.add(state.open);
    return state.open !== undefined;
  });
  return { open, incidents: [...incidents] };
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

test('without data what was met for long enough stays met, and what was not begins anew', () => {
  const policy = policyOf('AND', '60s');
  assert.deepEqual(play(policy, [[yes], [yes], [silent], [says('?a')], [no]]).open, [false, true, true, true, false]);
  assert.deepEqual(play(policy, [[yes], [silent], [yes], [yes]]).open, [false, false, false, true]);
});

for (const [missing, open] of [
  ['ACTIVE', [false, false, true, true, true, false]],
  ['INACTIVE', [false, false, false, false, false, false]],
  ['NO_OP', [false, false, false, false, false, false]],
] as const) {
  test(`a series without data meets a condition as it says: ${missing}`, () => {
    const policy = policyOf('OR', '60s');
    const [{ displayName, conditionThreshold }] = [condition('60s')];
    const evaluationMissingData = `EVALUATION_MISSING_DATA_${missing}` as const;
    const conditions = [{ displayName, conditionThreshold: { ...conditionThreshold, evaluationMissingData } }];
    const rounds = ['-a', '?a', '?a', '?a', '?a', '-a'].map(series => [says(series)]);
    assert.deepEqual(play({ ...policy, conditions }, rounds).open, open);
    const firing = play({ ...policy, conditions }, [[yes], [yes], [says('?a')]]);
    assert.deepEqual(firing.open, [false, true, missing !== 'INACTIVE']);
  });
}

test('each series has to meet a condition for its whole duration by itself', () => {
  const turns = [[says('a', '-b')], [says('-a', 'b')], [says('a', '-b')], [says('-a', 'b')]];
  assert.deepEqual(play(policyOf('OR', '120s'), turns).open, [false, false, false, false]);
  const both = [[says('a', '-b')], [says('a', 'b')], [says('a', 'b')], [says('-a', 'b')], [says('-a', '-b')]];
  assert.deepEqual(play(policyOf('OR', '120s'), both).open, [false, false, true, true, false]);
});

test('as many series have to meet a condition as its trigger asks for, each for long enough', () => {
  const [{ displayName, conditionThreshold }] = [condition('60s')];
  const conditions = [{ displayName, conditionThreshold: { ...conditionThreshold, trigger: { count: 2 } } }];
  const rounds = [[says('a', '-b')], [says('a', 'b')], [says('a', 'b')], [says('a', '-b')]];
  assert.deepEqual(play({ ...policyOf('OR'), conditions }, rounds).open, [false, false, true, false]);
});

test('a series that fell silent goes on firing while others are fine, until it is closed for silence', () => {
  const rounds = [[says('a', '-b')], ...Array.from({ length: 31 }, () => [says('?a', '-b')])];
  const { open, incidents } = play(policyOf('OR', '0s'), rounds);
  assert.deepEqual([open[0], open[29], open[30]], [true, true, false]);
  assert.equal(incidents[0]?.timeline.at(-1)?.detail, 'there has been no data for 1800s');
});

test('where conditions are to be met on one resource, others do not count', () => {
  const policy = { ...policyOf('AND', '0s', '0s'), combiner: 'AND_WITH_MATCHING_RESOURCE' as const };
  const rounds = [
    [says('a1', '-b1'), says('-a2', 'b2')],
    [says('a1', 'b1'), says('-a2', 'b2')],
    [says('a1'), says('a2')],
  ];
  assert.deepEqual(play(policy, rounds).open, [false, true, true]);
});

test('an incident from before a restart stays open until something says that it is over', () => {
  const open = (): PolicyState => ({ open: { id: 'i', policy: 'p', openedAtMs: -MINUTE_MS, timeline: [] } });
  const long = policyOf('AND', '600s', '600s');
  assert.deepEqual(
    play(
      long,
      [
        [silent, silent],
        [yes, silent],
        [yes, yes],
        [yes, no],
      ],
      open(),
    ).open,
    [...[true, true, true, false]],
  );
  const either = policyOf('OR', '0s', '0s');
  assert.deepEqual(
    play(
      either,
      [
        [silent, silent],
        [silent, yes],
        [silent, no],
      ],
      open(),
    ).open,
    [true, true, false],
  );
  const quiet = play(
    either,
    Array.from({ length: 31 }, () => [silent, silent]),
    open(),
  );
  assert.deepEqual([quiet.open[29], quiet.open[30]], [true, false]);
  assert.match(quiet.incidents[0]?.timeline[0]?.detail ?? '', /there has been no data for 1800s/);
  // What is met for a moment only, once that one is over, has to be met for long enough again.
  assert.deepEqual(
    play(
      long,
      [
        [no, silent],
        [yes, yes],
      ],
      open(),
    ).open,
    [false, false],
  );
});

test('nothing opens without data, for what is not evaluated, or where the policy is switched off', () => {
  assert.deepEqual(play(policyOf('AND', '0s'), [[silent], [silent]]).open, [false, false]);
  assert.deepEqual(play(policyOf('AND', '0s', '0s'), [[yes, { series: [], because: 'not evaluated' }]]).open, [false]);
  assert.deepEqual(play({ ...policyOf('AND', '0s'), enabled: false }, [[yes]]).open, [false]);
});
