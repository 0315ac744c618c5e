import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../base/clock.ts';
import { createMemoryStore, NOW_MS, startMonitoring } from './api/testing.ts';
import { delaysOf, withDelays } from './delay.ts';
import { createEvaluator } from './evaluate/evaluator.ts';
import { createTestStore, requestCount } from './testing.ts';

const MINUTE_MS = 60_000;
const count = 'run.googleapis.com/request_count';
const delayOf = delaysOf([
  { type: count, visibleAfterSeconds: 120 },
  { type: 'pubsub.googleapis.com/subscription/oldest_unacked_message_age', visibleAfterSeconds: 120 },
  { type: 'pubsub.googleapis.com/subscription/ack_latencies', visibleAfterSeconds: 240 },
]);
const minute = (back: number, value: number) => {
  const endMs = NOW_MS - back * MINUTE_MS;
  return { startMs: endMs - MINUTE_MS, endMs, value };
};

test('what is not known is seen as late as the slowest of its source, and as soon as one’s own where none is known', () => {
  assert.equal(delayOf('pubsub.googleapis.com/subscription/oldest_unacked_message_age'), 120_000);
  assert.equal(delayOf('pubsub.googleapis.com/subscription/num_undelivered_messages'), 240_000);
  assert.equal(delayOf('run.googleapis.com/request_latencies'), 120_000);
  assert.equal(delayOf('custom.googleapis.com/a'), 60_000);
  assert.equal(delayOf(undefined), 60_000);
});

test('a point is listed once it can be seen on Google Cloud, as it is or aligned', async () => {
  const clock = createManualClock(NOW_MS);
  const store = createMemoryStore();
  store.write([{ series: requestCount('2xx'), points: [3, 2, 1, 0].map(back => minute(back, 1)) }]);
  await using server = await startMonitoring({ clock, store: withDelays(store, delayOf, clock) });
  const list = async (more: Record<string, string> = {}) => {
    const interval = {
      'interval.startTime': new Date(NOW_MS - 10 * MINUTE_MS).toISOString(),
      'interval.endTime': new Date(NOW_MS).toISOString(),
    };
    const query = new URLSearchParams({ filter: `metric.type="${count}"`, ...interval, ...more });
    const { body } = await server.ask('GET', `/v3/projects/local/timeSeries?${query}`);
    const [series] = body.timeSeries as { points: { interval: { endTime: string } }[] }[];
    return series?.points.map(({ interval: { endTime } }) => (NOW_MS - Date.parse(endTime)) / MINUTE_MS);
  };
  const aligned = { 'aggregation.alignmentPeriod': '60s', 'aggregation.perSeriesAligner': 'ALIGN_DELTA' };
  assert.deepEqual(await list(), [2, 3]);
  assert.deepEqual(await list(aligned), [2, 3]);
  clock.advance(MINUTE_MS);
  assert.deepEqual(await list(), [1, 2, 3]);
});

test('an SLO shows no point that would not be there on Google Cloud, and all before it', async () => {
  const clock = createManualClock(NOW_MS);
  const store = createTestStore();
  const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i', delayOf });
  const name = 'projects/local/services/s/serviceLevelObjectives/o';
  const [bad, total] = [`metric.type="${count}" metric.labels.response_code_class="5xx"`, `metric.type="${count}"`];
  const ratio = { badServiceFilter: bad, totalServiceFilter: total };
  evaluator.setObjective(
    {
      ...{ name, displayName: 'o', goal: 0.9, rollingPeriod: '86400s', userLabels: {} },
      serviceLevelIndicator: { requestBased: { goodTotalRatio: ratio } },
    },
    { name: 'projects/local/services/s', displayName: 's', custom: {}, userLabels: {} },
  );
  for (const back of [3, 2, 1, 0]) evaluator.observe(store.add(requestCount('2xx'), minute(back, 1)));
  await using server = await startMonitoring({ clock, objective: evaluator.objective });
  const query = new URLSearchParams({
    filter: `select_slo_compliance("${name}")`,
    'interval.startTime': new Date(NOW_MS - 10 * MINUTE_MS).toISOString(),
    'interval.endTime': new Date(NOW_MS).toISOString(),
  });
  const { body } = await server.ask('GET', `/v3/projects/local/timeSeries?${query}`);
  const [series] = body.timeSeries as { points: { interval: { endTime: string } }[] }[];
  const minutes = series?.points.map(({ interval: { endTime } }) => (NOW_MS - Date.parse(endTime)) / MINUTE_MS);
  assert.deepEqual(minutes, [2, 3]);
});

test('an absence is noticed, and over, later by as much as data is seen later', () => {
  const store = createTestStore();
  const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i', delayOf });
  const conditionAbsent = { filter: `metric.type="${count}"`, duration: '600s' };
  evaluator.setPolicy({
    ...{ name: 'p', displayName: 'p', combiner: 'OR', enabled: true, severity: 'WARNING', userLabels: {} },
    ...{ documentation: { content: '', mimeType: 'text/markdown', subject: '' }, notificationChannels: [] },
    ...{ alertStrategy: { autoClose: '1800s' }, conditions: [{ displayName: 'c', conditionAbsent }] },
  });
  const seen: [string, number][] = [];
  for (let at = 1; at <= 60; at += 1) {
    // There from the fifth minute until the tenth, and again from the fortieth on.
    if ((at >= 5 && at <= 10) || at >= 40) store.add(requestCount('2xx'), minute(-at, 1));
    const { opened, closed } = evaluator.evaluate(NOW_MS + at * MINUTE_MS);
    seen.push(
      ...opened.map((): [string, number] => ['opened', at]),
      ...closed.map((): [string, number] => ['closed', at]),
    );
    if (at === 6) assert.deepEqual(evaluator.verdicts('p'), [{ met: undefined, because: 'no data' }]);
    if (at === 7) assert.deepEqual(evaluator.verdicts('p'), [{ met: false }]);
  }
  assert.deepEqual(seen, [
    ['opened', 10 + 10 + 2 + 1],
    ['closed', 40 + 2],
  ]);
});
