import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import type { SeriesIdentity } from '../model.ts';
import { requestCount } from '../testing.ts';
import { createMemoryStore, NOW_MS, startMonitoring } from './testing.ts';

const MINUTE_MS = 60_000;
const services = '/v3/projects/local/services';
const slo = `${services}/api/serviceLevelObjectives/a`.slice('/v3/'.length);
const count = 'metric.type="run.googleapis.com/request_count"';
const objective = {
  ...{ goal: 0.99, rollingPeriod: '86400s' },
  serviceLevelIndicator: {
    requestBased: {
      goodTotalRatio: {
        badServiceFilter: `${count} metric.labels.response_code_class="5xx"`,
        totalServiceFilter: count,
      },
    },
  },
};

/** A store in which, each minute until some minutes ago, 100 requests came and some of them failed. */
function storeOf({ fromMinute, untilMinute, bad }: { fromMinute: number; untilMinute: number; bad: number }) {
  const store = createMemoryStore();
  const write = (series: SeriesIdentity, minute: number, value: number) => {
    const endMs = NOW_MS - minute * MINUTE_MS;
    store.write([{ series, points: [{ startMs: endMs - MINUTE_MS, endMs, value }] }]);
  };
  for (let minute = fromMinute; minute >= untilMinute; minute -= 1) {
    write(requestCount('5xx'), minute, bad);
    write(requestCount('2xx'), minute, 100 - bad);
  }
  return store;
}

type Point = { interval: { startTime: string; endTime: string }; value: { doubleValue: number } };
type Series = {
  metric: { type: string; labels?: Record<string, string> };
  metricKind: string;
  valueType: string;
  points: Point[];
};

