import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Reader } from '../records/reader.ts';
import type { DataRecord } from '../records/record.ts';
import { everyRecord } from './every-record.ts';
import { fill, startApi } from './testing.ts';

const record = (id: string, name = 'x'): DataRecord => ({ id, name, timestamp: '2026-01-02T03:04:05Z' });

/** A reader of `count` records that are made when asked for, and counts what was read. */
function createEndlessReader(count: number, name = 'x'.repeat(100)) {
  const read = { records: 0, pages: 0, limitMax: 0 };
  const reader: Reader = {
    get: async () => undefined,
    isFresh: () => true,
    catchUp: async () => {},
    async page({ limit, ...from }) {
      const start = 'after' in from ? Number(from.after) + 1 : from.offset;
      const length = Math.max(0, Math.min(limit, count - start));
      read.records += length;
      read.pages += 1;
      read.limitMax = Math.max(read.limitMax, limit);
      return Array.from({ length }, (_, index) => record(String(start + index).padStart(9, '0'), name));
    },
  };
  return { reader, read };
}

test('every record comes as one JSON array, in order of id', async t => {
  const { get, stores } = await startApi(t);
  assert.deepEqual((await get('/data')).json, []);
  const ids = await fill(stores, 750);
  const { status, headers, json } = await get('/data');
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/json');
  assert.deepEqual(
    json.map(({ id }: DataRecord) => id),
    ids,
  );
});

test('one record a line comes to who asks for NDJSON, and JSON to who takes anything', async t => {
  const { get, stores } = await startApi(t);
  assert.equal((await get('/data', { accept: 'application/x-ndjson' })).text, '');
  const ids = await fill(stores, 250);
  const { headers, text } = await get('/data', { accept: 'application/x-ndjson' });
  assert.equal(headers.get('content-type'), 'application/x-ndjson');
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(
    lines.map(line => JSON.parse(line).id),
    ids,
  );
  assert.equal((await get('/data', { accept: '*/*' })).headers.get('content-type'), 'application/json');
});

test('the number of records does not matter where the last page is full', async () => {
  for (const count of [0, 1, 99, 100, 101, 1100, 1101]) {
    const { reader } = createEndlessReader(count, 'x');
    const text = (await Array.fromAsync(everyRecord(reader))).join('');
    assert.equal(JSON.parse(text).length, count);
  }
});

test('large records are read few at a time', async () => {
  const { reader, read } = createEndlessReader(110, 'x'.repeat(1_000_000));
  for await (const _ of everyRecord(reader)) {
    // Only what was read counts.
  }
  assert.deepEqual(read, { records: 110, pages: 12, limitMax: 100 });
});

test('nothing more is read while the client does not take what there is, nor after it has gone', async t => {
  const { reader, read } = createEndlessReader(10_000_000);
  const { url, logged } = await startApi(t, () => ({ reader }));
  const leaving = new AbortController();
  const response = await fetch(`${url}/data`, { signal: leaving.signal });
  const body = response.body?.getReader();
  await body?.read();
  let seen = -1;
  for (let still = 0; still < 50; still = read.records === seen ? still + 1 : 0) {
    seen = read.records;
    await turn();
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  assert.ok(seen > 0 && seen < 1_000_000, `${seen} records read`);
  leaving.abort();
  await assert.rejects(async () => {
    for (;;) if ((await body?.read())?.done) throw new Error('ended as if whole');
  }, /abort/i);
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.ok(read.records < 1_000_000, `${read.records} records read`);
  assert.deepEqual(logged, [], 'that a client goes is no failure');
});

test('an answer that fails on its way is cut off, so that it cannot be taken for a whole one', async t => {
  const { reader, read } = createEndlessReader(1_000_000);
  const failing: Reader = {
    ...reader,
    page: options => (read.pages < 5 ? reader.page(options) : Promise.reject(new Error('the disk is gone'))),
  };
  for (const accept of ['application/json', 'application/x-ndjson']) {
    read.pages = 0;
    const { get, logged } = await startApi(t, () => ({ reader: failing }));
    await assert.rejects(get('/data', { accept }));
    assert.match(JSON.stringify(logged), /cut off: the disk is gone/);
  }
});

test('an answer that fails before it began is told as a failure', async t => {
  const { reader } = createEndlessReader(0);
  const { get } = await startApi(t, () => ({ reader: { ...reader, page: () => Promise.reject(new Error('x')) } }));
  assert.equal((await get('/data')).status, 500);
});
