import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protos } from '@google-cloud/monitoring';
import { createManualClock } from '../../base/clock.ts';
import { startFakeCloudMonitoring } from './fakes.ts';

const {
  ListServicesResponse,
  Service,
  ListServiceLevelObjectivesResponse,
  ServiceLevelObjective,
  ListTimeSeriesResponse,
} = protos.google.monitoring.v3;
type Message = {
  verify(json: object): string | null;
  fromObject(json: object): object;
  toObject(message: never, options: object): object;
};

const clock = createManualClock(Date.parse('2026-11-20T12:00:00Z'));
const nowSeconds = clock.now() / 1000;
const series = new URLSearchParams({
  filter: 'select_slo_burn_rate("projects/p/services/api/serviceLevelObjectives/a", "3600s")',
  'interval.startTime': new Date((nowSeconds - 3600) * 1000).toISOString(),
  'interval.endTime': new Date(nowSeconds * 1000).toISOString(),
});

const start = () =>
  startFakeCloudMonitoring({
    ...{ clock, services: { api: ['a', 'b'], cart: [] } },
    ...{ budgets: { 'api/a': 0.5 }, burns: { 'api/a': 2 } },
    alerts: [
      { service: 'api', severity: 'page' },
      { service: 'api', severity: 'ticket', closed: true },
    ],
  });

/** Protos have times and periods as seconds, where JSON has text. */
function reviveTimes(key: string, value: unknown): unknown {
  if (/Time$/.test(key)) return { seconds: Math.floor(Date.parse(`${value}`) / 1000) };
  return /Period$/.test(key) ? { seconds: Number.parseInt(`${value}`, 10) } : value;
}

test('every answer is the message that Google’s protos describe, with no field beyond it', async () => {
  await using fake = await start();
  const enumsAsNumbers = '$alt=json%3Benum-encoding=int';
  for (const [path, message] of [
    ['/services', ListServicesResponse],
    ['/services/api', Service],
    ['/services/api/serviceLevelObjectives', ListServiceLevelObjectivesResponse],
    ['/services/api/serviceLevelObjectives/a', ServiceLevelObjective],
    [`/timeSeries?${series}&view=0`, ListTimeSeriesResponse],
  ] as const) {
    const response = await fetch(
      `${fake.endpoint}/v3/projects/p${path}${path.includes('?') ? '&' : '?'}${enumsAsNumbers}`,
    );
    assert.equal(response.status, 200, path);
    const json = JSON.parse(await response.text(), reviveTimes) as object;
    const type = message as Message;
    assert.equal(type.verify(json), null, path);
    assert.deepEqual(type.toObject(type.fromObject(json) as never, { longs: Number }), json, path);
  }
});

test('enums are numbers only where they are asked for so', async () => {
  await using fake = await start();
  const kindOf = async (more: string) => {
    const response = await fetch(`${fake.endpoint}/v3/projects/p/timeSeries?${series}${more}`);
    return ((await response.json()) as { timeSeries: { metricKind: unknown }[] }).timeSeries[0]?.metricKind;
  };
  assert.equal(await kindOf(''), 'GAUGE');
  assert.equal(await kindOf('&$alt=json;enum-encoding=int'), protos.google.api.MetricDescriptor.MetricKind.GAUGE);
});

// As https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts describes it, for no proto does.
const ALERT = {
  name: /^projects\/[^/]+\/alerts\/[^/]+$/,
  state: /^(OPEN|CLOSED)$/,
  openTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  closeTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  resource: { type: /./, labels: {} },
  metadata: { systemLabels: {}, userLabels: {} },
  metric: { type: /./, labels: {} },
  log: { extractedLabels: {} },
  policy: {
    ...{ name: /^projects\/[^/]+\/alertPolicies\/[^/]+$/, displayName: /./ },
    ...{ severity: /^(CRITICAL|ERROR|WARNING)$/, userLabels: {} },
  },
};

function problemsOf(json: object, shape: object, at: string): string[] {
  return Object.entries(json).flatMap(([key, value]) => {
    const expected = (shape as Record<string, RegExp | object | undefined>)[key];
    if (expected === undefined) return [`${at}.${key} is not documented`];
    if (expected instanceof RegExp) return expected.test(`${value}`) ? [] : [`${at}.${key} is ${value}`];
    if (Object.keys(expected).length > 0) return problemsOf(value, expected, `${at}.${key}`);
    return Object.values(value).every(label => typeof label === 'string') ? [] : [`${at}.${key} holds what is no text`];
  });
}

test('alerts have the shape that the documentation gives, by state and by page', async () => {
  await using fake = await start();
  const list = async (query: object) => {
    const response = await fetch(`${fake.endpoint}/v3/projects/p/alerts?${new URLSearchParams({ ...query })}`);
    return (await response.json()) as { alerts?: { state: string; closeTime?: string }[]; nextPageToken?: string };
  };
  const { alerts = [] } = await list({});
  assert.equal(alerts.length, 2);
  assert.deepEqual(
    alerts.flatMap(alert => problemsOf(alert, ALERT, 'alert')),
    [],
  );
  assert.deepEqual(
    alerts.map(({ state, closeTime }) => [state, closeTime !== undefined]),
    [
      ['OPEN', false],
      ['CLOSED', true],
    ],
  );
  assert.equal((await list({ filter: 'state="OPEN"' })).alerts?.length, 1);
  const { nextPageToken = '' } = await list({ pageSize: 1 });
  assert.deepEqual((await list({ pageSize: 1, pageToken: nextPageToken })).alerts, alerts.slice(1));
});

test('what is not there, and what is not understood, is an error of Google’s shape', async () => {
  await using fake = await start();
  for (const [path, code, status] of [
    ['/v3/nothing', 404, 'NOT_FOUND'],
    ['/v3/projects/p/services/basket', 404, 'NOT_FOUND'],
    ['/v3/projects/p/services/basket/serviceLevelObjectives', 404, 'NOT_FOUND'],
    ['/v3/projects/p/services/api/serviceLevelObjectives/z', 404, 'NOT_FOUND'],
    ['/v3/projects/p/timeSeries?filter=metric.type%3D%22a%22', 400, 'INVALID_ARGUMENT'],
    ['/v3/projects/p/alerts?filter=open', 400, 'INVALID_ARGUMENT'],
  ] as const) {
    const response = await fetch(`${fake.endpoint}${path}`);
    assert.equal(response.status, code, path);
    const { error } = (await response.json()) as { error: { code: number; message: string; status: string } };
    assert.deepEqual([error.code, error.status, typeof error.message], [code, status, 'string']);
  }
  assert.equal(fake.requests.length, 6);
});
