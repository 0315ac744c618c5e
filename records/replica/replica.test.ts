import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { event as eventAt } from '../warehouse.contract.ts';
import type { RecordEvent } from '../warehouse.ts';
import { createFakeChanges } from './fakes.ts';
import { type Replica, startReplica } from './replica.ts';
import { createFileSnapshots } from './snapshots.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse('2026-01-03T12:00:00Z');
const micros = (ms: number) => ms * 1000;

/** An event that was published so many milliseconds before `NOW_MS`. */
function event(id: string, name: string, publishedMsAgo = 0): RecordEvent {
  const record = { id, name, timestamp: '2026-01-02T03:04:05Z' };
  return { record, version: { orderedAt: micros(NOW_MS - publishedMsAgo), messageId: '1' }, source: 'topic' };
}

function createBench(t: TestContext) {
  const table = createFakeChanges();
  const clock = createManualClock(NOW_MS);
  const folder = temporaryFolder();
  const logged: string[] = [];
  const note = (_about: object, message: string) => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  const path = join(folder, 'replica.sqlite');
  const snapshots = createFileSnapshots({ path: join(folder, 'snapshot.sqlite') });

  function start(options: Partial<Parameters<typeof startReplica>[0]> = {}): Replica {
    const replica = startReplica({
      ...{ path, bytesMax: 100_000_000, changes: table.changes, clock, log, followMs: 5 },
      ...options,
    });
    t.after(() => replica.stop());
    return replica;
  }
  const commit = (...events: RecordEvent[]) => table.commit(events, micros(clock.now()));
  return { ...table, commit, commitStamped: table.commit, clock, folder, path, snapshots, logged, start };
}

const namesIn = async ({ reader }: Replica) => (await reader.page({ limit: 1000, offset: 0 })).map(({ name }) => name);

test('it starts from the newest versions, follows what is committed, and reads nothing twice as two', async t => {
  const { commit, start } = createBench(t);
  commit(event('a', 'old', 2000), event('a', 'new', 1000), event('b', 'b'));
  const replica = start();
  await replica.loaded;
  assert.deepEqual(await namesIn(replica), ['new', 'b']);
  commit(event('a', 'older', 1500), event('c', 'c'), event('c', 'c'));
  await replica.reader.catchUp();
  assert.deepEqual(await namesIn(replica), ['new', 'b', 'c']);
});

test('a message held back for an hour and then released is readable', async t => {
  const { commit, clock, start } = createBench(t);
  const replica = start();
  await replica.loaded;
  clock.advance(HOUR_MS);
  await replica.reader.catchUp();
  commit(event('late', 'published an hour ago, committed now'));
  await replica.reader.catchUp();
  assert.equal((await replica.reader.get('late'))?.record.name, 'published an hour ago, committed now');
});

test('an append that was under way while the replica read is read later, though its stamp is in the past', async t => {
  const { commitStamped, clock, start } = createBench(t);
  const replica = start();
  await replica.loaded;
  const stamp = micros(clock.now());
  clock.advance(limits.append_attempt_ms_max);
  await replica.reader.catchUp();
  commitStamped([event('slow', 'slow')], stamp);
  await replica.reader.catchUp();
  assert.equal((await replica.reader.get('slow'))?.record.name, 'slow');
});

test('a replica that was away catches up, also in many queries, and two replicas agree', async t => {
  const { commit, clock, start, folder } = createBench(t);
  const away = start();
  await away.loaded;
  await away.stop();
  for (let n = 0; n < 50; n += 1) {
    clock.advance(60_000);
    commit(...Array.from({ length: 1000 }, (_, i) => event(`${n}-${i}`, `${n}-${i}`)));
  }
  const [back, other] = [start(), start({ path: join(folder, 'other.sqlite') })];
  await Promise.all([back.loaded, other.loaded]);
  assert.equal(back.capacity().records, 50_000);
  const lastOf = async ({ reader }: Replica) => reader.page({ limit: 1000, offset: 49_000 });
  assert.deepEqual(await lastOf(back), await lastOf(other));
});

test('a replica whose file was deleted, broken, or is of another table comes back by itself', async t => {
  const { commit, path, start, calls } = createBench(t);
  commit(event('a', 'a'));
  const first = start();
  await first.loaded;
  await first.stop();
  const harms = [
    async () => rmSync(path),
    async () => writeFileSync(path, 'no database'),
    async () => {
      const other = start({ changes: createFakeChanges({ source: 'another.table' }).changes });
      await other.loaded;
      await other.stop();
    },
  ];
  for (const harm of harms) {
    await harm();
    calls.length = 0;
    const replica = start();
    await replica.loaded;
    assert.deepEqual(await namesIn(replica), ['a']);
    assert.ok(calls.includes('newest'));
    await replica.stop();
  }
});

test('it starts from a snapshot without reading the whole table, and follows from there', async t => {
  const { commit, clock, snapshots, path, start, calls } = createBench(t);
  commit(event('a', 'a'));
  const first = start({ snapshots });
  await first.loaded;
  await first.stop();
  assert.notEqual(await snapshots.putAtMs(), undefined);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  clock.advance(HOUR_MS);
  commit(event('b', 'b'));
  calls.length = 0;
  const second = start({ snapshots });
  await second.loaded;
  assert.deepEqual(await namesIn(second), ['a', 'b']);
  assert.ok(!calls.includes('newest'));
});

test('a snapshot that cannot be used is passed over', async t => {
  const { commit, snapshots, folder, start } = createBench(t);
  commit(event('a', 'a'));
  const broken = join(folder, 'broken');
  writeFileSync(broken, 'no database');
  await snapshots.put(broken);
  const replica = start({ snapshots });
  await replica.loaded;
  assert.deepEqual(await namesIn(replica), ['a']);
});

