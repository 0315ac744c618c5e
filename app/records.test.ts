import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCursor } from '../records/cursor.ts';
import { fill, startApi } from './testing.ts';

const ids = (page: { records: { id: string }[] }) => page.records.map(({ id }) => id);

test('a page tells its records, limit and offset, and where the next one starts', async t => {
  const { get, stores } = await startApi(t);
  const all = await fill(stores, 7);
  const first = await get('/records?limit=5&offset=0');
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('content-type'), 'application/json');
  const { records, ...rest } = first.json;
  assert.deepEqual(ids({ records }), all.slice(0, 5));
  assert.deepEqual(rest, { limit: 5, offset: 0, nextCursor: encodeCursor('records', 'id-004') });
  assert.equal(first.headers.get('link'), `</records?limit=5&cursor=${rest.nextCursor}>; rel="next"`);

  const second = await get('/records?limit=5&offset=5');
  assert.deepEqual([ids(second.json), second.json.nextCursor], [all.slice(5), null]);
  assert.equal(second.headers.get('link'), null);
  assert.deepEqual((await get('/records?offset=700')).json, { records: [], limit: 50, offset: 700, nextCursor: null });
});

test('without parameters it is the first 50; the last full page has no next one', async t => {
  const { get, stores } = await startApi(t);
  await fill(stores, 50);
  const { json } = await get('/records');
  assert.deepEqual([json.records.length, json.limit, json.offset, json.nextCursor], [50, 50, 0, null]);
});

test('by the link of each page every record comes once, while others are written', async t => {
  const { get, stores, send } = await startApi(t);
  const all = await fill(stores, 250);
  const seen: string[] = [];
  for (let path: string | undefined = '/records?limit=40'; path !== undefined; ) {
    const { json, headers } = await get(path);
    seen.push(...ids(json));
    assert.ok(path.includes('cursor') ? !('offset' in json) : json.offset === 0);
    path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    await send('PUT', `/records/id-${String(seen.length % 250).padStart(3, '0')}`, { name: 'written meanwhile' });
    await send('PUT', `/records/extra-${seen.length}`, { name: 'new meanwhile' });
  }
  assert.deepEqual(
    seen.filter(id => id.startsWith('id-')),
    all,
  );
});

test('a page of more than a step, up to the largest limit, is one page', async t => {
  const { get, stores } = await startApi(t);
  const all = await fill(stores, 1000);
  const { json } = await get('/records?limit=999');
  assert.deepEqual(ids(json), all.slice(0, 999));
  assert.equal(json.nextCursor, encodeCursor('records', 'id-998'));
  assert.equal((await get('/records?limit=1000')).json.nextCursor, null);
});

test('what is not a page is a 400 that names the field, the value and the rule', async t => {
  const { get } = await startApi(t);
  const ofLetters = encodeCursor('deadLetters', '1');
  const forged = encodeCursor('records', 'a').replace(/.$/, 'x');
  for (const [query, field, value, rule] of [
    ['limit=0', 'limit', '"0"', /at least 1/],
    ['limit=1001', 'limit', '"1001"', /at most 1000/],
    ['limit=abc', 'limit', '"abc"', /integer/],
    ['limit=1.5', 'limit', '"1.5"', /integer/],
    ['limit=1e2', 'limit', '"1e2"', /integer/],
    ['limit=', 'limit', '""', /integer/],
    ['limit=%00', 'limit', '"\\u0000"', /integer/],
    ['limit=1&limit=2', 'limit', '["1","2"]', /once/],
    ['offset=-1', 'offset', '"-1"', /at least 0/],
    ['offset=99999999999999999999', 'offset', '"99999999999999999999"', /integer/],
    [`cursor=${ofLetters}`, 'cursor', `"${ofLetters}"`, /nextCursor of an earlier page of this list/],
    [`offset=0&cursor=${encodeCursor('records', 'a')}`, 'offset', '"0"', /together with cursor/],
    [`cursor=${forged}`, 'cursor', `"${forged}"`, /nextCursor/],
    ['cursor=', 'cursor', '""', /nextCursor/],
    ['page=2', 'page', '"2"', /limit, offset, cursor/],
    ['__proto__=1', '__proto__', '"1"', /not a parameter/],
  ] as const) {
    const { status, json } = await get(`/records?${query}`);
    assert.equal(status, 400, query);
    const problem = json.problems[0];
    assert.deepEqual([problem.field, problem.value], [field, value], query);
    assert.match(problem.rule, rule, query);
    assert.ok(json.detail.includes(field), query);
  }
  const long = await get(`/records?cursor=${'a'.repeat(3000)}`);
  assert.match(long.json.problems[0].rule, /at most 2056/);
});

