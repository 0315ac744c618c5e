import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createManualClock, systemClock } from '../../base/clock.ts';
import { BurnlineError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { openDatabase } from '../../base/sqlite/database.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { columnsOf } from '../columns.ts';
import { recordSchema } from '../record.ts';
import { createWriteClock } from '../version.ts';
import { event, testStores } from '../warehouse.contract.ts';
import type { RecordEvent } from '../warehouse.ts';
import { addRecordColumns, warehouseMigrations } from './schema.ts';
import { topicMigrations } from './topic-schema.ts';
import { openWarehouseFile } from './warehouse-file.ts';

const NOW_MS = Date.parse('2026-01-02T03:04:05Z');
const newPath = () => join(temporaryFolder(), 'data.sqlite');

testStores('SQLite', async () => openWarehouseFile({ path: newPath(), clock: systemClock }));

for (const [name, migrations] of [
  ['warehouse', warehouseMigrations],
  ['topic', topicMigrations],
] as const) {
  test(`the ${name} file is in WAL and waits for the disk at every commit`, () => {
    const database = openDatabase({ path: newPath(), migrations });
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
    assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
    assert.equal(database.prepare('PRAGMA busy_timeout').get()?.timeout, 5000);
  });

  test(`the ${name} file migrates from every step to the newest and keeps its rows`, () => {
    for (let steps = 0; steps <= migrations.length; steps += 1) {
      const path = newPath();
      const older = openDatabase({ path, migrations: migrations.slice(0, steps) });
      older.exec('CREATE TABLE kept (value); INSERT INTO kept VALUES (1)');
      older.close();
      const newer = openDatabase({ path, migrations });
      assert.equal(newer.prepare('PRAGMA user_version').get()?.user_version, migrations.length);
      assert.equal(newer.prepare('SELECT value FROM kept').get()?.value, 1);
    }
  });

  test(`a ${name} file of a newer version is left alone`, () => {
    const path = newPath();
    openDatabase({ path, migrations: [...migrations, 'CREATE TABLE future (x)'] }).close();
    assert.throws(
      () => openDatabase({ path, migrations }),
      (error: BurnlineError) => error instanceof BurnlineError && error.code === 'data_folder_newer',
    );
  });
}

test('a migration that fails leaves nothing behind', () => {
  const path = newPath();
  assert.throws(() => openDatabase({ path, migrations: ['CREATE TABLE a (x); CREATE TABLE b (nonsense'] }));
  const database = new DatabaseSync(path);
  assert.deepEqual(database.prepare('SELECT name FROM sqlite_schema').all(), []);
});

test('a field added to the record schema becomes a column, and rows written before stay as they were', async () => {
  const path = newPath();
  const before = openWarehouseFile({ path, clock: systemClock });
  await before.warehouse.append([event('1', 1)]);
  const database = openDatabase({ path, migrations: warehouseMigrations });
  addRecordColumns(database, columnsOf(recordSchema.extend({ email: recordSchema.shape.surname })));
  addRecordColumns(database, columnsOf(recordSchema));
  for (const table of ['records', 'record_events']) {
    assert.deepEqual({ ...database.prepare(`SELECT id, email FROM ${table}`).get() }, { id: '1', email: null });
  }
  const after = openWarehouseFile({ path, clock: systemClock });
  assert.equal((await after.reader.get('1'))?.record.name, '1 at 1');
});

test('a row that SQLite refuses costs one row of its batch', async () => {
  const { warehouse, reader } = openWarehouseFile({ path: newPath(), clock: systemClock });
  const bad = event('bad', 2);
  const errors = await warehouse.append([event('1', 1), { ...bad, source: null as unknown as 'topic' }, event('3', 3)]);
  assert.deepEqual(
    errors.map(({ index }) => index),
    [1],
  );
  assert.match(errors[0]?.reason ?? '', /NOT NULL/);
  assert.deepEqual(
    (await reader.page({ limit: 10, offset: 0 })).map(({ id }) => id),
    ['1', '3'],
  );
});

test('nothing that is appended in one turn is seen before all of it is', async () => {
  const path = newPath();
  const { warehouse } = openWarehouseFile({ path, clock: systemClock });
  const watcher = new DatabaseSync(path);
  const count = () => Number(watcher.prepare('SELECT count(*) AS rows FROM record_events').get()?.rows);
  const appends = Array.from({ length: 50 }, (_, index) => warehouse.append([event(String(index), index)]));
  assert.equal(count(), 0);
  await Promise.all(appends);
  assert.equal(count(), 50);
});

test('an erased id leaves no bytes in the file or its log', async () => {
  const path = newPath();
  const { warehouse, deadLetters } = openWarehouseFile({ path, clock: systemClock });
  await warehouse.append([event('person-secret-42', 1, { name: 'Secret-Name-42' })]);
  const data = Buffer.from('Secret-Name-42');
  const times = { publishedAt: 1, refusedAt: 2 };
  await deadLetters.add([{ ...times, messageId: '7', reason: 'not_json', detail: '', data, attributes: {} }]);
  for (const recordId of ['person-secret-42', 'alias-of-person-secret-42']) {
    await deadLetters.markReplayed('1', { at: 3, recordId });
  }
  await warehouse.erase('person-secret-42');
  await deadLetters.erase('person-secret-42');
  for (const suffix of ['', '-wal']) {
    const bytes = readFileSync(path + suffix, 'latin1');
    assert.ok(!bytes.includes('person-secret-42') && !bytes.includes('Secret-Name-42'), `found in ${suffix || 'file'}`);
  }
});

test('an erasure looks through many events with turns for others, and takes none that is written meanwhile', async () => {
  const path = newPath();
  const { warehouse, reader } = openWarehouseFile({ path, clock: createManualClock(NOW_MS) });
  await warehouse.append([event('person', 1)]);
  const database = new DatabaseSync(path);
  database.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${limits.erase_scan_events_max * 2})
    INSERT INTO record_events (id, ordered_at, message_id, appended_at, source, name, timestamp)
    SELECT 'other', i, i, 1, 'topic', 'x', 'x' FROM n`);
  await warehouse.append([event('person', 2)]);
  const erasing = warehouse.erase('person');
  const written: RecordEvent = { ...event('person', 3), source: 'api' };
  written.version.orderedAt = (await warehouse.lastOrder('person')) + 1;
  let isErased = false;
  void erasing.then(() => {
    isErased = true;
  });
  await warehouse.append([written]);
  assert.equal(isErased, false);
  assert.equal(await erasing, 2);
  assert.equal((await reader.get('person'))?.record.name, 'person at 3');
  const left = database.prepare("SELECT count(*) AS events FROM record_events WHERE id = 'person'").get();
  assert.equal(left?.events, 1);
  database.close();
});

test('a write after an erasure or a write is the newest, also when the wall clock is set back by a restart', async () => {
  const path = newPath();
  const write = async (nowMs: number, id: string, name: string) => {
    const clock = createManualClock(nowMs);
    const { warehouse, reader } = openWarehouseFile({ path, clock });
    const orderedAt = await createWriteClock({ clock, warehouse })(id);
    const written: RecordEvent = { ...event(id, 0, { name }), version: { orderedAt, messageId: name }, source: 'api' };
    assert.deepEqual(await warehouse.append([written]), []);
    assert.equal((await reader.get(id))?.record.name, name);
    return warehouse;
  };
  const erased = await write(NOW_MS, 'erased', 'before');
  await erased.erase('erased');
  await write(NOW_MS, 'written', 'before');
  for (const id of ['erased', 'written']) await write(NOW_MS - 3_600_000, id, 'after');
});

test('integers beyond 2^53 among the attributes come back digit for digit', async () => {
  const { parseRecord } = await import('../record.ts');
  const { parseJson } = await import('../../base/json.ts');
  const { warehouse, reader } = openWarehouseFile({ path: newPath(), clock: systemClock });
  const times = { publishedAt: Date.now() * 1000, now: Date.now() * 1000 };
  const parsed = parseRecord(parseJson('{"id":"1","name":"n","order":12345678901234567890}'), times);
  assert.ok(parsed.ok);
  await warehouse.append([{ ...event('1', 1), record: parsed.record }]);
  assert.match(JSON.stringify((await reader.get('1'))?.record), /"order":12345678901234567890\}/);
});
