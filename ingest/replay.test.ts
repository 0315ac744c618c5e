import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../base/limits.ts';
import type { DeadLetter } from '../records/dead-letters.ts';
import { createWriteClock } from '../records/version.ts';
import { readEnvelope } from './envelope.ts';
import { createBench, message, NOW, noTelemetry } from './fakes.ts';
import { createReplay } from './replay.ts';

type Bench = ReturnType<typeof createBench>;

function createReplayBench(options?: Parameters<typeof createBench>[0]) {
  const bench = createBench(options);
  const writeClock = createWriteClock({ clock: bench.clock, warehouse: bench.warehouse });
  let ids = 0;
  const newId = () => String(++ids);
  return { ...bench, replay: createReplay({ ...bench, writeClock, newId, telemetry: noTelemetry }) };
}

/** A message that was good all along. */
async function addExhausted({ deadLetters }: Bench, content: unknown, publishedAt = NOW - 5_000_000): Promise<void> {
  const { data, attributes } = message('5', content);
  const letter: DeadLetter = {
    ...{ messageId: '5', data, attributes, publishedAt, refusedAt: NOW },
    ...{ reason: 'attempts_exhausted', detail: 'The subscription gave up' },
  };
  await deadLetters.add([letter]);
}

test('unchanged, it is stored with the bytes, publish time and message id it had, and marked', async () => {
  const bench = createReplayBench();
  await addExhausted(bench, { id: 'a', name: 'Ada' });
  assert.deepEqual(await bench.replay('1'), { outcome: 'stored', id: '1' });
  const stored = await bench.reader.get('a');
  assert.deepEqual(stored?.version, { orderedAt: NOW - 5_000_000, messageId: '5' });
  assert.equal((await bench.deadLetters.get('1'))?.replayedAt, NOW);
  assert.equal(await bench.deadLetters.count(), 0);
});

test('an unchanged replay of an old dead letter does not overwrite what is newer, however often', async () => {
  const bench = createReplayBench();
  await addExhausted(bench, { id: 'a', name: 'old' });
  await bench.receiver.receive([message('6', { id: 'a', name: 'new' }, NOW - 4_000_000)], 'pull');
  for (let times = 0; times < 3; times += 1) await bench.replay('1');
  assert.deepEqual(
    (await bench.records()).map(({ name }) => name),
    ['new'],
  );
});

test('what is still no record is refused with its problems, and stays', async () => {
  const bench = createReplayBench();
  await bench.receiver.receive([message('7', { id: 'a', value: 'x' }), message('8', 'broken')], 'pull');
  await assert.rejects(bench.replay('1'), (error: { code: string; problems: { field: string }[] }) => {
    assert.equal(error.code, 'dead_letter_still_refused');
    assert.deepEqual(error.problems.map(({ field }) => field).toSorted(), ['name', 'value']);
    return true;
  });
  await assert.rejects(bench.replay('2'), /must be JSON/);
  assert.equal(await bench.deadLetters.count(), 2);
});

test('a corrected record is the newest version, also of an old dead letter, and may be corrected again', async () => {
  const bench = createReplayBench();
  await bench.receiver.receive([message('7', { id: 'a' }), message('8', { id: 'a', name: 'between' })], 'pull');
  await bench.replay('1', { id: 'a', name: 'corrected' });
  assert.deepEqual(await bench.reader.get('a').then(found => [found?.record.name, found?.version.messageId]), [
    ...['corrected', 'replay-1'],
  ]);
  assert.equal(await bench.warehouse.lastOrder('a'), NOW, 'the next write is ordered behind it');
  await bench.replay('1', { id: 'a', name: 'again' });
  assert.equal((await bench.reader.get('a'))?.record.name, 'again');
  assert.equal((await bench.records())[0]?.timestamp, '2026-01-02T03:04:04Z');
});

test('a correction must be a record, and not too large', async () => {
  const bench = createReplayBench();
  await bench.receiver.receive([message('7', 'broken')], 'pull');
  for (const corrected of [
    null,
    [],
    'x',
    { id: 'a' },
    { id: 'a', name: 'A', big: 'x'.repeat(limits.record_bytes_max) },
  ]) {
    await assert.rejects(bench.replay('1', corrected), { code: 'dead_letter_still_refused' });
  }
  assert.deepEqual(await bench.records(), []);
});

test('an envelope without usable data needs a correction, and says so', async () => {
  const bench = createReplayBench();
  const json = { message: { data: 'no base64' } };
  const envelope = readEnvelope({ json, bytes: Buffer.from(JSON.stringify(json)) }, NOW);
  assert.ok('deadLetter' in envelope);
  await bench.receiver.refuse(envelope.deadLetter, 'push');
  await assert.rejects(bench.replay('1'), /corrected record/);
  assert.deepEqual(await bench.replay('1', { id: 'a', name: 'Ada' }), { outcome: 'stored', id: '1' });
});

test('an id that no dead letter has is 404', async () => {
  const { replay } = createReplayBench();
  for (const id of ['1', 'x', '']) await assert.rejects(replay(id), { code: 'dead_letter_unknown' });
});

test('where the warehouse refuses the row it is refused, and where it fails it may be tried again', async () => {
  const refusing = createReplayBench({
    wrapWarehouse: warehouse => ({ ...warehouse, append: async () => [{ index: 0, reason: 'no such column' }] }),
  });
  await addExhausted(refusing, { id: 'a', name: 'Ada' });
  await assert.rejects(refusing.replay('1'), { code: 'dead_letter_still_refused', message: /no such column/ });
  const failing = createReplayBench({
    wrapWarehouse: warehouse => ({ ...warehouse, append: () => Promise.reject(new Error('down')) }),
  });
  await addExhausted(failing, { id: 'a', name: 'Ada' });
  await assert.rejects(failing.replay('1'), { code: 'not_stored' });
  assert.equal(await failing.deadLetters.count(), 1);
});

test('a letter that was corrected to a record goes when the id of that record is erased', async () => {
  const bench = createReplayBench();
  await bench.receiver.receive([message('7', 'about Rosa, and no JSON')], 'pull');
  await bench.replay('1', { id: 'rosa', name: 'Rosa' });
  assert.equal(await bench.deadLetters.erase('rosa'), 1);
  assert.deepEqual(await bench.letters(), []);
});