test('several wrong parameters are told at once, and a wrong one after a right one is still refused', async t => {
  const { get } = await startApi(t);
  const { json } = await get('/records?limit=0&offset=-1&x=1');
  assert.deepEqual(
    json.problems.map(({ field }: { field: string }) => field),
    ['limit', 'offset', 'x'],
  );
  for (const status of [400, 200, 400]) {
    assert.equal((await get(status === 200 ? '/records?limit=5' : '/records?limit=5x')).status, status);
  }
});

test('one record comes with its version, and with 304 to who has it', async t => {
  const { get, stores } = await startApi(t);
  await fill(stores, 1);
  const { status, json, headers } = await get('/records/id-000');
  assert.equal(status, 200);
  assert.deepEqual(json, { id: 'id-000', name: 'Name 0', timestamp: '2026-01-02T03:04:05Z', attributes: { index: 0 } });
  assert.equal(headers.get('x-record-version'), '1.0');
  const again = await get('/records/id-000', { 'if-none-match': headers.get('etag') ?? '' });
  assert.deepEqual([again.status, again.text], [304, '']);
  const unknown = await get('/records/none');
  assert.equal(unknown.status, 404);
  assert.ok(unknown.json.detail.includes('"none"'));
});

test('a page has an ETag that changes with any record of it', async t => {
  const { get, send, stores } = await startApi(t);
  await fill(stores, 3);
  const etag = (await get('/records')).headers.get('etag') ?? '';
  assert.equal((await get('/records', { 'if-none-match': etag })).status, 304);
  assert.equal((await get('/records', { 'if-none-match': '"other"' })).status, 200);
  await send('PUT', '/records/id-001', { name: 'Name X', timestamp: '2026-01-02T03:04:05Z', attributes: { index: 1 } });
  assert.equal((await get('/records', { 'if-none-match': etag })).status, 200);
});

test('ids in any script, with SQL, slashes and percent signs are only ids', async t => {
  const { get, send } = await startApi(t);
  for (const id of ["'; DROP TABLE records; --", 'a/b?c#d', '日本語', '🦙', '100%', '%41', ' ', '"', 'ñ'.repeat(500)]) {
    const put = await send('PUT', `/records/${encodeURIComponent(id)}`, { name: 'x' });
    assert.equal(put.status, 200, id);
    assert.equal((await get(`/records/${encodeURIComponent(id)}`)).json.id, id);
    const posted = await send('POST', '/records', { id, name: 'y' });
    assert.equal((await get(posted.headers.get('location') ?? '')).json.name, 'y', id);
  }
  assert.equal((await get('/records?limit=9')).json.records.length, 9);
});

test('an id that cannot be one is a 400 that says why', async t => {
  const { get } = await startApi(t);
  for (const [path, rule] of [
    ['%zz', /percent-encoding/],
    ['%E2%82', /percent-encoding/],
    ['%00', /NUL/],
    ['a'.repeat(513), /at most 512/],
  ] as const) {
    const { status, json } = await get(`/records/${path}`);
    assert.equal(status, 400, path);
    assert.equal(json.problems[0].field, 'id');
    assert.match(json.problems[0].rule, rule);
  }
});

test('HEAD answers as GET does, without the body; other methods are told what there is', async t => {
  const { send, get } = await startApi(t);
  const head = await send('HEAD', '/records');
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.equal(head.headers.get('etag'), (await get('/records')).headers.get('etag'));
  const refused = await send('PATCH', '/records/1', {});
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.get('allow'), 'DELETE, GET, HEAD, PUT');
  assert.equal((await get('/Records')).status, 404);
  assert.equal((await get('/records/')).status, 404);
});

test('a reader that fails is a 500 that tells nothing of the reason', async t => {
  const { get, logged } = await startApi(t, ({ reader }) => ({
    reader: { ...reader, page: () => Promise.reject(new Error('disk on fire at /secret')) },
  }));
  const { status, text } = await get('/records');
  assert.equal(status, 500);
  assert.doesNotMatch(text, /secret/);
  assert.match(JSON.stringify(logged), /disk on fire/);
});
