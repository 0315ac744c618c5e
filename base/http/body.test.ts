import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import Koa from 'koa';
import { hasBody, readJsonBody } from './body.ts';
import { answerProblems } from './problem.ts';
import { listen } from './server.ts';

const bytesMax = 1000;

/** A server that answers with the JSON it was sent. */
async function start(t: TestContext): Promise<string> {
  const app = new Koa();
  app.use(answerProblems({ log: { error: () => {} } }));
  app.use(async ctx => {
    const { json, bytes } = await readJsonBody(ctx, { bytesMax });
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({ json, bytes: bytes.length, hasBody: hasBody(ctx) });
  });
  const server = await listen({ handler: app.callback(), port: 0 });
  t.after(() => server.drain(0));
  return server.url;
}

async function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await fetch(url, { method: 'POST', headers: sent, body: body as string });
  return { status: response.status, body: await response.text() };
}

test('a JSON body is read, with integers beyond 2^53 digit for digit', async t => {
  const url = await start(t);
  const { body } = await post(url, '{"n":12345678901234567890}', {
    'content-type': 'Application/JSON; charset="UTF-8"',
  });
  assert.equal(body, '{"json":{"n":12345678901234567890},"bytes":26,"hasBody":true}');
  assert.equal((await post(url, '[]', { 'content-type': 'application/cloudevents+json' })).status, 200);
});

test('a content type that is not JSON in UTF-8, or none, is refused with 415 and named', async t => {
  const url = await start(t);
  for (const [headers, value] of [
    [{ 'content-type': 'text/plain' }, 'text/plain'],
    [{ 'content-type': 'application/json; charset=latin1' }, 'latin1'],
    [{ 'content-type': 'application/jsonx' }, 'jsonx'],
    [{ 'content-encoding': 'gzip' }, 'gzip'],
  ] as const) {
    const { status, body } = await post(url, '{}', headers as unknown as Record<string, string>);
    assert.equal(status, 415, value);
    assert.ok(body.includes(value), body);
  }
  const untyped = await fetch(url, { method: 'POST', body: Buffer.from('{}') });
  assert.equal(untyped.status, 415);
});

test('a body that is empty, not UTF-8, not JSON or nested too deeply is a 400 that says so', async t => {
  const url = await start(t);
  const nest = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);
  for (const [body, code] of [
    ['', 'body_empty'],
    [new Uint8Array([0x22, 0xff, 0x22]), 'body_not_json'],
    ['hello', 'body_not_json'],
    ['{"a":', 'body_not_json'],
    [nest(400), 'body_too_deep'],
  ] as const) {
    const answer = await post(url, body);
    assert.equal(answer.status, 400, code);
    assert.ok(answer.body.includes(`urn:burnline:problem:${code}`), answer.body);
    assert.ok(answer.body.includes('"field":"body"'), answer.body);
  }
});

test('a declared length over the limit is refused before a byte is asked for', async t => {
  const url = await start(t);
  const headers = { 'content-type': 'application/json', 'content-length': bytesMax + 1, expect: '100-continue' };
  const sending = request(url, { method: 'POST', headers });
  let continued = false;
  sending.once('continue', () => {
    continued = true;
  });
  sending.flushHeaders();
  const [response] = await once(sending, 'response');
  assert.equal(response.statusCode, 413);
  assert.equal(continued, false);
  sending.destroy();
});

test('a client that waits for "100 Continue" gets it once its body is wanted', async t => {
  const url = await start(t);
  const headers = { 'content-type': 'application/json', 'content-length': 2, expect: '100-continue' };
  const sending = request(url, { method: 'POST', headers });
  sending.flushHeaders();
  await once(sending, 'continue');
  sending.end('{}');
  const [response] = await once(sending, 'response');
  assert.equal(response.statusCode, 200);
  response.resume();
});

test('a body without a declared length is cut at the limit, and its sender still gets the answer', async t => {
  const url = await start(t);
  const sending = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
  // The rest of the body is cut off when the server goes.
  sending.on('error', () => {});
  const answered = once(sending, 'response');
  const chunk = Buffer.alloc(65_536, 0x20);
  for (let sent = 0; sent < 64; sent += 1) sending.write(chunk);
  sending.end();
  const [response] = await answered;
  assert.equal(response.statusCode, 413);
  const text = (await response.toArray()).join('');
  assert.ok(text.includes('"field":"body"') && text.includes(`${bytesMax} bytes`), text);
});
