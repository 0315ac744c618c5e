import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution, SeriesIdentity, Value } from '../../model.ts';
import { requestCount } from '../../testing.ts';
import { createMemoryStore, NOW_MS, startMonitoring } from '../testing.ts';

const MINUTE_MS = 60_000;
const path = '/v3/projects/local/timeSeries';
const ago = (minutes: number) => new Date(NOW_MS - minutes * MINUTE_MS).toISOString();

type Server = Awaited<ReturnType<typeof startMonitoring>>;
type Point = { interval: { startTime: string; endTime: string }; value: Record<string, unknown> };
type Series = {
  metric: { type: string; labels: Record<string, string> };
  resource: { type: string; labels: Record<string, string> };
  metricKind: string;
  valueType: string;
  points?: Point[];
};

async function ask(server: Server, query: Record<string, string | string[]>) {
  const all = { 'interval.startTime': ago(10), 'interval.endTime': ago(0), ...query };
  const pairs = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const { status, body } = await server.ask('GET', `${path}?${new URLSearchParams(pairs)}`);
  return { status, series: (body.timeSeries ?? []) as Series[], body };
}

/** A store with points of some series, each a value a minute, the last of them now. */
function storeOf(...all: readonly (readonly [SeriesIdentity, readonly Value[]])[]) {
  const store = createMemoryStore();
  for (const [series, values] of all) {
    const points = values.map((value, index) => {
      const endMs = NOW_MS - (values.length - 1 - index) * MINUTE_MS;
      return { startMs: series.metricKind === 'GAUGE' ? endMs : endMs - MINUTE_MS, endMs, value };
    });
    store.write([{ series, points }]);
  }
  return store;
}

