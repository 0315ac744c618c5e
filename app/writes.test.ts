import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../base/clock.ts';
import type { BurnlineError } from '../base/errors.ts';
import { recordErrors } from '../records/errors.ts';
import type { RowError, Warehouse } from '../records/warehouse.ts';
import { startApi } from './testing.ts';
import { createWriter } from './writer.ts';

const failing = (append: Warehouse['append']): Warehouse => ({
  system: 'sqlite',
  append,
  lastOrder: async () => 0,
  erase: async () => 0,
  close: async () => {},
});

test('a record that was posted is told where it is, and is there', async t => {
  const { send, get } = await startApi(t);
  const sent = { id: '1', name: 'Ada', value: 45.67, extra: { a: [1] }, big: 1 };
  const { status, json, headers } = await send('POST', '/records', sent);
  assert.equal(status, 201);
  assert.equal(headers.get('location'), '/records/1');
  const { timestamp, ...rest } = json;
  assert.deepEqual(rest, { id: '1', name: 'Ada', value: 45.67, attributes: { extra: { a: [1] }, big: 1 } });
  assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
  const read = await get('/records/1');
  assert.deepEqual(read.json, json);
  assert.equal(read.headers.get('x-record-version'), headers.get('x-record-version'));
});

test('of two writes the later is the newer, and a record that was read can be written back', async t => {
  const { send, get } = await startApi(t);
  await send('POST', '/records', { id: '1', name: 'first', country: 'CL', tag: 'x' });
  await send('PUT', '/records/1', { name: 'second', tag: 'y' });
  const { json } = await get('/records/1');
  assert.deepEqual([json.name, json.country, json.attributes], ['second', undefined, { tag: 'y' }]);
  assert.deepEqual((await send('PUT', '/records/1', json)).json, json);
});

test('a write is readable at once after a version ahead of our clock, and after its erasure', async t => {
  const { send, get, stores } = await startApi(t);
  const record = { id: '1', name: 'pushed', timestamp: '2026-01-02T03:04:05Z' };
  const version = { orderedAt: (Date.now() + 3_000_000) * 1000, messageId: '7' };
  await stores.warehouse.append([{ record, version, source: 'topic' }]);
  for (const name of ['over it', 'erased with it']) {
    assert.equal((await send('PUT', '/records/1', { name })).status, 200);
    assert.equal((await get('/records/1')).json.name, name);
  }
  await send('DELETE', '/records/1');
  assert.equal((await send('PUT', '/records/1', { name: 'after it' })).status, 200);
  assert.equal((await get('/records/1')).json.name, 'after it');
});

test('the id of the body is that of the path, or absent', async t => {
  const { send } = await startApi(t);
  assert.equal((await send('PUT', '/records/1', { id: '1', name: 'x' })).status, 200);
  const { status, json } = await send('PUT', '/records/1', { id: '2', name: 'x' });
  assert.equal(status, 400);
  assert.deepEqual(json.problems, [{ field: 'id', value: '"2"', rule: 'must be the id of the path, or absent' }]);
});

