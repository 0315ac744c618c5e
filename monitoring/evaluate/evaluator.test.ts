import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertPolicy, ConditionJson } from '../../slo/resources/alerting.ts';
import { createTestStore, requestCount } from '../testing.ts';
import { createEvaluator } from './evaluator.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5);
const filter = 'metric.type="run.googleapis.com/request_count"';

/** An evaluator with one policy, and what its conditions say at a minute. */
function watch(...conditions: ConditionJson[]) {
  const store = createTestStore();
  const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i' });
  const policy: AlertPolicy = {
    ...{ name: 'projects/local/alertPolicies/p', displayName: 'p', conditions, combiner: 'OR', enabled: true },
    ...{ severity: 'WARNING', documentation: { content: '', mimeType: 'text/markdown', subject: '' } },
    ...{ alertStrategy: { autoClose: '1800s' }, notificationChannels: [], userLabels: {} },
  };
  evaluator.setPolicy(policy);
  return {
    evaluator,
    policy,
    add(minute: number, responseClass: string, value: number) {
      const endMs = START_MS + minute * MINUTE_MS;
      evaluator.observe(store.add(requestCount(responseClass), { startMs: endMs - MINUTE_MS, endMs, value }));
    },
    at(minute: number) {
      const round = evaluator.evaluate(START_MS + minute * MINUTE_MS);
      return { ...round, verdicts: evaluator.verdicts(policy.name) };
    },
  };
}

const threshold = (options: object): ConditionJson => ({
  displayName: 'threshold',
  conditionThreshold: {
    ...{ filter, comparison: 'COMPARISON_GT', thresholdValue: 5, duration: '0s' },
    aggregations: [{ alignmentPeriod: '600s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' }],
    ...options,
  },
});

test('more than 5 in 10 minutes, over all series, opens an incident and closes it', () => {
  const { add, at } = watch(threshold({}));
  assert.deepEqual(at(0).verdicts, [{ met: undefined, because: 'no data' }]);
  add(1, '5xx', 3);
  add(2, '4xx', 2);
  assert.deepEqual(at(2).verdicts, [{ met: false, value: 5 }]);
  add(3, '5xx', 1);
  const opened = at(3);
  assert.deepEqual(opened.verdicts, [{ met: true, value: 6 }]);
  assert.deepEqual(
    opened.opened.map(({ policy }) => policy),
    ['projects/local/alertPolicies/p'],
  );
  assert.deepEqual(at(4).opened, [], 'and not again');
  add(12, '5xx', 0);
  assert.deepEqual(
    at(12).closed.map(({ closedAtMs }) => closedAtMs),
    [START_MS + 12 * MINUTE_MS],
  );
});

test('groups are judged each for itself, and as many as the trigger asks for', () => {
  const aggregations = [
    {
      ...{ alignmentPeriod: '600s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' },
      groupByFields: ['metric.label.response_code_class'],
    },
  ];
  const { add, at } = watch(threshold({ aggregations }), threshold({ aggregations, trigger: { count: 2 } }));
  add(1, '5xx', 6);
  add(1, '4xx', 2);
  assert.deepEqual(at(1).verdicts, [
    { met: true, value: 6 },
    { met: false, value: 6 },
  ]);
  add(2, '4xx', 4);
  assert.deepEqual(
    at(2).verdicts.map(({ met }) => met),
    [true, true],
  );
});