const aggregation = (aligner: string, more: Record<string, string> = {}, prefix = 'aggregation') => {
  const all = { alignmentPeriod: '120s', perSeriesAligner: aligner, ...more };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}.${name}`, value]));
};
const run = 'metric.type="run.googleapis.com/request_count"';
const valuesOf = (series?: Series) => series?.points?.map(({ value }) => Object.values(value)[0]);

test('points come as they were written, newest first, of an interval without its beginning and with its end', async () => {
  await using server = await startMonitoring({ store: storeOf([requestCount('2xx'), [1, 2, 3, 4]]) });
  const { series } = await ask(server, { filter: run, 'interval.startTime': ago(2), 'interval.endTime': ago(0) });
  assert.deepEqual(series, [
    {
      metric: { type: 'run.googleapis.com/request_count', labels: { response_code_class: '2xx' } },
      resource: requestCount('2xx').resource,
      ...{ metricKind: 'DELTA', valueType: 'INT64' },
      points: [
        {
          interval: { startTime: '2026-11-20T11:59:00Z', endTime: '2026-11-20T12:00:00Z' },
          value: { int64Value: '4' },
        },
        {
          interval: { startTime: '2026-11-20T11:58:00Z', endTime: '2026-11-20T11:59:00Z' },
          value: { int64Value: '3' },
        },
      ],
    },
  ]);
  const at = await ask(server, { filter: run, 'interval.startTime': ago(1), 'interval.endTime': ago(1) });
  assert.deepEqual(valuesOf(at.series[0]), ['3']);
  assert.deepEqual(
    (await ask(server, { filter: run, 'interval.endTime': ago(20), 'interval.startTime': ago(30) })).body,
    {},
  );
});

test('a filter selects series by label', async () => {
  const store = storeOf([requestCount('2xx'), [1]], [requestCount('5xx'), [2]], [requestCount('5xx', 'cart'), [3]]);
  await using server = await startMonitoring({ store });
  const { series } = await ask(server, {
    filter: `${run} AND metric.labels.response_code_class=starts_with("5") AND NOT resource.labels.service_name="cart"`,
  });
  assert.deepEqual(series.map(valuesOf), [['2']]);
});

test('periods end with the interval, the first of them may begin before it, and an empty one is none', async () => {
  await using server = await startMonitoring({ store: storeOf([requestCount('2xx'), [1, 2, 3, 4, 5, 6]]) });
  const interval = { 'interval.startTime': ago(3), 'interval.endTime': ago(0) };
  const { series } = await ask(server, { filter: run, ...interval, ...aggregation('ALIGN_DELTA') });
  assert.deepEqual(series[0]?.points, [
    { interval: { startTime: '2026-11-20T11:58:00Z', endTime: '2026-11-20T12:00:00Z' }, value: { int64Value: '11' } },
    { interval: { startTime: '2026-11-20T11:56:00Z', endTime: '2026-11-20T11:58:00Z' }, value: { int64Value: '7' } },
  ]);
  const odd = await ask(server, {
    filter: run,
    'interval.startTime': ago(4),
    'interval.endTime': new Date(NOW_MS + 30_000).toISOString(),
    ...aggregation('ALIGN_RATE'),
  });
  assert.deepEqual([odd.series[0]?.metricKind, odd.series[0]?.valueType], ['GAUGE', 'DOUBLE']);
  assert.deepEqual(odd.series[0]?.points?.[0], {
    interval: { startTime: '2026-11-20T12:00:30Z', endTime: '2026-11-20T12:00:30Z' },
    value: { doubleValue: 11 / 120 },
  });
  const gap = await ask(server, { filter: run, 'interval.startTime': ago(10), ...aggregation('ALIGN_DELTA') });
  assert.deepEqual(valuesOf(gap.series[0]), ['11', '7', '3']);
});

test('series are joined by the labels that are asked for, and lose the others', async () => {
  const store = storeOf(
    [requestCount('2xx'), [1, 1]],
    [requestCount('5xx'), [2, 2]],
    [requestCount('2xx', 'cart'), [4, 4]],
  );
  await using server = await startMonitoring({ store });
  const groupBy = async (...fields: string[]) => {
    const step = {
      ...aggregation('ALIGN_DELTA', { crossSeriesReducer: 'REDUCE_SUM' }),
      'aggregation.groupByFields': fields,
    };
    const { series } = await ask(server, { filter: run, ...step });
    return series.map(one => [one.metric.labels, one.resource.labels, valuesOf(one)]);
  };
  const project = { project_id: 'local' };
  assert.deepEqual(await groupBy(), [[{}, project, ['14']]]);
  assert.deepEqual(await groupBy('metric.labels.response_code_class'), [
    [{ response_code_class: '2xx' }, project, ['10']],
    [{ response_code_class: '5xx' }, project, ['4']],
  ]);
  assert.deepEqual(await groupBy('resource.label."service_name"', 'metric.type'), [
    [{}, { ...project, service_name: 'checkout' }, ['6']],
    [{}, { ...project, service_name: 'cart' }, ['8']],
  ]);
});

test('what was aligned and joined is aligned and joined again', async () => {
  const store = storeOf([requestCount('2xx'), [1, 1, 1, 1]], [requestCount('2xx', 'cart'), [3, 3, 5, 5]]);
  await using server = await startMonitoring({ store });
  const { series } = await ask(server, {
    filter: run,
    ...aggregation('ALIGN_DELTA', { alignmentPeriod: '60s', crossSeriesReducer: 'REDUCE_SUM' }),
    ...aggregation('ALIGN_MAX', { alignmentPeriod: '120s' }, 'secondaryAggregation'),
  });
  assert.deepEqual(series.map(valuesOf), [['6', '4']]);
});

test('a distribution is written out, merged, and read for its percentiles', async () => {
  const latencies: SeriesIdentity = {
    ...requestCount('2xx'),
    ...{ metric: { type: 'run.googleapis.com/request_latencies', labels: {} }, valueType: 'DISTRIBUTION' },
  };
  const value: Distribution = { count: 4, sum: 100, bounds: [10, 20, 40], counts: [0, 2, 2, 0] };
  await using server = await startMonitoring({ store: storeOf([latencies, [value, value]]) });
  const filter = 'metric.type="run.googleapis.com/request_latencies"';
  const raw = await ask(server, { filter });
  assert.deepEqual(raw.series[0]?.points?.[0]?.value, {
    distributionValue: {
      ...{ count: '4', mean: 25, bucketCounts: ['0', '2', '2', '0'] },
      bucketOptions: { explicitBuckets: { bounds: [10, 20, 40] } },
    },
  });
  const sum = await ask(server, { filter, ...aggregation('ALIGN_DELTA') });
  assert.equal((valuesOf(sum.series[0])?.[0] as { count: string } | undefined)?.count, '8');
  const median = await ask(server, { filter, ...aggregation('ALIGN_PERCENTILE_50') });
  assert.deepEqual(valuesOf(median.series[0]), [20]);
});

test('pages hold so many points, and a series goes on from one to the next', async () => {
  const store = storeOf([requestCount('2xx'), [1, 2, 3]], [requestCount('4xx'), []], [requestCount('5xx'), [4, 5]]);
  await using server = await startMonitoring({ store });
  const pages: unknown[] = [];
  let pageToken = '';
  do {
    const { series, body } = await ask(server, { filter: run, pageSize: '2', ...(pageToken && { pageToken }) });
    pages.push(series.map(valuesOf));
    pageToken = (body.nextPageToken ?? '') as string;
  } while (pageToken);
  assert.deepEqual(pages, [[['3', '2']], [['1'], ['5']], [['4']]]);
  const headers = await ask(server, { filter: run, view: 'HEADERS', pageSize: '1' });
  assert.deepEqual([headers.series.length, headers.series[0]?.points], [1, undefined]);
  const foreign = await ask(server, {
    filter: `${run} `,
    pageSize: '2',
    pageToken: headers.body.nextPageToken as string,
  });
  assert.equal(foreign.status, 400);
});

test('enums come as numbers only where they are asked for so', async () => {
  await using server = await startMonitoring({ store: storeOf([requestCount('2xx'), [1]]) });
  const [named] = (await ask(server, { filter: run })).series;
  const [numbered] = (
    await ask(server, { filter: run, $alt: 'json;enum-encoding=int', '$.xgafv': '1', prettyPrint: 'x' })
  ).series;
  assert.deepEqual([named?.metricKind, named?.valueType], ['DELTA', 'INT64']);
  assert.deepEqual([numbered?.metricKind, numbered?.valueType], [2, 2]);
});

test('a query that cannot be answered says which parameter is wrong', async () => {
  await using server = await startMonitoring({ store: storeOf([requestCount('2xx'), [1]]) });
  const long = { 'interval.startTime': '1900-01-01T00:00:00Z' };
  for (const [query, field] of [
    [{ filter: '' }, 'filter'],
    [{ filter: 'project="a"' }, 'filter'],
    [{ filter: run, 'interval.endTime': '' }, 'interval.endTime'],
    [{ filter: run, 'interval.endTime': 'noon' }, 'interval.endTime'],
    [{ filter: run, 'interval.startTime': ago(-1) }, 'interval.startTime'],
    [{ filter: run, orderBy: 'x' }, 'orderBy'],
    [{ filter: run, view: 'HALF' }, 'view'],
    [{ filter: run, pageSize: 'x' }, 'pageSize'],
    [{ filter: run, ...aggregation('ALIGN_ODDLY') }, 'aggregation.perSeriesAligner'],
    [{ filter: run, ...aggregation('ALIGN_PERCENT_CHANGE') }, 'aggregation.perSeriesAligner'],
    [{ filter: run, ...aggregation('ALIGN_INTERPOLATE') }, 'aggregation.perSeriesAligner'],
    [{ filter: run, ...aggregation('ALIGN_NEXT_OLDER') }, 'aggregation.perSeriesAligner'],
    [{ filter: run, ...aggregation('ALIGN_DELTA', { alignmentPeriod: '30s' }) }, 'aggregation.alignmentPeriod'],
    [{ filter: run, ...aggregation('ALIGN_DELTA', { groupByFields: 'zone' }) }, 'aggregation.groupByFields[0]'],
    [{ filter: run, 'aggregation.crossSeriesReducer': 'REDUCE_SUM' }, 'aggregation.perSeriesAligner'],
    [
      { filter: run, ...aggregation('ALIGN_DELTA', { crossSeriesReducer: 'REDUCE_COUNT_TRUE' }) },
      'aggregation.crossSeriesReducer',
    ],
    [{ filter: run, ...aggregation('ALIGN_MAX', {}, 'secondaryAggregation') }, 'secondaryAggregation'],
    [
      { filter: run, ...aggregation('ALIGN_RATE'), ...aggregation('ALIGN_DELTA', {}, 'secondaryAggregation') },
      'secondaryAggregation.perSeriesAligner',
    ],
    [{ filter: run, ...long, ...aggregation('ALIGN_DELTA') }, undefined],
  ] as const) {
    const { status, body } = await ask(server, query as unknown as Record<string, string>);
    assert.equal(status, 400, JSON.stringify(query));
    const { error } = body as { error: { details?: { fieldViolations: { field: string }[] }[] } };
    assert.equal(error.details?.[0]?.fieldViolations[0]?.field, field, JSON.stringify(query));
  }
});

test('what every object has is no label, neither in a filter nor for groups', async () => {
  await using server = await startMonitoring({ store: storeOf([requestCount('2xx'), [1]]) });
  for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    for (const filter of [`metric.labels.${key}=""`, `NOT resource.labels.${key}=starts_with("f")`]) {
      assert.equal((await ask(server, { filter: `${run} AND ${filter}` })).series.length, 1, filter);
    }
    const grouped = {
      ...aggregation('ALIGN_DELTA', { crossSeriesReducer: 'REDUCE_SUM', groupByFields: `metric.labels.${key}` }),
    };
    assert.deepEqual((await ask(server, { filter: run, ...grouped })).series[0]?.metric.labels, {});
  }
  const { body } = await server.ask(
    'GET',
    '/v3/projects/local/metricDescriptors?filter=metric.labels.constructor%3D%22x%22',
  );
  assert.deepEqual(body, {});
});