test('what is no record is a 400 that names field, value and rule', async t => {
  const { send } = await startApi(t);
  for (const [body, field, value] of [
    [{ name: 'x' }, 'id', undefined],
    [{ id: 7, name: 'x' }, 'id', '7'],
    [{ id: '', name: 'x' }, 'id', '""'],
    [{ id: '.', name: 'x' }, 'id', '"."'],
    [{ id: '..', name: 'x' }, 'id', '".."'],
    [{ id: 'a'.repeat(513), name: 'x' }, 'id', /^"a+…$/],
    [{ id: '1', name: 'x', value: '5' }, 'value', '"5"'],
    ['{"id":"1","name":"x","value":1e999}', 'value', 'Infinity'],
    ['{"id":"1","name":"x","y":[1e400]}', 'y', undefined],
    [{ id: '1', name: 'x', timestamp: '0001-01-01T00:00:00Z' }, 'timestamp', '"0001-01-01T00:00:00Z"'],
    [[], 'record', '[]'],
    ['null', 'record', 'null'],
    ['hello', 'body', '"hello"'],
    ['', 'body', undefined],
    ['['.repeat(100_000), 'body', /^"\[+…$/],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'body', undefined],
    [`${'{"a":'.repeat(5000)}1234567890123456789${'}'.repeat(5000)}`, 'body', undefined],
    [JSON.parse(`{"id":"1","name":"x","a":${'['.repeat(33)}${']'.repeat(33)}}`), 'record', undefined],
  ] as const) {
    const { status, json } = await send('POST', '/records', body);
    assert.equal(status, 400, JSON.stringify(body).slice(0, 80));
    assert.equal(json.problems[0].field, field);
    if (value instanceof RegExp) assert.match(json.problems[0].value, value);
    else assert.equal(json.problems[0].value, value);
  }
});

test('a body of 100 MB is refused with 413 without being kept', async t => {
  const { url, get } = await startApi(t);
  const chunk = new Uint8Array(1_000_000).fill(0x20);
  let sent = 0;
  let keptMax = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (sent === 100) return controller.close();
      sent += 1;
      keptMax = Math.max(keptMax, process.memoryUsage().arrayBuffers);
      controller.enqueue(chunk);
    },
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
  const response = await fetch(`${url}/records`, init as RequestInit);
  assert.equal(response.status, 413);
  assert.match(await response.text(), /at most 1114112 bytes/);
  assert.ok(keptMax < 60_000_000, `${keptMax} bytes`);
  assert.equal((await get('/health')).status, 200);
});

test('a record over its own limit is refused with 413', async t => {
  const { send } = await startApi(t);
  const { status, json } = await send('POST', '/records', { id: '1', name: 'x', notes: 'x'.repeat(1_048_577) });
  assert.equal(status, 413);
  assert.match(json.detail, /at most 1048576 bytes/);
});

test('POST / stores what is given as data, and answers in its own shape', async t => {
  const { send, get } = await startApi(t);
  const { status, text, headers } = await send('POST', '/', { data: { id: '123', name: 'Sample Data', value: 45.67 } });
  assert.deepEqual([status, text], [200, '{"success":true,"message":"Data inserted successfully!"}']);
  assert.equal(headers.get('content-type'), 'application/json');
  assert.equal((await get('/records/123')).json.value, 45.67);
});

test('every failure of POST / is told in its shape, with the field that is wrong', async t => {
  const { send } = await startApi(t);
  const large = { data: { id: '1', name: 'x', value: 1, notes: 'x'.repeat(1_200_000) } };
  for (const [status, names, body, type] of [
    [400, 'id', { data: { name: 'x', value: 1 } }],
    [400, 'name', { data: { id: '1', value: 1 } }],
    [400, 'value', { data: { id: '1', name: 'x' } }],
    [400, 'value', { data: { id: '1', name: 'x', value: null } }],
    [400, 'value', { data: { id: '1', name: 'x', value: '1' } }],
    [400, 'data', { id: '1', name: 'x', value: 1 }],
    [400, 'data', { data: [] }],
    [400, 'data', 'null'],
    [400, 'JSON', '{"data":'],
    [400, 'empty', ''],
    [400, 'content-type', '{}', 'text/plain'],
    [413, 'bytes', large],
  ] as const) {
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    const answer = await send('POST', '/', body, headers);
    assert.equal(answer.status, status, names);
    assert.deepEqual(Object.keys(answer.json), ['success', 'error']);
    assert.equal(answer.json.success, false);
    assert.ok(answer.json.error.includes(names), answer.json.error);
  }
});

test('a warehouse that fails is 503 and asks to come again, and 500 for POST /', async t => {
  const warehouse = failing(() => Promise.reject(new Error('secret host unreachable')));
  const { send, logged } = await startApi(t, () => ({ warehouse }));
  const { status, json, headers, text } = await send('POST', '/records', { id: '1', name: 'x' });
  assert.deepEqual(
    [status, json.type, headers.get('retry-after')],
    [503, 'urn:burnline:problem:warehouse_unavailable', '1'],
  );
  assert.doesNotMatch(text, /secret/);
  assert.match(JSON.stringify(logged), /secret host unreachable/);
  const inserted = await send('POST', '/', { data: { id: '1', name: 'x', value: 1 } });
  assert.equal(inserted.status, 500);
  assert.equal(inserted.json.success, false);
});

test('a full queue is told as what it is', async t => {
  const warehouse = failing(() => Promise.reject(recordErrors.error('queue_full', '5 of at most 5 are waiting')));
  const { send } = await startApi(t, () => ({ warehouse }));
  assert.match((await send('POST', '/records', { id: '1', name: 'x' })).json.detail, /5 of at most 5/);
});

test('a row that the warehouse refuses is 422 with its reason', async t => {
  const { send } = await startApi(t, () => ({
    warehouse: failing(async () => [{ index: 0, reason: 'value too odd' }]),
  }));
  const { status, json } = await send('PUT', '/records/1', { name: 'x' });
  assert.equal(status, 422);
  assert.match(json.detail, /value too odd/);
});

test('a warehouse that does not answer is told as an unknown outcome, also when it answers too late', async () => {
  const late = Promise.withResolvers<RowError[]>();
  const write = createWriter({
    warehouse: failing(() => late.promise),
    writeClock: async () => 1,
    clock: systemClock,
    newId: () => '1',
    answerMsMax: 5,
  });
  await assert.rejects(write({ id: '1', name: 'x' }), (error: BurnlineError) => {
    assert.equal(error.code, 'warehouse_silent');
    assert.match(error.message, /unknown/);
    return true;
  });
  late.reject(new Error('too late for anyone to hear'));
});
