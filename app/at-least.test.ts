import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reader, VersionedRecord } from '../records/reader.ts';
import { startApi } from './testing.ts';

const versionOf = (orderedAt: number): VersionedRecord => ({
  record: { id: '1', name: `at ${orderedAt}`, timestamp: '2026-01-02T03:04:05Z' },
  version: { orderedAt, messageId: 'm' },
});

/** A reader that is behind: it has one version, and the next one once it has caught up. */
function readerBehind(now: VersionedRecord | undefined, later: VersionedRecord | undefined, catchUp = async () => {}) {
  let current = now;
  const reader: Reader = {
    get: async () => current,
    page: async () => [],
    isFresh: () => true,
    async catchUp() {
      await catchUp();
      current = later;
    },
  };
  return { reader };
}

test('what a write answered can be asked for, and is then there or newer', async t => {
  const { send, get } = await startApi(t);
  const { headers } = await send('PUT', '/records/1', { name: 'a' });
  const version = headers.get('x-record-version');
  assert.equal((await get(`/records/1?minVersion=${version}`)).json.name, 'a');
  await send('PUT', '/records/1', { name: 'b' });
  assert.equal((await get(`/records/1?minVersion=${version}`)).json.name, 'b');
});

test('a reader that is behind catches up before it answers, and not where it has what is asked for', async t => {
  const { get } = await startApi(t, () => readerBehind(versionOf(1), versionOf(2)));
  assert.equal((await get('/records/1?minVersion=1.m')).json.name, 'at 1');
  assert.equal((await get('/records/1?minVersion=2.m')).json.name, 'at 2');
});

test('a version that is not stored is a 412 that names the newest, an erased record a 404', async t => {
  const { get } = await startApi(t, () => readerBehind(versionOf(1), versionOf(1)));
  const { status, json } = await get('/records/1?minVersion=2.m');
  assert.equal(status, 412);
  assert.match(json.detail, /2\.m .* newest is 1\.m/);
  const erased = await startApi(t, () => readerBehind(versionOf(1), undefined));
  assert.equal((await erased.get('/records/1?minVersion=2.m')).status, 404);
});

test('where the warehouse does not answer, a version that is not here is a 503', async t => {
  const broken = readerBehind(undefined, undefined, () => Promise.reject(new Error('down')));
  const { get } = await startApi(t, () => broken);
  const { status, json } = await get('/records/1?minVersion=2.m');
  assert.deepEqual([status, json.type], [503, 'urn:burnline:problem:version_not_here']);
});

test('what is no version is a 400 that names the parameter', async t => {
  const { get } = await startApi(t);
  for (const version of ['', 'abc', '1', '1.', '.m', `1${'0'.repeat(16)}.m`, '1.a%20b']) {
    const { status, json } = await get(`/records/1?minVersion=${version}`);
    assert.deepEqual([status, json.problems?.[0].field], [400, 'minVersion'], version);
  }
});
