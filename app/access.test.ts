import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { createManualClock } from '../base/clock.ts';
import { startApi } from './testing.ts';

const settings = { apiKeys: ['key-one', 'the-second-key'] };

test('each configured key is valid, as header or bearer token; anything else is 401', async t => {
  const { get } = await startApi(t, () => ({ settings }));
  for (const headers of [
    { 'x-api-key': 'key-one' },
    { 'x-api-key': 'the-second-key' },
    { authorization: 'Bearer key-one' },
    { authorization: 'bearer the-second-key' },
  ]) {
    assert.equal((await get('/records', headers as unknown as Record<string, string>)).status, 200);
  }
  for (const headers of [
    {},
    { 'x-api-key': '' },
    { 'x-api-key': 'key-on' },
    { 'x-api-key': 'key-one ,the-second-key' },
    { authorization: 'Bearer key-two' },
    { authorization: 'Basic key-one' },
  ]) {
    const { status, headers: answered, json } = await get('/records', headers as unknown as Record<string, string>);
    assert.deepEqual([status, answered.get('www-authenticate')], [401, 'Bearer realm="burnline"']);
    assert.equal(json.problems[0].field, 'x-api-key');
    assert.doesNotMatch(JSON.stringify(json), /key-one|second/);
  }
});

test('every other path and method needs the key too; health and documents do not', async t => {
  const { get, send } = await startApi(t, () => ({ settings }));
  for (const [method, path] of [
    ['GET', '/data'],
    ['GET', '/records/1'],
    ['GET', '/dead-letters'],
    ['GET', '/nowhere'],
    ['POST', '/records'],
    ['POST', '/health'],
    ['DELETE', '/records/1'],
  ] as const) {
    assert.equal((await send(method, path)).status, 401, `${method} ${path}`);
  }
  const inserted = await send('POST', '/', { data: { id: '1', name: 'x', value: 1 } });
  assert.deepEqual([inserted.status, inserted.json.success], [401, false]);
  for (const path of ['/', '/health', '/healthz', '/ready', '/readyz', '/openapi.json', '/docs', '/docs/docs.css']) {
    assert.equal((await get(path)).status, 200, path);
  }
});

test('with operator keys, erasing is for them alone; without API keys the rest stays open', async t => {
  const keys = { 'x-api-key': 'key-one' };
  const operator = { 'x-api-key': 'operator-key' };
  for (const apiKeys of [[], ['key-one']]) {
    const { get, send } = await startApi(t, () => ({ settings: { apiKeys, operatorKeys: ['operator-key'] } }));
    const refused = await send('DELETE', '/records/1', undefined, keys);
    assert.deepEqual([refused.status, refused.json.problems[0].field], [apiKeys.length === 0 ? 401 : 403, 'x-api-key']);
    assert.equal((await send('DELETE', '/records/1')).status, 401);
    assert.equal((await send('DELETE', '/records/1', undefined, operator)).status, 200);
    assert.equal((await get('/records')).status, apiKeys.length === 0 ? 200 : 401);
    assert.equal((await get('/records', operator)).status, 200);
    const { json } = await get('/openapi.json');
    assert.deepEqual(json.paths['/records/{id}'].delete.security, [{ apiKey: [] }, { bearer: [] }]);
    assert.equal(json.paths['/records'].get.security === undefined, apiKeys.length === 0);
  }
});

test('an empty key among the configured ones lets nobody in', async t => {
  const { get } = await startApi(t, () => ({ settings: { apiKeys: [''] } }));
  assert.equal((await get('/records')).status, 401);
  assert.equal((await get('/records', { 'x-api-key': '' })).status, 401);
});

test('an erasure removes the record and its dead letters, and again nothing', async t => {
  const { send, get, stores } = await startApi(t);
  await send('PUT', '/records/1', { name: 'a' });
  await send('PUT', '/records/1', { name: 'b' });
  const bytes = { data: Buffer.from('{"id":"1"}'), attributes: {}, publishedAt: 1, refusedAt: 1, recordId: '1' };
  await stores.deadLetters.add([{ ...bytes, messageId: '7', reason: 'invalid_record', detail: 'name is required' }]);
  assert.deepEqual((await send('DELETE', '/records/1')).json, { id: '1', events: 2, deadLetters: 1 });
  assert.deepEqual((await send('DELETE', '/records/1')).json, { id: '1', events: 0, deadLetters: 0 });
  assert.equal((await get('/records/1')).status, 404);
});

test('an erasure that a store does not carry out is 503 and asks to come again', async t => {
  const erase = () => Promise.reject(new Error('database or disk is full: /secret'));
  const { send, logged } = await startApi(t, () => ({ erase }));
  const { status, json, headers, text } = await send('DELETE', '/records/1');
  assert.deepEqual([status, json.type, headers.get('retry-after')], [503, 'urn:burnline:problem:not_erased', '1']);
  assert.doesNotMatch(text, /secret/);
  assert.match(JSON.stringify(logged), /disk is full/);
});

test('without keys only the machine itself may erase: no forwarded request, no foreign host', async t => {
  const { url, send } = await startApi(t);
  assert.equal((await send('DELETE', '/records/1', undefined, { 'x-forwarded-for': '203.0.113.9' })).status, 403);
  const [response] = await once(
    request(`${url}/records/1`, { method: 'DELETE', headers: { host: 'rebound.example' } }).end(),
    'response',
  );
  assert.equal(response.statusCode, 403);
  response.resume();
});

test('with keys whoever has one may erase from anywhere', async t => {
  const { send } = await startApi(t, () => ({ settings }));
  const headers = { 'x-api-key': 'key-one', 'x-forwarded-for': '203.0.113.9' };
  assert.equal((await send('DELETE', '/records/1', undefined, headers)).status, 200);
});

test('a client may send so many requests a second, and is told when to come again', async t => {
  const clock = createManualClock(Date.now());
  const { get } = await startApi(t, () => ({ clock, settings: { apiKeys: [], requestsPerSecondMax: 2 } }));
  const statuses = async (count: number) => {
    const answers = [];
    for (let time = 0; time < count; time += 1) answers.push((await get('/records')).status);
    return answers;
  };
  assert.deepEqual(await statuses(3), [200, 200, 429]);
  const refused = await get('/records');
  assert.deepEqual(
    ['retry-after', 'ratelimit-limit', 'ratelimit-remaining'].map(name => refused.headers.get(name)),
    ['1', '2', '0'],
  );
  assert.equal((await get('/health')).status, 200);
  clock.advance(500);
  assert.deepEqual(await statuses(2), [200, 429]);
  clock.advance(60_000);
  assert.deepEqual(await statuses(3), [200, 200, 429]);
});

test('each key has a rate of its own', async t => {
  const clock = createManualClock(Date.now());
  const { get } = await startApi(t, () => ({ clock, settings: { ...settings, requestsPerSecondMax: 1 } }));
  const ask = async (key: string) => (await get('/records', { 'x-api-key': key })).status;
  const answered = [await ask('key-one'), await ask('key-one'), await ask('the-second-key')];
  assert.deepEqual(answered, [200, 429, 200]);
});
