import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, createManualClock } from '../../base/clock.ts';
import { type Appender, createAppender } from './appender.ts';
import { createFakeGoogle, INVALID_ARGUMENT, RESOURCE_EXHAUSTED } from './fakes.ts';
import { type BigQueryColumn, type BigQueryTable, tables } from './schema.ts';

const table: BigQueryTable = {
  description: 'Test.',
  columns: [
    { name: 'id', type: 'STRING', required: true, description: '' },
    { name: 'value', type: 'FLOAT64', required: false, description: '' },
    { name: 'later', type: 'STRING', required: false, description: '' },
    { name: 'appended_at', type: 'TIMESTAMP', required: true, description: '' },
    { name: 'unmapped', type: 'STRING', required: false, description: '' },
  ],
};

function createBench(options: { answerMsMax?: number; columns?: BigQueryColumn[]; clock?: Clock } = {}) {
  const google = createFakeGoogle(options.columns ?? table.columns);
  const clock = createManualClock(1_000_000);
  const appender: Appender = createAppender({
    openClient: async () => google.client,
    table: 'projects/p/datasets/d/tables/t',
    schema: table,
    clock,
    retryMsMin: 1,
    ...options,
  });
  const ids = () => google.stored.map(({ id }) => id);
  return { ...google, appender, ids };
}

const row = (id: string | undefined) => ({ id, value: 1 });

test('rows that come together are one request on one connection, and each is stamped', async () => {
  const { appender, stored, opened, ids } = createBench();
  assert.deepEqual(await Promise.all([appender.append([row('a'), row('b')]), appender.append([row('c')])]), [[], []]);
  await appender.append([row('d')]);
  assert.deepEqual(ids(), ['a', 'b', 'c', 'd']);
  assert.equal(opened(), 1);
  const stamps = stored.map(({ appended_at }) => Number(appended_at));
  assert.deepEqual(stamps, [1_000_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_001]);
});

test('a row with a null in a required column costs itself, and the others of its request are stored', async () => {
  const { appender, ids } = createBench();
  const [first, second] = await Promise.all([
    appender.append([row('a'), row(''), row('b')]),
    appender.append([row('c'), { value: 2 }]),
  ]);
  assert.deepEqual(first, []);
  assert.deepEqual(
    second?.map(({ index }) => index),
    [1],
  );
  assert.match(second?.[0]?.reason ?? '', /id is null/);
  assert.deepEqual(ids(), ['a', '', 'b', 'c']);
});

test('an answer that resolves with an error is no success: a passing one is tried again, with a new stamp', async () => {
  let nowMs = 1_000_000;
  const { appender, faults, stored } = createBench({ clock: { now: () => nowMs++ } });
  faults.push({ error: { code: RESOURCE_EXHAUSTED, message: 'quota' } });
  assert.deepEqual(await appender.append([row('a')]), []);
  assert.deepEqual(
    stored.map(({ id, appended_at }) => [id, appended_at]),
    [['a', 1_000_002_000]],
  );
});

test('rows that were stamped long before their answer, for the process stood still, are stamped and sent again', async () => {
  const times = [1_000_000, 1_020_000];
  const { appender, stored } = createBench({ clock: { now: () => times.shift() ?? 1_020_000 } });
  assert.deepEqual(await appender.append([row('a')]), []);
  assert.deepEqual(
    stored.map(({ appended_at }) => appended_at),
    [1_000_000_000, 1_020_000_000],
  );
});

test('a refusal of the request is no fault of a row: it is told, nothing is stored, and the next try may succeed', async () => {
  const { appender, faults, ids, opened } = createBench();
  faults.push({ error: { code: INVALID_ARGUMENT, message: 'schema mismatch' } });
  await assert.rejects(appender.append([row('a'), row('b')]), {
    code: 'warehouse_unreachable',
    message: /schema mismatch/,
  });
  assert.deepEqual(ids(), []);
  await appender.append([row('a'), row('b')]);
  assert.deepEqual([ids(), opened()], [['a', 'b'], 2]);
});

