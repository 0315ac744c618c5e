import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Router } from '@koa/router';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import Koa from 'koa';
import { createCollector } from './collect.ts';
import { traceRequests } from './http-server.ts';
import { startTelemetry, type Telemetry } from './start.ts';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

let collected: ReturnType<typeof createCollector>;
let telemetry: Telemetry;
let server: Server;
let url: string;
let streamed: PassThrough;

before(async () => {
  server = createServer((req, res) => handle(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

let handle: ReturnType<Koa['callback']>;
beforeEach(async () => {
  collected = createCollector();
  telemetry = await startTelemetry({ service: 'test', ...collected.sinks });
  handle = createApp().callback();
});
afterEach(() => telemetry.shutdown());

test('a request is one server span with a child, under the parent that the client names', async () => {
  await fetch(`${url}/records/7?limit=5`, {
    headers: { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01`, 'user-agent': 'test/1' },
  });
  const [child, span] = await finishedSpans(2);
  assert.equal(span?.name, 'GET /records/:id');
  assert.equal(span?.kind, SpanKind.SERVER);
  assert.deepEqual(span?.attributes, {
    'http.request.method': 'GET',
    'url.path': '/records/7',
    'url.scheme': 'http',
    'url.query': 'limit=5',
    'user_agent.original': 'test/1',
    'http.route': '/records/:id',
    'http.response.status_code': 200,
  });
  assert.equal(span?.status.code, SpanStatusCode.UNSET);
  assert.equal(span?.spanContext().traceId, PARENT.traceId);
  assert.equal(span?.parentSpanContext?.spanId, PARENT.spanId);
  assert.equal(child?.name, 'read');
  assert.equal(child?.parentSpanContext?.spanId, span?.spanContext().spanId);
});

test('a request without a usable traceparent starts a trace of its own', async () => {
  for (const traceparent of [undefined, 'nonsense', `00-${'0'.repeat(32)}-${PARENT.spanId}-01`]) {
    await fetch(`${url}/`, { headers: traceparent === undefined ? {} : { traceparent } });
  }
  const spans = await finishedSpans(3);
  assert.deepEqual(
    spans.map(({ parentSpanContext }) => parentSpanContext),
    [undefined, undefined, undefined],
  );
  assert.equal(new Set(spans.map(span => span.spanContext().traceId)).size, 3);
});

test('a client that asks for no sampling gets none, and is measured all the same', async () => {
  await fetch(`${url}/`, { headers: { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-00` } });
  await fetch(`${url}/`);
  assert.equal((await finishedSpans(1)).length, 1);
  assert.deepEqual(
    (await points()).map(({ value }) => (value as { count: number }).count),
    [2],
  );
});

test('the duration is counted in seconds by method, route, status and scheme', async () => {
  await fetch(`${url}/records/7`);
  await finishedSpans(2);
  const [point, ...others] = await points();
  assert.deepEqual(others, []);
  assert.deepEqual(point?.attributes, {
    'http.request.method': 'GET',
    'http.route': '/records/:id',
    'http.response.status_code': 200,
    'url.scheme': 'http',
  });
  const { sum, count } = (point?.value ?? {}) as { sum: number; count: number };
  const [seconds = 0, nanos = 0] = collected.spans()[1]?.duration ?? [];
  assert.equal(count, 1);
  assert.ok(Math.abs(sum - seconds - nanos / 1e9) < 0.05, `${sum} s`);
});

test('a path that no route takes has no route, so that it makes no new series', async () => {
  await fetch(`${url}/nowhere/8`);
  const [span] = await finishedSpans(1);
  assert.equal(span?.name, 'GET');
  assert.equal(span?.status.code, SpanStatusCode.UNSET);
  assert.deepEqual((await points())[0]?.attributes, {
    'http.request.method': 'GET',
    'http.response.status_code': 404,
    'url.scheme': 'http',
  });
});

test('an unknown method is counted as _OTHER and named in the span only', async () => {
  await once(request(`${url}/`, { method: 'PROPFIND' }).end(), 'response');
  const [span] = await finishedSpans(1);
  assert.equal(span?.name, 'HTTP');
  assert.equal(span?.attributes['http.request.method_original'], 'PROPFIND');
  assert.equal((await points())[0]?.attributes['http.request.method'], '_OTHER');
});

test('a failure is an error of its status', async () => {
  await fetch(`${url}/broken`);
  const [span] = await finishedSpans(1);
  assert.equal(span?.status.code, SpanStatusCode.ERROR);
  assert.equal(span?.attributes['error.type'], '500');
  const [point] = await points();
  assert.equal(point?.attributes['error.type'], '500');
  assert.equal(point?.attributes['http.response.status_code'], 500);
});

test('a streamed answer lasts until its last byte', async () => {
  const response = await fetch(`${url}/stream`);
  streamed.write('first');
  await delay(20);
  assert.deepEqual(collected.spans(), []);
  streamed.end('last');
  assert.equal(await response.text(), 'firstlast');
  const [span] = await finishedSpans(1);
  assert.equal(span?.attributes['error.type'], undefined);
});

test('an answer that is cut off in the middle is an error, though its status was 200', async () => {
  const response = await fetch(`${url}/stream`);
  streamed.write('first');
  await response.body?.cancel();
  const [span] = await finishedSpans(1);
  assert.equal(span?.attributes['error.type'], 'aborted');
  assert.equal(span?.attributes['http.response.status_code'], 200);
  assert.equal(span?.status.code, SpanStatusCode.ERROR);
});

test('a client that leaves before the answer has no status', async () => {
  const req = request(`${url}/never`).end();
  req.on('error', () => undefined);
  await delay(50);
  req.destroy();
  const [span] = await finishedSpans(1);
  assert.equal(span?.name, 'GET /never');
  assert.equal(span?.attributes['error.type'], 'aborted');
  assert.deepEqual((await points())[0]?.attributes, {
    'http.request.method': 'GET',
    'http.route': '/never',
    'url.scheme': 'http',
    'error.type': 'aborted',
  });
});

test('probes and load tests are marked on span and duration, and only by the exact header', async () => {
  await fetch(`${url}/`, { headers: { 'x-synthetic': 'true' } });
  await fetch(`${url}/`, { headers: { 'x-synthetic': 'yes' } });
  const spans = await finishedSpans(2);
  assert.deepEqual(
    spans.map(({ attributes }) => attributes.synthetic),
    ['true', undefined],
  );
  assert.deepEqual(
    (await points()).map(({ attributes }) => attributes.synthetic),
    ['true', undefined],
  );
});

function createApp(): Koa {
  const router = new Router();
  router.get('/records/:id', async ctx => {
    await delay(1);
    telemetry.tracer.startSpan('read').end();
    ctx.body = trace.getActiveSpan()?.spanContext().traceId;
  });
  router.get('/broken', () => {
    throw new Error('on purpose');
  });
  router.get('/stream', ctx => {
    streamed = new PassThrough();
    ctx.body = streamed;
    ctx.res.flushHeaders();
  });
  router.get('/never', () => new Promise(() => undefined));
  const app = new Koa();
  app.silent = true;
  app.use(traceRequests(telemetry));
  app.use(router.routes());
  return app;
}

/** A span ends just after the client has its answer. */
async function finishedSpans(count: number) {
  for (let waits = 0; collected.spans().length < count && waits < 2000; waits += 1) await delay(2);
  assert.equal(collected.spans().length, count);
  return collected.spans();
}

async function points() {
  const metrics = await collected.metrics();
  return metrics.find(({ descriptor }) => descriptor.name === 'http.server.request.duration')?.dataPoints ?? [];
}
