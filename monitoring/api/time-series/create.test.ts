import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore, NOW_MS, startMonitoring } from '../testing.ts';

const path = '/v3/projects/local/timeSeries';
const now = new Date(NOW_MS).toISOString();
type Json = Record<string, unknown>;

const point = (value: Json = { doubleValue: 1 }, interval: Json = { endTime: now }) => ({ interval, value });
const series = (more: Json = {}): Json => ({
  metric: { type: 'custom.googleapis.com/a', labels: { code: 'x' } },
  ...{ resource: { type: 'global' }, points: [point()], ...more },
});
const cumulative = (startTime: string): Json => ({
  metricKind: 'CUMULATIVE',
  points: [point({ int64Value: '1' }, { startTime, endTime: now })],
});

type Failure = {
  error: {
    message: string;
    details: ({ fieldViolations: { field: string }[] } & {
      totalPointCount: number;
      successPointCount?: number;
      errors: { pointCount: number }[];
    })[];
  };
};

test('what is right is written though another series is refused, and the answer counts both', async () => {
  await using server = await startMonitoring();
  const wrong = series({ metric: { type: 'custom.googleapis.com/b' }, points: [] });
  const { status, body } = await server.ask('POST', path, { timeSeries: [series(), wrong] });
  const { error } = body as Failure;
  assert.equal(status, 400);
  assert.match(
    error.message,
    /^One or more TimeSeries could not be written: timeSeries\[1\]\.points\[0\]\.value must have/,
  );
  assert.deepEqual(error.details[1], {
    '@type': 'type.googleapis.com/google.monitoring.v3.CreateTimeSeriesSummary',
    ...{ totalPointCount: 2, successPointCount: 1, errors: [{ status: { code: 3 }, pointCount: 1 }] },
  });
  assert.deepEqual(
    [...server.store.seriesOf()].map(({ metric, resource }) => [metric.type, resource.labels]),
    [['custom.googleapis.com/a', { project_id: 'local' }]],
  );
});

test('what the store refuses is told by the series that it was', async () => {
  const store = {
    ...createMemoryStore(),
    write: () => ({ kept: 0, refused: [{ index: 0, reason: 'there is no room' }] }),
  };
  await using server = await startMonitoring({ store });
  const { body } = await server.ask('POST', path, { timeSeries: [series({ points: [] }), series()] });
  assert.match((body as Failure).error.message, /; timeSeries\[1\]: there is no room$/);
});

for (const [what, json, field] of [
  ['a metric of Google’s', { metric: { type: 'run.googleapis.com/a' } }, 'metric.type'],
  ['a metric without a type', { metric: {} }, 'metric.type'],
  ['an unknown resource', { resource: { type: 'moon' } }, 'resource.type'],
  ['another project', { resource: { type: 'global', labels: { project_id: 'other' } } }, 'resource.labels.project_id'],
  ['no point', { points: [] }, 'points[0].value'],
  ['two points', { points: [point(), point()] }, 'points'],
  ['a value of another type than said', { valueType: 'INT64' }, 'valueType'],
  [
    'deltas of a user’s own',
    { metricKind: 'DELTA', points: [point(undefined, { startTime: '2026-11-20T11:59:00Z', endTime: now })] },
    'metricKind',
  ],
  ['no end', { points: [point(undefined, {})] }, 'points[0].interval.endTime'],
  ['a time ahead', { points: [point(undefined, { endTime: '2026-11-20T12:06:00Z' })] }, 'points[0].interval.endTime'],
  [
    'a time long ago',
    { points: [point(undefined, { endTime: '2026-11-19T10:59:00Z' })] },
    'points[0].interval.endTime',
  ],
  ['a count that began when it ended', cumulative(now), 'points[0].interval.startTime'],
  ['a number that is none', { points: [point({ doubleValue: 'NaN' })] }, 'points[0].value.doubleValue'],
  [
    'buckets that do not rise',
    { points: [point({ distributionValue: { bucketOptions: { explicitBuckets: { bounds: [2, 1] } } } })] },
    'points[0].value.distributionValue.bucketOptions',
  ],
  [
    'more buckets than bounds',
    {
      points: [
        point({
          distributionValue: {
            count: '3',
            bucketCounts: ['1', '1', '1'],
            bucketOptions: { explicitBuckets: { bounds: [1] } },
          },
        }),
      ],
    },
    'points[0].value.distributionValue.bucketCounts',
  ],
  [
    'a count that is no sum',
    { points: [point({ distributionValue: { count: '3', bucketCounts: ['1'] } })] },
    'points[0].value.distributionValue.count',
  ],
  [
    'too many bounds',
    {
      points: [
        point({
          distributionValue: { bucketOptions: { linearBuckets: { numFiniteBuckets: 2_000_000_000, width: 1 } } },
        }),
      ],
    },
    'points[0].value.distributionValue.bucketOptions',
  ],
] as const) {
  test(`a series with ${what} is refused for that`, async () => {
    await using server = await startMonitoring();
    const { status, body } = await server.ask('POST', path, { timeSeries: [series(json)] });
    assert.equal(status, 400);
    assert.equal((body as Failure).error.details[0]?.fieldViolations[0]?.field, `timeSeries[0].${field}`);
    assert.equal([...server.store.seriesOf()].length, 0);
  });
}

test('a metric keeps its kind and type, and a series is written once at a time', async () => {
  await using server = await startMonitoring();
  await server.ask('POST', path, { timeSeries: [series()] });
  for (const [json, field] of [
    [cumulative('2026-11-20T11:59:00Z'), 'metricKind'],
    [{ points: [point({ boolValue: true })] }, 'valueType'],
  ] as const) {
    const { body } = await server.ask('POST', path, { timeSeries: [series(json)] });
    assert.equal((body as Failure).error.details[0]?.fieldViolations[0]?.field, `timeSeries[0].${field}`);
  }
  const twice = await server.ask('POST', path, { timeSeries: [series(), series()] });
  assert.equal((twice.body as Failure).error.details[0]?.fieldViolations[0]?.field, 'timeSeries[1]');
  for (const timeSeries of [[], Array.from({ length: 201 }, () => series())]) {
    assert.equal((await server.ask('POST', path, { timeSeries })).status, 400);
  }
});

test('services write Google’s metrics by a method of their own, with buckets of any kind', async () => {
  await using server = await startMonitoring();
  const buckets = { exponentialBuckets: { numFiniteBuckets: 2, growthFactor: 2, scale: 10 } };
  const distributionValue = { count: '3', mean: 20, bucketCounts: ['1', '2'], bucketOptions: buckets };
  const latencies = series({
    ...{ metric: { type: 'run.googleapis.com/request_latencies' }, resource: { type: 'cloud_run_revision' } },
    ...{
      metricKind: 'DELTA',
      points: [point({ distributionValue }, { startTime: '2026-11-20T11:59:00Z', endTime: now })],
    },
  });
  assert.equal((await server.ask('POST', `${path}:createService`, { timeSeries: [latencies] })).status, 200);
  const [written] = server.store.seriesOf('run.googleapis.com/request_latencies');
  assert.ok(written);
  assert.deepEqual(server.store.read(written, 0, NOW_MS)[0]?.value, {
    ...{ count: 3, sum: 60, bounds: [10, 20, 40], counts: [1, 2, 0, 0] },
  });
});