async function show(
  server: Awaited<ReturnType<typeof startMonitoring>>,
  filter: string,
  more: Record<string, string> = {},
) {
  const interval = {
    'interval.startTime': new Date(NOW_MS - 10 * MINUTE_MS).toISOString(),
    'interval.endTime': new Date(NOW_MS).toISOString(),
  };
  const query = new URLSearchParams({ filter, ...interval, ...more });
  const { status, body } = await server.ask('GET', `/v3/projects/local/timeSeries?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  const [series] = (body.timeSeries ?? []) as Series[];
  return series;
}

async function withObjective(options: Parameters<typeof startMonitoring>[0] = {}) {
  const server = await startMonitoring(options);
  await server.ask('POST', `${services}?serviceId=api`, { custom: {} });
  const made = await server.ask('POST', `${services}/api/serviceLevelObjectives?serviceLevelObjectiveId=a`, objective);
  assert.equal(made.status, 200, JSON.stringify(made.body));
  return server;
}

const rounded = (series: Series | undefined) =>
  series?.points.map(({ interval, value }) => [
    (NOW_MS - Date.parse(interval.endTime)) / MINUTE_MS,
    Number(value.doubleValue.toFixed(6)),
  ]);

test('an SLO knows what was counted before it was made', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 60, untilMinute: 0, bad: 2 }) });
  const series = await show(server, `select_slo_compliance("${slo}")`);
  assert.deepEqual([series?.metricKind, series?.valueType], ['GAUGE', 'DOUBLE']);
  assert.equal(series?.metric.type, `select_slo_compliance("${slo}")`);
  assert.deepEqual(rounded(series)?.slice(0, 2), [
    [0, 0.98],
    [1, 0.98],
  ]);
  assert.equal(series?.points.length, 10);
});

test('each selector shows its own figure of an SLO', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 99, untilMinute: 0, bad: 2 }) });
  const newest = async (selector: string) => rounded(await show(server, selector))?.[0]?.[1];
  // 100 minutes of 100 requests of which 2 failed: 10,000 with 200 bad, where 100 would be allowed.
  assert.equal(await newest(`select_slo_compliance("${slo}")`), 0.98);
  assert.equal(await newest(`select_slo_health("${slo}")`), 0.98);
  assert.equal(await newest(`select_slo_budget_total("${slo}")`), 100);
  assert.equal(await newest(`select_slo_budget("${slo}")`), -100);
  assert.equal(await newest(`select_slo_budget_fraction("${slo}")`), -1);
  assert.equal(await newest(`select_slo_burn_rate("${slo}", "3600s")`), 2);
});

test('the counts of an SLO are two series, of good events and of bad ones', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 99, untilMinute: 0, bad: 2 }) });
  const filter = `select_slo_counts("${slo}")`;
  const ask = async (aggregation: object) => {
    const interval = { 'interval.startTime': new Date(NOW_MS - 300_000).toISOString() };
    const query = { filter, ...interval, 'interval.endTime': new Date(NOW_MS).toISOString(), ...aggregation };
    const { body } = await server.ask('GET', `/v3/projects/local/timeSeries?${new URLSearchParams(query)}`);
    return body.timeSeries as Series[];
  };
  const raw = await ask({});
  assert.deepEqual(
    raw.map(({ metric, metricKind, points }) => [metric.labels?.event_type, metricKind, points.length]),
    [
      ['good', 'DELTA', 5],
      ['bad', 'DELTA', 5],
    ],
  );
  const summed = await ask({
    ...{ 'aggregation.alignmentPeriod': '300s', 'aggregation.perSeriesAligner': 'ALIGN_SUM' },
    ...{ 'aggregation.crossSeriesReducer': 'REDUCE_SUM', 'aggregation.groupByFields': 'metric.labels.event_type' },
  });
  assert.deepEqual(
    summed.map(({ metric, points }) => [metric.labels?.event_type, points.map(({ value }) => value.doubleValue)]),
    [
      ['good', [490]],
      ['bad', [10]],
    ],
  );
});

test('where data has ended an SLO has no point, and one that nobody has used has none at all', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 60, untilMinute: 7, bad: 0 }) });
  assert.deepEqual(rounded(await show(server, `select_slo_budget_fraction("${slo}")`)), [
    [7, 1],
    [8, 1],
    [9, 1],
  ]);
  await using fresh = await withObjective();
  assert.equal(await show(fresh, `select_slo_budget_fraction("${slo}")`), undefined);
});

test('a selector’s points are aligned like any gauge’s', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 60, untilMinute: 0, bad: 2 }) });
  const aligned = { 'aggregation.alignmentPeriod': '300s', 'aggregation.perSeriesAligner': 'ALIGN_NEXT_OLDER' };
  assert.deepEqual(rounded(await show(server, `select_slo_health("${slo}")`, aligned)), [
    [0, 0.98],
    [5, 0.98],
  ]);
});

test('an SLO that is changed counts anew by what it says now, and one that is removed is gone', async () => {
  await using server = await withObjective({ store: storeOf({ fromMinute: 60, untilMinute: 0, bad: 2 }) });
  await server.ask('PATCH', `/v3/${slo}?updateMask=goal`, { goal: 0.96 });
  assert.deepEqual(rounded(await show(server, `select_slo_burn_rate("${slo}", "600s")`))?.[0], [0, 0.5]);
  await server.ask('DELETE', `${services}/api`);
  const query = new URLSearchParams({
    filter: `select_slo_health("${slo}")`,
    'interval.endTime': new Date(NOW_MS).toISOString(),
  });
  const { status, body } = await server.ask('GET', `/v3/projects/local/timeSeries?${query}`);
  assert.deepEqual([status, (body.error as { status: string }).status], [404, 'NOT_FOUND']);
  assert.equal(server.evaluator.objective(slo), undefined);
});

test('a policy is evaluated from when it is made until it is removed, with what the API lets one leave away', async () => {
  const clock = createManualClock(NOW_MS);
  await using server = await withObjective({ clock, store: storeOf({ fromMinute: 60, untilMinute: 0, bad: 2 }) });
  const filter = `select_slo_burn_rate("${slo}", "3600s")`;
  const { body } = await server.ask('POST', '/v3/projects/local/alertPolicies', {
    displayName: 'p',
    conditions: [{ displayName: 'c', conditionThreshold: { filter, comparison: 'COMPARISON_GT', duration: '0s' } }],
  });
  const [incident] = server.evaluator.evaluate(NOW_MS).opened;
  assert.equal(incident?.policy, body.name);
  await server.ask('DELETE', `/v3/${body.name}`);
  assert.deepEqual(server.evaluator.verdicts(String(body.name)), []);
});

test('what is kept of a policy but not evaluated here says so', async () => {
  await using server = await withObjective();
  const filter = 'metric.type="custom.googleapis.com/a"';
  const threshold = { filter, comparison: 'COMPARISON_GT', duration: '60s' };
  const aggregations = [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN' }];
  const { body } = await server.ask('POST', '/v3/projects/local/alertPolicies', {
    ...{ displayName: 'p', combiner: 'AND_WITH_MATCHING_RESOURCE' },
    conditions: [
      { displayName: 'ratio', conditionThreshold: { ...threshold, denominatorFilter: filter } },
      { displayName: 'forecast', conditionThreshold: { ...threshold, forecastOptions: { forecastHorizon: '3600s' } } },
      { displayName: 'share', conditionThreshold: { ...threshold, trigger: { percent: 50 } } },
      { displayName: 'level', conditionThreshold: { ...threshold, aggregations } },
    ],
  });
  server.evaluator.evaluate(NOW_MS);
  assert.deepEqual(
    server.evaluator.verdicts(String(body.name)).map(verdict => ('because' in verdict ? verdict.because : verdict.met)),
    ['not evaluated', 'not evaluated', 'not evaluated', 'no data'],
  );
});

test('the explicit view of an SLO spells out its basic SLI', async () => {
  await using server = await startMonitoring();
  const basicService = { serviceType: 'CLOUD_RUN', serviceLabels: { service_name: 'checkout' } };
  await server.ask('POST', `${services}?serviceId=api`, { basicService });
  const create = (id: string, basicSli: object) =>
    server.ask('POST', `${services}/api/serviceLevelObjectives?serviceLevelObjectiveId=${id}`, {
      ...{ goal: 0.9, calendarPeriod: 'DAY', serviceLevelIndicator: { basicSli } },
    });
  await create('up', { availability: {} });
  await create('fast', { latency: { threshold: '0.2s' } });
  const indicatorOf = async (id: string, view: string) =>
    (await server.ask('GET', `${services}/api/serviceLevelObjectives/${id}${view}`)).body.serviceLevelIndicator;
  assert.deepEqual(await indicatorOf('up', ''), { basicSli: { availability: {} } });
  const common = 'resource.type="cloud_run_revision" AND resource.labels.service_name="checkout"';
  const total = `${count} AND ${common}`;
  const badServiceFilter = `${total} AND metric.labels.response_code_class="5xx"`;
  assert.deepEqual(await indicatorOf('up', '?view=EXPLICIT'), {
    requestBased: { goodTotalRatio: { badServiceFilter, totalServiceFilter: total } },
  });
  assert.deepEqual(await indicatorOf('fast', '?view=2'), {
    requestBased: {
      distributionCut: {
        distributionFilter: `metric.type="run.googleapis.com/request_latencies" AND ${common}`,
        range: { max: 200 },
      },
    },
  });
});