test('an erasure anywhere removes the record here, keeps its redelivery out, and leaves nothing of it in file and snapshot', async t => {
  const { commit, erase, clock, snapshots, path, folder, start } = createBench(t);
  commit(event('person', 'Somebody Unmistakable'), event('other', 'other'));
  const [here, there] = [start({ snapshots }), start({ path: join(folder, 'there.sqlite') })];
  await Promise.all([here.loaded, there.loaded]);
  clock.advance(1000);
  erase('person', micros(clock.now()));
  await here.afterErasure();
  await there.reader.catchUp();
  commit(event('person', 'Somebody Unmistakable'));
  await Promise.all([here.reader.catchUp(), there.reader.catchUp()]);
  for (const replica of [here, there]) assert.deepEqual(await namesIn(replica), ['other']);
  for (const file of [path, `${path}-wal`, join(folder, 'snapshot.sqlite'), join(folder, 'there.sqlite')]) {
    assert.equal(readFileSync(file).includes('Unmistakable'), false, file);
  }
});

test('its age grows while the table does not answer; its reads are then not fresh, and fresh again afterwards', async t => {
  const { control, clock, start, logged } = createBench(t);
  const replica = start({ random: () => 0 });
  await replica.loaded;
  assert.equal(replica.reader.isFresh(), true);
  control.isDown = true;
  clock.advance(limits.replica_age_ms_max + 1);
  await assert.rejects(replica.reader.catchUp(), /BigQuery is down/);
  assert.equal(replica.reader.isFresh(), false);
  assert.equal(replica.ageMs(), limits.replica_age_ms_max + 1);
  assert.ok(logged.some(line => /does not follow: BigQuery is down/.test(line)));
  control.isDown = false;
  await replica.reader.catchUp();
  assert.equal(replica.reader.isFresh(), true);
});

test('until it is loaded a read is refused, and the load is tried again until the table answers', async t => {
  const { control, commit, start } = createBench(t);
  commit(event('a', 'a'));
  control.isDown = true;
  const replica = start({ random: () => 0 });
  await assert.rejects(replica.reader.get('a'), { code: 'replica_loading' });
  assert.deepEqual([replica.reader.isFresh(), replica.ageMs()], [false, Number.POSITIVE_INFINITY]);
  control.isDown = false;
  await replica.loaded;
  assert.equal((await replica.reader.get('a'))?.record.name, 'a');
});

test('after a restart while the table does not answer, what is there is served, and counts as old', async t => {
  const { control, commit, clock, start } = createBench(t);
  commit(event('a', 'a'));
  const first = start();
  await first.loaded;
  await first.stop();
  control.isDown = true;
  clock.advance(limits.replica_age_ms_max + 1);
  const { reader } = start();
  await assert.rejects(reader.catchUp());
  assert.equal((await reader.get('a'))?.record.name, 'a');
  assert.equal(reader.isFresh(), false);
});

test('it says how many records fit, and takes no more than its limit', async t => {
  const { commit, start, logged, path } = createBench(t);
  const many = Array.from({ length: 5000 }, (_, n) => event(`${n}`, 'x'.repeat(300)));
  commit(...many.slice(0, 2000));
  const roomy = start({ bytesMax: 1_500_000 });
  await roomy.loaded;
  const { records, recordsMax } = roomy.capacity();
  assert.equal(records, 2000);
  assert.ok(recordsMax > 2000 && recordsMax < 5000, String(recordsMax));
  assert.ok(logged.some(line => /holds 2000 records; about \d+ fit into 1500000 bytes/.test(line)));
  commit(...many);
  await assert.rejects(roomy.reader.catchUp(), { code: 'replica_full', message: /REPLICA_BYTES_MAX/ });
  assert.equal((await roomy.reader.page({ limit: 1000, offset: 0 })).length, 1000);
  await roomy.stop();
  assert.ok(readFileSync(path).length <= 1_500_000);
});

test('what this process has stored itself is readable here at once', async t => {
  const { start } = createBench(t);
  const replica = start({ followMs: HOUR_MS });
  await replica.loaded;
  const { record, version } = eventAt('own', 1);
  replica.applyOwn([{ record, version, source: 'api' }]);
  assert.equal((await replica.reader.get('own'))?.record.name, record.name);
  assert.equal(replica.lastOrder('own'), version.orderedAt);
});

test('once a day it compares itself with the table, and mends what is missing, old or too much', async t => {
  const { commit, commitStamped, erase, clock, start, calls, logged } = createBench(t);
  const day = 24 * HOUR_MS;
  commit(event('a', 'a', day), event('b', 'b', day + 1000), event('gone', 'gone', day));
  const replica = start();
  await replica.loaded;
  assert.ok(!calls.includes('daySums'), 'a replica just loaded needs no comparison');
  // Stamped by a clock that was hours behind, so that following never sees them.
  commitStamped([event('missed', 'missed', day + 2000), event('b', 'b newer', day)], micros(NOW_MS - 5 * HOUR_MS));
  erase('gone', 0);
  await replica.reader.catchUp();
  assert.deepEqual(await namesIn(replica), ['a', 'b', 'gone']);
  clock.advance(day);
  for (let looks = 0; looks < 500 && (await namesIn(replica)).includes('gone'); looks += 1) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.deepEqual(await namesIn(replica), ['a', 'b newer', 'missed']);
  assert.equal(calls.filter(call => call === 'daySums').length, 1);
  assert.ok(logged.some(line => /1 days? differed/.test(line)));
});