test('a condition below a threshold, and what missing data means, are as the policy says', () => {
  const below = { comparison: 'COMPARISON_LT', duration: '60s' };
  const { add, at } = watch(
    threshold(below),
    threshold({ ...below, evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE' }),
    threshold({ ...below, evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE' }),
  );
  const never = { met: undefined, because: 'no data' };
  assert.deepEqual(at(0).verdicts, [never, never, never], 'of what never was there nothing is missing');
  add(1, '5xx', 1);
  assert.deepEqual(
    at(1).verdicts.map(({ met }) => met),
    [true, true, true],
  );
});

test('an absence is noticed of what was there, and not of what never was or is long gone', () => {
  const { add, at } = watch({ displayName: 'gone', conditionAbsent: { filter, duration: '1800s' } });
  assert.deepEqual(at(0).verdicts, [{ met: undefined, because: 'no data' }]);
  add(1, '2xx', 1);
  assert.deepEqual(at(31).verdicts, [{ met: false }]);
  assert.deepEqual(at(32).verdicts, [{ met: true }]);
  add(33, '2xx', 1);
  assert.equal(at(33).closed.length, 1);
  assert.deepEqual(at(33 + 23.5 * 60 + 1).verdicts, [{ met: undefined, because: 'no data' }]);
});

test('what is stored but not evaluated says so', () => {
  const query = { query: 'up == 0', duration: '0s', evaluationInterval: '30s', disableMetricValidation: true };
  const { at } = watch({ displayName: 'PromQL', conditionPrometheusQueryLanguage: query });
  assert.deepEqual(at(0).verdicts, [{ met: undefined, because: 'not evaluated' }]);
});

test('of an AND only what may still decide it is looked at, but for a condition that is watched for a time', () => {
  const filters = [filter, 'metric.type="run.googleapis.com/container/instance_count"'];
  const conditions = (duration: string) => filters.map(each => threshold({ filter: each, duration }));
  const { evaluator, policy, add, at } = watch();
  evaluator.setPolicy({ ...policy, combiner: 'AND', conditions: conditions('0s') });
  add(1, '5xx', 3);
  assert.deepEqual(at(1).verdicts, [
    { met: false, value: 3 },
    { met: undefined, because: 'decided before' },
  ]);
  add(2, '5xx', 3);
  assert.deepEqual(at(2).verdicts[1], { met: undefined, because: 'no data' });
  evaluator.setPolicy({ ...policy, combiner: 'AND', conditions: conditions('60s') });
  add(20, '5xx', 3);
  assert.deepEqual(at(20).verdicts, [
    { met: false, value: 3 },
    { met: undefined, because: 'no data' },
  ]);
});

test('a policy that is replaced keeps its incident, and one that is removed is not evaluated', () => {
  const { evaluator, policy, add, at } = watch(threshold({}));
  add(1, '5xx', 6);
  const [incident] = at(1).opened;
  evaluator.setPolicy(policy);
  assert.deepEqual(at(2).opened, []);
  add(20, '5xx', 0);
  assert.deepEqual(at(20).closed, [incident]);
  evaluator.removePolicy(policy.name);
  assert.deepEqual(at(21).verdicts, []);
});

test('what stopped coming is missed where the policy says so, and what never came is not', () => {
  const { add, at } = watch(threshold({ duration: '60s', evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE' }));
  for (const minute of [0, 1, 2]) assert.deepEqual(at(minute).opened, []);
  add(3, '5xx', 1);
  assert.deepEqual(
    [3, 12, 13, 14].map(minute => at(minute).opened.length),
    [0, 0, 0, 1],
  );
});

test('an absence is noticed of each series, or of all that are joined', () => {
  const absent = (options: object): ConditionJson => ({
    displayName: 'gone',
    conditionAbsent: { filter, duration: '300s', ...options },
  });
  const joined = [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_COUNT', crossSeriesReducer: 'REDUCE_SUM' }];
  const { add, at } = watch(absent({}), absent({ aggregations: joined }), absent({ trigger: { count: 2 } }));
  add(1, '2xx', 1);
  add(1, '5xx', 1);
  add(6, '2xx', 1);
  assert.deepEqual(
    at(7).verdicts.map(({ met }) => met),
    [true, false, false],
  );
  assert.deepEqual(
    at(12).verdicts.map(({ met }) => met),
    [true, true, true],
  );
});

test('aggregations follow each other, each with the groups that it asks for', () => {
  const all = { alignmentPeriod: '600s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' };
  const by = (...labels: string[]) => ({ ...all, groupByFields: labels.map(label => `metric.labels.${label}`) });
  const steps = [
    by('response_code_class', 'other'),
    { ...by('response_code_class'), crossSeriesReducer: 'REDUCE_MAX' },
  ];
  const { add, at } = watch(threshold({ aggregations: steps, trigger: { count: 2 } }));
  add(1, '5xx', 6);
  add(1, '4xx', 7);
  assert.deepEqual(at(1).verdicts, [{ met: true, value: 7 }]);
});

test('a policy whose text is changed goes on, and one whose condition is changed begins anew', () => {
  const long = threshold({ duration: '120s' });
  const { evaluator, policy, add, at } = watch(long);
  add(1, '5xx', 6);
  at(1);
  evaluator.setPolicy({ ...policy, conditions: [long], userLabels: { team: 'a' } });
  at(2);
  assert.equal(at(3).opened.length, 1);
  evaluator.setPolicy({ ...policy, conditions: [threshold({ duration: '180s' })] });
  assert.equal(at(4).closed.length, 1);
});

test('the incident of a policy that is removed, or is gone after a restart, closes with the next round', () => {
  const { evaluator, policy, add, at } = watch(threshold({}));
  add(1, '5xx', 6);
  const [incident] = at(1).opened;
  evaluator.removePolicy(policy.name);
  assert.deepEqual(at(2).closed, [incident]);
  assert.equal(incident?.timeline.at(-1)?.detail, 'its policy was removed');
  assert.deepEqual(at(3).closed, []);

  const open = [{ id: 'o', policy: 'gone', openedAtMs: START_MS, timeline: [] }];
  const restarted = createEvaluator({ project: 'local', store: createTestStore(), newId: () => 'i', open });
  assert.deepEqual(
    restarted.evaluate(START_MS + MINUTE_MS).closed.map(({ id, closedAtMs }) => [id, closedAtMs]),
    [['o', START_MS + MINUTE_MS]],
  );
});

test('a policy that cannot be evaluated is told of, and keeps no other from its incident', () => {
  const store = createTestStore();
  const error = new RangeError('broken');
  const readIncrements: typeof store.readIncrements = (series, ...times) => {
    if (series.metric.labels.response_code_class === '4xx') throw error;
    return store.readIncrements(series, ...times);
  };
  const { policy } = watch();
  const evaluator = createEvaluator({ project: 'local', store: { ...store, readIncrements }, newId: () => 'i' });
  const ofClass = (text: string) => threshold({ filter: `${filter} AND metric.labels.response_code_class="${text}"` });
  for (const name of ['first', '4xx', 'last']) {
    evaluator.setPolicy({ ...policy, name, conditions: [ofClass(name === '4xx' ? '4xx' : '5xx')] });
  }
  const endMs = START_MS + MINUTE_MS;
  for (const text of ['4xx', '5xx']) store.add(requestCount(text), { startMs: START_MS, endMs, value: 6 });
  const { opened, failed } = evaluator.evaluate(endMs);
  assert.deepEqual(
    opened.map(({ policy }) => policy),
    ['first', 'last'],
  );
  assert.deepEqual(failed, [{ policy: '4xx', error }]);
});

test('a selector of an SLO that is not there has no data', () => {
  const { at } = watch(
    threshold({ filter: 'select_slo_burn_rate("projects/local/services/s/serviceLevelObjectives/o", "3600s")' }),
  );
  assert.deepEqual(at(0).verdicts, [{ met: undefined, because: 'no data' }]);
});
