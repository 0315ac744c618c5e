import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { errorTable } from '../../base/errors.ts';
import { limits } from '../limits.ts';
import { decode, encode } from './decode.ts';
import { counter, createTestIntake, metricsRequest, nowMs, nowNano, send, serveIntake } from './testing.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' };
const asJson = (value: unknown) => Buffer.from(JSON.stringify(value));
const span = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  startTimeUnixNano: nowNano,
  endTimeUnixNano: nowNano,
};
const spans = (...list: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] });

async function post(url: string, body: Uint8Array, headers: Record<string, string> = JSON_TYPE) {
  const response = await fetch(url, { method: 'POST', headers, body: body as unknown as string });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

test('what is taken whole is answered by an empty response, in the encoding in which it was sent', async t => {
  const intake = createTestIntake();
  const url = await serveIntake(t, intake);
  const json = await post(`${url}/v1/metrics`, asJson(metricsRequest(counter(3))));
  assert.deepEqual([json.status, json.headers.get('content-type'), json.text], [200, 'application/json', '{}']);
  const wire = await post(`${url}/v1/metrics?x=1`, encode('MetricsRequest', metricsRequest(counter(2))), PROTOBUF_TYPE);
  assert.deepEqual([wire.status, wire.headers.get('content-type'), wire.text], [200, 'application/x-protobuf', '']);
  assert.equal(intake.writes.length, 5);
  const log = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] };
  assert.equal(
    (await post(`${url}/v1/logs`, asJson(log), { 'content-type': 'Application/JSON; charset=utf-8' })).text,
    '{}',
  );
  assert.equal((await post(`${url}/v1/traces`, asJson(spans(span)))).text, '{}');
  assert.equal(intake.logs.newest({ limit: 9 })[0]?.body, 'hello');
  assert.equal(intake.traces.ofTrace(span.traceId).length, 1);
  assert.deepEqual(intake.dropped(), {});
});

test('an empty body of protocol buffers is an empty request', async t => {
  const url = await serveIntake(t, createTestIntake());
  for (const signal of ['traces', 'metrics', 'logs']) {
    assert.equal((await post(`${url}/v1/${signal}`, Buffer.alloc(0), PROTOBUF_TYPE)).status, 200);
  }
});