test('an answer with neither a result nor an error is no success', async () => {
  const { appender, faults } = createBench();
  faults.push({}, {}, {}, {});
  await assert.rejects(appender.append([row('a')]), { code: 'warehouse_unreachable' });
});

test('a quota that stays exhausted is given up on after a few tries', async () => {
  const { appender, faults, ids } = createBench();
  for (let n = 0; n < 4; n += 1) faults.push({ error: { code: RESOURCE_EXHAUSTED, message: 'quota' } });
  await assert.rejects(appender.append([row('a')]), { code: 'warehouse_unreachable', message: /quota/ });
  assert.deepEqual([ids(), faults.length], [[], 0]);
});

test('a connection that is reset in mid-append is made anew, and every row is stored at least once', async () => {
  for (const fault of ['reset', 'stored, then reset'] as const) {
    const { appender, faults, ids, opened } = createBench();
    faults.push(fault);
    await Promise.all([appender.append([row('a')]), appender.append([row('b')])]);
    assert.deepEqual([...new Set(ids())].toSorted(), ['a', 'b'], fault);
    assert.equal(opened(), 2);
  }
});

test('an answer that never comes ends the connection, so that a later one is not taken for it', async () => {
  const { appender, faults, ids, opened } = createBench({ answerMsMax: 20 });
  faults.push('silence');
  await appender.append([row('a')]);
  assert.deepEqual([ids(), opened()], [['a'], 2]);
});

test('a connection that was closed for being idle is made anew without a failure', async () => {
  const { appender, closeIdle, opened, ids } = createBench();
  await appender.append([row('a')]);
  closeIdle();
  await new Promise(setImmediate);
  await appender.append([row('b')]);
  assert.deepEqual([ids(), opened()], [['a', 'b'], 2]);
});

test('a value without a column is kept as unmapped, and goes to its column once the running writer hears of it', async () => {
  const columns = table.columns.filter(({ name }) => name !== 'later');
  const { appender, setColumns, stored } = createBench({ columns });
  await appender.append([{ id: 'a', later: 'x' }]);
  setColumns(table.columns);
  await appender.append([{ id: 'b', later: 'y' }]);
  await appender.append([{ id: 'c', later: 'z' }]);
  assert.deepEqual(
    stored.map(({ id, later, unmapped }) => [id, later, unmapped]),
    [
      ['a', undefined, '{"later":"x"}'],
      ['b', undefined, '{"later":"y"}'],
      ['c', 'z', undefined],
    ],
  );
});

test('where the table has not even a column for what it has none for, nothing is stored without the value', async () => {
  const columns = table.columns.filter(({ name }) => name !== 'later' && name !== 'unmapped');
  const { appender, stored } = createBench({ columns });
  await assert.rejects(appender.append([{ id: 'a', later: 'x' }]), {
    message: /no column later, and no column unmapped/,
  });
  await appender.append([row('b')]);
  assert.deepEqual(
    stored.map(({ id }) => id),
    ['b'],
  );
});

test('rows of more than a request holds go out in several', async () => {
  const google = createFakeGoogle(tables.dead_letters.columns);
  const appender = createAppender({
    openClient: async () => google.client,
    ...{ table: 't', schema: tables.dead_letters, clock: createManualClock(0) },
  });
  const data = Buffer.alloc(6_000_000, 7);
  const letter = { message_id: 'm', letter_id: 'l', stamped_at: 1, part: 0, parts: 1, data };
  assert.deepEqual(await appender.append([letter, letter, letter]), []);
  assert.equal(google.stored.length, 3);
});

test('what waits is limited in bytes, and beyond it refused at once', async () => {
  const { appender, faults } = createBench({ answerMsMax: 50 });
  faults.push('silence');
  const large = { id: 'x'.repeat(2_000_000) };
  const appending = Array.from({ length: 15 }, () => appender.append([large]));
  const settled = await Promise.race([
    Promise.any(
      appending.map(each =>
        each.then(
          () => Promise.reject(),
          error => error.code,
        ),
      ),
    ),
    new Promise(resolve => setTimeout(resolve, 1000, 'nothing was refused')),
  ]);
  assert.equal(settled, 'queue_full');
  await appender.close();
  await Promise.allSettled(appending);
});
