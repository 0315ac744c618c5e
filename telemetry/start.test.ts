import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isSpanContextValid, logs, trace } from '@opentelemetry/api';
import { createCollector } from './collect.ts';
import { startTelemetry, type Telemetry } from './start.ts';

type Received = { path: string; body: Otlp };
type Attribute = { key: string; value: { stringValue?: string } };
type Otlp = {
  resourceSpans?: { resource: { attributes: Attribute[] }; scopeSpans: { spans: { name: string }[] }[] }[];
  resourceMetrics?: { scopeMetrics: { metrics: Record<string, { dataPoints?: unknown[] }>[] }[] }[];
  resourceLogs?: unknown[];
};

let server: Server;
let endpoint: string;
let received: Received[];
let answerStatus: number;
let telemetry: Telemetry | undefined;

before(async () => {
  server = createServer(async (req, res) => {
    const body = (await req.toArray()).join('');
    received.push({ path: req.url ?? '', body: JSON.parse(body) as Otlp });
    res.writeHead(answerStatus, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

beforeEach(() => {
  received = [];
  answerStatus = 200;
});
afterEach(async () => {
  await telemetry?.shutdown();
  telemetry = undefined;
  for (const name of Object.keys(process.env)) if (/^(OTEL|K|GOOGLE)_/.test(name)) delete process.env[name];
});

test('without an endpoint nothing is sent, and spans have ids all the same', async () => {
  telemetry = await startTelemetry({ service: 'records-api' });
  assert.ok(isSpanContextValid(telemetry.tracer.startSpan('work').spanContext()));
  telemetry.instruments.reads.add(1, { fresh: 'true' });
  assert.equal(logs.getLogger('test').enabled(), false);
});

test('with an endpoint the three signals are sent at shutdown at the latest', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  const started = await startTelemetry({ service: 'records-api' });
  started.tracer.startSpan('work').end();
  started.instruments.reads.add(1, { fresh: 'true' });
  logs.getLogger('test').emit({ body: 'hello' });
  await started.shutdown();
  assert.deepEqual(paths(), ['/v1/logs', '/v1/metrics', '/v1/traces']);
});

test('an endpoint of one signal sends that signal, and an exporter of none sends nothing', async () => {
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = `${endpoint}/traces-here`;
  process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT = endpoint;
  process.env.OTEL_METRICS_EXPORTER = 'none';
  const started = await startTelemetry({ service: 'records-api' });
  started.tracer.startSpan('work').end();
  started.instruments.reads.add(1, { fresh: 'true' });
  await started.shutdown();
  assert.deepEqual(paths(), ['/traces-here']);
});

test('the sampler is taken from the environment', async () => {
  process.env.OTEL_TRACES_SAMPLER = 'always_off';
  telemetry = await startTelemetry({ service: 'records-api' });
  assert.equal(telemetry.tracer.startSpan('work').isRecording(), false);
});

test('the resource names the service and this instance, and nothing of the host', async () => {
  const resource = await sentResource();
  assert.equal(resource['service.name'], 'records-api');
  assert.match(resource['service.instance.id'] ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    Object.keys(resource).filter(key => /^(host|process|os|cloud|faas)\./.test(key)),
    [],
  );
});

test('the environment names the service before the code does', async () => {
  process.env.OTEL_SERVICE_NAME = 'other';
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=staging';
  const resource = await sentResource();
  assert.equal(resource['service.name'], 'other');
  assert.equal(resource['deployment.environment.name'], 'staging');
});

test('on Cloud Run the resource says where it runs', async () => {
  process.env.K_SERVICE = 'records-api';
  process.env.K_REVISION = 'records-api-00001';
  process.env.GOOGLE_CLOUD_REGION = 'us-central1';
  const resource = await sentResource();
  assert.equal(resource['cloud.platform'], 'gcp_cloud_run');
  assert.equal(resource['cloud.region'], 'us-central1');
  assert.equal(resource['faas.version'], 'records-api-00001');
  assert.equal('gcp.project_id' in resource, false);
});

test('a request of metrics holds at most 200 points, and together they hold all', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  const started = await startTelemetry({ service: 'records-api' });
  for (let status = 0; status < 450; status += 1) {
    started.instruments.httpServerDuration.record(0.1, {
      'http.request.method': 'GET',
      'http.response.status_code': status,
      'url.scheme': 'http',
    });
  }
  await started.shutdown();
  const counts = received.map(({ body }) => countPoints(body, 'http.server.request.duration'));
  assert.ok(Math.max(...received.map(({ body }) => countPoints(body))) <= 200);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    450,
  );
});

test('spans beyond a full queue are counted as dropped', async () => {
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = endpoint;
  process.env.OTEL_BSP_MAX_QUEUE_SIZE = '10';
  const { metricReaders, dropped } = collectDropped();
  telemetry = await startTelemetry({ service: 'records-api', metricReaders });
  for (let index = 0; index < 50; index += 1) telemetry.tracer.startSpan('work').end();
  // The first 10 leave in a batch at once; the next 10 wait for it to be sent.
  assert.deepEqual(await dropped(), [{ signal: 'traces', reason: 'queue_full', items: 30 }]);
});

test('log records beyond a full queue are counted as dropped', async () => {
  process.env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT = endpoint;
  process.env.OTEL_BLRP_MAX_QUEUE_SIZE = '10';
  const { metricReaders, dropped } = collectDropped();
  telemetry = await startTelemetry({ service: 'records-api', metricReaders });
  for (let index = 0; index < 50; index += 1) logs.getLogger('test').emit({ body: 'hello' });
  const [{ signal, reason, items } = { items: 0 }] = await dropped();
  assert.deepEqual([signal, reason], ['logs', 'queue_full']);
  assert.ok(items >= 30, `${items}`);
});

test('spans and log records that the endpoint refuses are counted as dropped', async () => {
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = endpoint;
  process.env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT = endpoint;
  process.env.OTEL_BSP_SCHEDULE_DELAY = '1';
  process.env.OTEL_BLRP_SCHEDULE_DELAY = '1';
  process.env.OTEL_LOG_LEVEL = 'none';
  answerStatus = 400;
  const { metricReaders, dropped } = collectDropped();
  telemetry = await startTelemetry({ service: 'records-api', metricReaders });
  for (let index = 0; index < 7; index += 1) telemetry.tracer.startSpan('work').end();
  for (let index = 0; index < 5; index += 1) logs.getLogger('test').emit({ body: 'hello' });
  let items = await dropped();
  for (let waits = 0; items.length < 2 && waits < 1000; waits += 1) items = await dropped();
  assert.deepEqual(items, [
    { signal: 'logs', reason: 'export_failed', items: 5 },
    { signal: 'traces', reason: 'export_failed', items: 7 },
  ]);
});

test('metric points that the endpoint refuses are counted as dropped', async () => {
  process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT = endpoint;
  process.env.OTEL_METRIC_EXPORT_INTERVAL = '20';
  process.env.OTEL_LOG_LEVEL = 'none';
  answerStatus = 400;
  telemetry = await startTelemetry({ service: 'records-api' });
  telemetry.instruments.reads.add(1, { fresh: 'true' });
  const counted = () => received.some(({ body }) => countPoints(body, 'telemetry.dropped') > 0);
  for (let waits = 0; !counted() && waits < 1000; waits += 1) await delay(5);
  assert.ok(counted());
});

test('memory and event loop delay are measured at each collection', async () => {
  const collected = createCollector();
  telemetry = await startTelemetry({ service: 'records-api', ...collected.sinks });
  await collected.metrics();
  await delay(60);
  const values = new Map((await collected.metrics()).map(each => [each.descriptor.name, each.dataPoints[0]?.value]));
  assert.ok(Number(values.get('process.memory.usage')) > 1e6);
  assert.ok(Number(values.get('nodejs.eventloop.delay.p99')) >= 0);
  assert.ok(Number(values.get('nodejs.eventloop.delay.p99')) < 10);
});

test('an endpoint that refuses or never answers does not keep the process from ending', async () => {
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = endpoint;
  process.env.OTEL_LOG_LEVEL = 'none';
  answerStatus = 400;
  const refused = await startTelemetry({ service: 'records-api' });
  refused.tracer.startSpan('work').end();
  await refused.shutdown();
  assert.deepEqual(paths(), ['/']);

  const hanging = { onStart() {}, onEnd() {}, forceFlush: never, shutdown: never };
  await (await startTelemetry({ service: 'records-api', shutdownMsMax: 1, spanProcessors: [hanging] })).shutdown();
  assert.equal(isSpanContextValid(trace.getTracer('test').startSpan('work').spanContext()), false);
});

test('after shutdown nothing is registered, and it can be started again', async () => {
  const first = createCollector();
  await (await startTelemetry({ service: 'records-api', ...first.sinks })).shutdown();
  assert.equal(isSpanContextValid(trace.getTracer('test').startSpan('work').spanContext()), false);
  const second = createCollector();
  telemetry = await startTelemetry({ service: 'records-api', ...second.sinks });
  telemetry.tracer.startSpan('work').end();
  assert.equal(second.spans().length, 1);
});

const never = () => new Promise<void>(() => undefined);
const paths = () => received.map(({ path }) => path).toSorted();

function collectDropped() {
  const collected = createCollector();
  return {
    metricReaders: collected.sinks.metricReaders,
    async dropped() {
      const all = await collected.metrics();
      const points = all.find(({ descriptor }) => descriptor.name === 'telemetry.dropped')?.dataPoints ?? [];
      return points
        .map(({ attributes, value }) => ({ ...attributes, items: value as number }) as Dropped)
        .toSorted((a, b) => a.signal.localeCompare(b.signal));
    },
  };
}
type Dropped = { signal: string; reason: string; items: number };

async function sentResource(): Promise<Record<string, string | undefined>> {
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = endpoint;
  const started = await startTelemetry({ service: 'records-api' });
  started.tracer.startSpan('work').end();
  await started.shutdown();
  const attributes = received[0]?.body.resourceSpans?.[0]?.resource.attributes ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}

function countPoints({ resourceMetrics = [] }: Otlp, name?: string): number {
  return resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .filter(metric => name === undefined || (metric.name as unknown) === name)
    .flatMap(({ sum, histogram, gauge }) => [sum, histogram, gauge])
    .reduce((count, data) => count + (data?.dataPoints?.length ?? 0), 0);
}