test('what is taken in part is answered by how much was not and why, and counted', async t => {
  const intake = createTestIntake();
  const url = await serveIntake(t, intake);
  const request = metricsRequest(counter(2), { ...counter(3), name: 'bad name' });
  const json = await post(`${url}/v1/metrics`, asJson(request));
  const { partialSuccess } = JSON.parse(json.text) as { partialSuccess: Record<string, string> };
  assert.equal(json.status, 200);
  assert.equal(partialSuccess.rejectedDataPoints, '3');
  assert.match(partialSuccess.errorMessage ?? '', /^Refused data points: 3 for bad_name/);

  const wire = await post(`${url}/v1/metrics`, encode('MetricsRequest', request), PROTOBUF_TYPE);
  const decoded = decode('Response', 'protobuf', wire.bytes).partialSuccess;
  assert.deepEqual([String(decoded?.rejected), decoded?.errorMessage], ['3', partialSuccess.errorMessage]);

  const traces = await post(`${url}/v1/traces`, asJson(spans(span, { ...span, spanId: '' })));
  assert.match(traces.text, /^\{"partialSuccess":\{"rejectedSpans":"1","errorMessage":"Refused spans: 1 for bad_id/);
  assert.deepEqual(intake.dropped(), { 'metrics.bad_name': 6, 'traces.bad_id': 1 });
});

test('what the store refuses is told as data points: a summary, which is several writes, once', async t => {
  const intake = createTestIntake({
    write: writes => ({ kept: 0, refused: writes.map((_, index) => ({ index, reason: 'too many series' })) }),
  });
  const url = await serveIntake(t, intake);
  const summary = {
    dataPoints: [{ startTimeUnixNano: nowNano - 1e9, timeUnixNano: nowNano, quantileValues: [{ quantile: 1 }] }],
  };
  const { text } = await post(`${url}/v1/metrics`, asJson(metricsRequest(counter(2), { name: 's', summary })));
  assert.match(
    text,
    /"rejectedDataPoints":"3","errorMessage":"Refused data points: 3 for by_store \(too many series\)"/,
  );
  assert.deepEqual(intake.dropped(), { 'metrics.by_store': 3 });
});

test('a request of more points than Google takes is refused whole, and taken where that is switched off', async t => {
  const intake = createTestIntake();
  const body = asJson(metricsRequest(counter(limits.otlp_points_max), counter(1, 'one')));
  const { status, text } = await post(`${await serveIntake(t, intake)}/v1/metrics`, body);
  assert.equal(status, 400);
  assert.match(text, /^\{"code":3,"message":"The request has 201 data points, and Google takes at most 200: /);
  assert.equal(intake.writes.length, 0);
  assert.equal(intake.dropped()['metrics.too_many_points'], 201);

  const lenient = createTestIntake({ asGoogle: false });
  assert.equal((await post(`${await serveIntake(t, lenient)}/v1/metrics`, body)).status, 200);
  assert.equal(lenient.writes.length, 201);
});

test('between its steps a request lets others have their turn, and what came first is stored first', async () => {
  const steps: string[] = [];
  const clock = {
    now() {
      steps.push('mapped');
      return nowMs;
    },
  };
  const intake = createTestIntake({
    clock,
    write(writes) {
      steps.push(`stored ${writes[0]?.series.metric.type.split('/')[1]}`);
      return { kept: writes.length, refused: [] };
    },
  });

  const sent = ['a', 'b'].map(name =>
    send(intake, { path: '/v1/metrics', headers: JSON_TYPE, body: asJson(metricsRequest(counter(1, name))) }),
  );
  assert.deepEqual(await Promise.all(sent), [200, 200]);
  assert.deepEqual(steps, ['mapped', 'mapped', 'stored a', 'stored b']);
});

test('so many requests are decoded at once, and the others wait as bytes', async () => {
  let [decoded, most, stored] = [0, 0, 0];
  const clock = {
    now() {
      decoded += 1;
      most = Math.max(most, decoded);
      return nowMs;
    },
  };
  const intake = createTestIntake({
    clock,
    write(writes) {
      decoded -= 1;
      stored += writes.length;
      return { kept: writes.length, refused: [] };
    },
  });
  const body = asJson(metricsRequest(counter(1)));
  const sent = Array.from({ length: 100 }, () => send(intake, { path: '/v1/metrics', headers: JSON_TYPE, body }));
  assert.deepEqual(new Set(await Promise.all(sent)), new Set([200]));
  assert.equal(stored, 100);
  assert.ok(most > 1 && most <= limits.otlp_requests_max, `${most} at once`);
});

test('a store that is full of what is not yet written makes the sender wait', async t => {
  const { error } = errorTable({ store_full: { status: 503, exitCode: 1, title: 'The store is full' } });
  const intake = createTestIntake({
    write: () => {
      throw error('store_full', 'The store is full');
    },
  });
  const url = await serveIntake(t, intake);
  const json = await post(`${url}/v1/metrics`, asJson(metricsRequest(counter(1))));
  assert.deepEqual([json.status, json.headers.get('retry-after')], [503, String(limits.otlp_retry_after_seconds)]);
  assert.equal(json.text, '{"code":14,"message":"The store is full"}');
  const wire = await post(`${url}/v1/metrics`, encode('MetricsRequest', metricsRequest(counter(1))), PROTOBUF_TYPE);
  const status = decode('Status', 'protobuf', wire.bytes);
  assert.deepEqual([status.code, status.message], [14, 'The store is full']);
  assert.deepEqual(intake.dropped(), { 'metrics.store_full': 2 });
});

test('what cannot be decoded is a 400 with a status that says why, in the encoding in which it was sent', async t => {
  const intake = createTestIntake();
  const url = await serveIntake(t, intake);
  const json = await post(`${url}/v1/traces`, Buffer.from('{"resourceSpans":'));
  assert.equal(json.status, 400);
  assert.match(json.text, /^\{"code":3,"message":"The body is not OTLP in JSON: /);
  const wire = await post(`${url}/v1/logs`, Buffer.from([0x0a, 0x7f, 0x01]), PROTOBUF_TYPE);
  assert.equal(wire.status, 400);
  assert.match(decode('Status', 'protobuf', wire.bytes).message ?? '', /^The body is not OTLP in protocol buffers: /);
  assert.deepEqual(intake.dropped(), { 'traces.bad_request': 1, 'logs.bad_request': 1 });
});

test('other paths are left to others, other methods and types are refused', async t => {
  const url = await serveIntake(t, createTestIntake());
  for (const path of ['/', '/v1/trace', '/v1/traces/', '/v1/projects/p/metrics']) {
    assert.equal((await post(`${url}${path}`, asJson({}))).status, 404, path);
  }
  const get = await fetch(`${url}/v1/traces`);
  assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
  assert.match(await get.text(), /"message":"OTLP is sent by POST, not GET"/);
  for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'constructor' }, {}]) {
    const { status, text } = await post(`${url}/v1/traces`, asJson({}), headers as Record<string, string>);
    assert.equal(status, 415);
    assert.match(text, /content-type must be application\/json or application\/x-protobuf, not /);
  }
  const brotli = await post(`${url}/v1/traces`, asJson({}), { ...JSON_TYPE, 'content-encoding': 'br' });
  assert.match(brotli.text, /content-encoding must be gzip or absent, not \\"br\\"/);
  assert.equal(brotli.status, 415);
});

test('compressed bodies are unpacked, and what only says that it is compressed is a 400', async t => {
  const intake = createTestIntake();
  const url = `${await serveIntake(t, intake)}/v1/metrics`;
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  assert.equal((await post(url, gzipSync(asJson(metricsRequest(counter(4)))), gzip)).status, 200);
  assert.equal(intake.writes.length, 4);
  const { status, text } = await post(url, asJson({}), gzip);
  assert.equal(status, 400);
  assert.match(text, /The body is not gzip: /);
});

test('a small body that unpacks to a huge one is refused before it is whole', async t => {
  const intake = createTestIntake();
  const bomb = gzipSync(Buffer.alloc(2 * limits.otlp_unpacked_bytes_max, 0x20), { level: 9 });
  assert.ok(bomb.length < limits.otlp_body_bytes_max / 10);
  const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  const { status, text } = await post(`${await serveIntake(t, intake)}/v1/logs`, bomb, headers);
  assert.equal(status, 413);
  assert.match(text, new RegExp(`more than ${limits.otlp_unpacked_bytes_max} bytes unpacked, and at most`));
  assert.deepEqual(intake.dropped(), { 'logs.body_too_large': 1 });
});

test('a declared length over the limit is refused before a byte is asked for, and one under it is asked for', async t => {
  const url = `${await serveIntake(t, createTestIntake())}/v1/traces`;
  const statusOf = async (length: number, body: string) => {
    const headers = { ...JSON_TYPE, 'content-length': length, expect: '100-continue' };
    const sending = request(url, { method: 'POST', headers });
    let continued = false;
    sending.once('continue', () => {
      continued = true;
      sending.end(body);
    });
    sending.on('error', () => {});
    sending.flushHeaders();
    const [response] = await once(sending, 'response');
    sending.destroy();
    return [response.statusCode, continued];
  };
  assert.deepEqual(await statusOf(limits.otlp_body_bytes_max + 1, ''), [413, false]);
  assert.deepEqual(await statusOf(2, '{}'), [200, true]);
});

test('a body of undeclared length is cut at the limit, and its sender gets the answer', async t => {
  const sending = request(`${await serveIntake(t, createTestIntake())}/v1/traces`, {
    method: 'POST',
    headers: JSON_TYPE,
  });
  // The rest of the body is cut off when the server goes.
  sending.on('error', () => {});
  const answered = once(sending, 'response');
  const chunk = Buffer.alloc(1_048_576, 0x20);
  for (let sent = 0; sent <= limits.otlp_body_bytes_max; sent += chunk.length) sending.write(chunk);
  const [response] = await answered;
  assert.equal(response.statusCode, 413);
  assert.match((await response.toArray()).join(''), /more than 8388608 bytes/);
  sending.destroy();
});

test("an error that is nobody's fault but ours is not dressed up as the sender's", async () => {
  const broken = createTestIntake({
    write: () => {
      throw new TypeError('a bug');
    },
  });
  const body = asJson(metricsRequest(counter(1)));
  await assert.rejects(send(broken, { path: '/v1/metrics', headers: JSON_TYPE, body }), { message: 'a bug' });
});
