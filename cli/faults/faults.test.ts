import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { createCollector } from '../../telemetry/collect.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { eventually, publish, send, startTestPlatform } from '../../test/system/platform.ts';
import { readSettings } from '../settings.ts';
import { createFaults } from './faults.ts';

const settings = readSettings({});

/** A platform with failure flags. What is drawn is 0.6, unless it is said; waits are noted and not waited for. */
async function start(t: TestContext) {
  const waits: number[] = [];
  const drawn = { next: 0.6 };
  const wait = async (ms: number) => void waits.push(ms);
  const faults = createFaults({ settings, env: {}, random: () => drawn.next, wait });
  const collector = createCollector();
  const platform = await startTestPlatform(t, { wrap: faults.wrap, telemetry: collector.sinks });
  /** The sum of a counter's points, or the count of a histogram's, with these attributes. */
  async function count(name: string, wanted: Record<string, unknown>): Promise<number> {
    const points = (await collector.metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
    return points
      .filter(({ attributes }) => Object.entries(wanted).every(([key, value]) => attributes[key] === value))
      .reduce((sum, { value }) => sum + (typeof value === 'number' ? value : (value as { count: number }).count), 0);
  }
  return { ...platform, flags: faults.flags, waits, drawn, count, spans: collector.spans };
}

const REQUESTS = [
  ['PUT', '/records/1', { name: 'Ada', timestamp: '2026-01-02T03:04:05Z' }],
  ['GET', '/records/1'],
  ['GET', '/records?limit=5'],
  ['GET', '/data'],
  ['GET', '/health'],
  ['GET', '/ready'],
  ['GET', '/records/none'],
  ['GET', '/nothing'],
  ['PATCH', '/records'],
  ['POST', '/', { data: { id: 'a' } }],
  ['POST', '/', { data: { id: '2', name: 'Grace', value: 1 } }],
  ['GET', '/dead-letters'],
] as const;
/** What differs between two runs of the same. */
const OF_A_RUN = new Set(['date', 'etag', 'x-record-version']);

async function answersOf(api: string) {
  const answers = [];
  for (const [method, path, body] of REQUESTS) {
    const { status, text, headers } = await send(method, api + path, body);
    const kept = [...headers].filter(([name]) => !OF_A_RUN.has(name));
    answers.push({ path, status, text: text.replace(/"(traceId|timestamp)":"[^"]*"/g, ''), headers: kept });
  }
  return answers;
}

test('without a flag, a platform with flags answers as one without', async t => {
  const bare = await startTestPlatform(t);
  const expected = await answersOf(bare.api);
  await bare.stop();
  const { api, waits } = await start(t);
  assert.deepEqual(await answersOf(api), expected);
  assert.deepEqual(waits, []);
});

test('api-errors fails requests with 500 and 503, each within its route, where they are measured', async t => {
  const { api, flags, drawn, count, spans } = await start(t);
  flags.set('api-errors', 0.5);
  const statusOf = async (draw: number, path = '/records/7', method = 'GET', body?: object) => {
    drawn.next = draw;
    return (await send(method, api + path, body)).status;
  };
  assert.equal(await statusOf(0.5), 404, 'what is drawn above the share is served');
  assert.equal(await statusOf(0.49), 503);
  assert.equal(await statusOf(0.24), 500);
  assert.equal(await statusOf(0, '/', 'POST', { data: { id: '1', name: 'a', value: 1 } }), 500);
  for (const path of ['/health', '/healthz', '/ready', '/readyz', '/openapi.json'])
    assert.equal(await statusOf(0, path), 200);
  assert.equal(await statusOf(0, '/nothing'), 404);

  for (const status of [500, 503]) {
    const attributes = { 'http.route': '/records/:id', 'http.response.status_code': status };
    assert.equal(await count('http.server.request.duration', attributes), 1);
    assert.ok(spans().some(span => span.name === 'GET /records/:id' && span.attributes['error.type'] === `${status}`));
  }
  flags.set('api-errors', undefined);
  assert.equal(await statusOf(0), 404);
});

test('api-latency makes half of the answers wait, but for those of health', async t => {
  const { api, flags, drawn, waits } = await start(t);
  flags.set('api-latency', 300);
  drawn.next = 0.5;
  await send('GET', `${api}/records`);
  assert.deepEqual(waits, []);
  drawn.next = 0.49;
  assert.equal((await send('GET', `${api}/records`)).status, 200);
  assert.deepEqual(waits, [300]);
  await send('GET', `${api}/health`);
  assert.deepEqual(waits, [300]);
});

test('with warehouse-down nothing is stored or read, the outage is measured, and afterwards nothing is lost', async t => {
  const platform = await start(t);
  const { api, flags, count } = platform;
  flags.set('warehouse-down', 1);
  await publish(platform, ['{"id":"1","name":"waits"}']);
  const read = await send('GET', `${api}/records/1`);
  assert.equal(read.status, 503);
  assert.equal(read.json.type, 'urn:burnline:problem:warehouse_unreachable');
  assert.equal((await send('GET', `${api}/records`)).status, 503);
  assert.equal((await send('GET', `${api}/data`)).status, 503);
  assert.equal((await send('PUT', `${api}/records/2`, { name: 'lost' })).status, 503);
  assert.equal((await send('DELETE', `${api}/records/2`)).status, 503);
  assert.equal((await send('GET', `${api}/ready`)).status, 200);
  await eventually(async () => (await count('ingest.messages', { outcome: 'failed' })) > 0);
  assert.ok((await count('warehouse.append.rows', { outcome: 'failed' })) > 0);
  assert.equal(await count('warehouse.append.rows', { outcome: 'stored' }), 0);

  flags.set('warehouse-down', undefined);
  await eventually(async () => (await send('GET', `${api}/records/1`)).status === 200);
  assert.equal((await send('GET', `${api}/records/2`)).status, 404);
});

test('slow-appends makes appends wait, of messages and of the API alike', async t => {
  const platform = await start(t);
  const { api, flags, waits } = platform;
  flags.set('slow-appends', 1500);
  assert.equal((await send('PUT', `${api}/records/1`, { name: 'slow' })).status, 200);
  assert.deepEqual(waits, [1500]);
  await publish(platform, ['{"id":"2","name":"slow too"}']);
  await eventually(async () => (await send('GET', `${api}/records/2`)).status === 200);
  assert.deepEqual(waits, [1500, 1500]);
});

test('with dropped-telemetry nothing leaves, and what was lost is counted and told afterwards', async t => {
  const received: string[] = [];
  const server = createServer(async (req, res) => {
    received.push((await req.toArray()).join(''));
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    OTEL_BSP_SCHEDULE_DELAY: '1',
    OTEL_METRIC_EXPORT_INTERVAL: '20',
    OTEL_LOG_LEVEL: 'none',
  });

  const { flags, beforeExport } = createFaults({ settings, env: {} });
  const asked: string[] = [];
  flags.set('dropped-telemetry', 1);
  const telemetry = await startTelemetry({
    service: 'burnline',
    beforeExport() {
      asked.push('export');
      beforeExport();
    },
  });
  t.after(async () => {
    await telemetry.shutdown();
    server.close();
    for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name];
  });
  telemetry.tracer.startSpan('lost').end();
  telemetry.instruments.reads.add(1, { fresh: 'true' });
  await eventually(async () => asked.length >= 6);
  assert.equal(received.length, 0);
  flags.set('dropped-telemetry', undefined);
  telemetry.tracer.startSpan('kept').end();
  await eventually(async () => received.some(body => body.includes('"kept"')));
  await eventually(async () => received.some(body => body.includes('telemetry.dropped')));
  const all = received.join('\n');
  assert.ok(all.includes('"records.reads"') && !all.includes('"lost"'));
  assert.match(all, /"export_failed"/);
});

test('flags are refused on Cloud Run, and where a store or the topic is Google’s own', () => {
  const create = (env: NodeJS.ProcessEnv) =>
    createFaults({ settings: readSettings(env), env, clock: systemClock }).flags.list();
  const cloud = { GOOGLE_CLOUD_PROJECT: 'p' };
  const refusals: [NodeJS.ProcessEnv, RegExp][] = [
    [{ K_SERVICE: 'records-api' }, /for the local platform only, and K_SERVICE is records-api$/],
    [{ ...cloud, WAREHOUSE: 'bigquery' }, /and WAREHOUSE is bigquery$/],
    [{ ...cloud, WAREHOUSE: 'bigquery', TOPIC: 'pubsub' }, /and WAREHOUSE is bigquery and TOPIC is pubsub$/],
  ];
  for (const [env, message] of refusals) assert.throws(() => create(env), { code: 'flags_not_local', message });
  assert.equal(create({ TOPIC: 'pubsub', PUBSUB_EMULATOR_HOST: '127.0.0.1:8085' }).length, 6, 'emulators are local');
});
