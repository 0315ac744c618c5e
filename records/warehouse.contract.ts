import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { limits } from '../base/limits.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import type { Reader } from './reader.ts';
import type { DataRecord } from './record.ts';
import type { RecordEvent, Warehouse } from './warehouse.ts';

/** What stores records, seen from both ends. */
export type Stores = { warehouse: Warehouse; deadLetters: DeadLetters; reader: Reader; close?(): Promise<void> };

const PUBLISHED_AT = Date.parse('2026-01-02T03:04:05Z') * 1000;

/** An event whose version is `at` microseconds after a fixed time. */
export function event(id: string, at: number, rest: Partial<DataRecord> = {}, messageId = String(at)): RecordEvent {
  const record = { id, name: `${id} at ${at}`, timestamp: '2026-01-02T03:04:05Z', ...rest };
  return { record, version: { orderedAt: PUBLISHED_AT + at, messageId }, source: 'topic' };
}

const letter = (messageId: string, rest: Partial<DeadLetter> = {}): DeadLetter => ({
  messageId,
  reason: 'not_json',
  detail: 'not JSON',
  data: Buffer.from('{"id":'),
  attributes: { origin: 'test' },
  publishedAt: PUBLISHED_AT,
  refusedAt: PUBLISHED_AT + 1,
  ...rest,
});

const nameOf = async (reader: Reader, id: string) => (await reader.get(id))?.record.name;

/** What every pair of warehouse and reader does. */
export function testStores(kind: string, open: () => Promise<Stores>): void {
  const check = (what: string, run: (stores: Stores) => Promise<void>) =>
    test(`${kind}: ${what}`, async (t: TestContext) => {
      const stores = await open();
      t.after(() => stores.close?.());
      await run(stores);
    });

  check('a record is read back as it was written, with every field', async ({ warehouse, reader }) => {
    const attributes = { tags: ['a', 'b'], deep: { yes: true, none: null }, 'odd key "x"': 1.5 };
    const full = event('1', 1, { surname: 'Pérez 🦙', country: 'CL', value: 45.67, attributes });
    assert.deepEqual(await warehouse.append([{ ...full, traceparent: '00-a-b-01' }]), []);
    const found = await reader.get('1');
    assert.deepEqual(found, { record: full.record, version: full.version, traceparent: '00-a-b-01' });
  });

  check('what was not given is not there when read back', async ({ warehouse, reader }) => {
    await warehouse.append([event('1', 1)]);
    assert.deepEqual(Object.keys((await reader.get('1'))?.record ?? {}).toSorted(), ['id', 'name', 'timestamp']);
    assert.equal(await reader.get('2'), undefined);
  });

  check('the newest version wins, whatever order they arrive in', async ({ warehouse, reader }) => {
    await warehouse.append([event('1', 3)]);
    await warehouse.append([event('1', 1), event('1', 2)]);
    assert.equal(await nameOf(reader, '1'), '1 at 3');
    await warehouse.append([event('1', 4)]);
    assert.equal(await nameOf(reader, '1'), '1 at 4');
  });

  check('of one instant the longer message id is newer, then the greater', async ({ warehouse, reader }) => {
    await warehouse.append([event('1', 1, { name: 'ten' }, '10'), event('1', 1, { name: 'nine' }, '9')]);
    assert.equal(await nameOf(reader, '1'), 'ten');
    await warehouse.append([event('1', 1, { name: 'eleven' }, '11')]);
    assert.equal(await nameOf(reader, '1'), 'eleven');
  });

  check('the same event ten times is one record', async ({ warehouse, reader }) => {
    for (let time = 0; time < 10; time += 1) await warehouse.append([event('1', 1)]);
    assert.equal((await reader.page({ limit: 10, offset: 0 })).length, 1);
  });

  check('pages are in order of id, by offset and by the last id alike', async ({ warehouse, reader }) => {
    const ids = Array.from({ length: 25 }, (_, index) => `id-${String(index).padStart(2, '0')}`);
    await warehouse.append(ids.toReversed().map((id, index) => event(id, index)));
    const byOffset: string[] = [];
    for (let offset = 0; offset < 30; offset += 7) {
      byOffset.push(...(await reader.page({ limit: 7, offset })).map(({ id }) => id));
    }
    assert.deepEqual(byOffset, ids);
    assert.deepEqual(
      (await reader.page({ limit: 3, after: 'id-06' })).map(({ id }) => id),
      ['id-07', 'id-08', 'id-09'],
    );
    assert.deepEqual(await reader.page({ limit: 3, after: 'id-24' }), []);
  });

  check('ids with SQL, quotes and any script are only ids', async ({ warehouse, reader }) => {
    const ids = ["'; DROP TABLE records; --", '"', '日本語', '🦙', '%', '../x'];
    await warehouse.append(ids.map((id, index) => event(id, index)));
    for (const id of ids) assert.equal((await reader.get(id))?.record.id, id);
  });

  check('an erased id is gone, its old versions stay out, and a new one is welcome', async ({ warehouse, reader }) => {
    await warehouse.append([event('1', 1), event('1', 2), event('2', 3)]);
    assert.equal(await warehouse.erase('1'), 2);
    await warehouse.append([event('1', 2)]);
    assert.equal(await reader.get('1'), undefined);
    assert.equal(await nameOf(reader, '2'), '2 at 3');
    const later = event('1', 0, { name: 'new' });
    await warehouse.append([{ ...later, version: { orderedAt: Date.now() * 1000 + 60_000_000, messageId: '9' } }]);
    assert.equal(await nameOf(reader, '1'), 'new');
  });

  check('a version ahead of our clock, and its erasure, are what the next write is ordered behind', async stores => {
    const { warehouse, reader } = stores;
    const ahead = Date.now() * 1000 + 3_000_000_000;
    const at = (orderedAt: number, source: RecordEvent['source'], name: string): RecordEvent => ({
      ...event('1', 0, { name }),
      ...{ version: { orderedAt, messageId: '7' }, source },
    });
    assert.equal(await warehouse.lastOrder('1'), 0);
    await warehouse.append([at(ahead, 'topic', 'ahead'), event('2', 5)]);
    assert.equal(await warehouse.lastOrder('1'), ahead);
    await warehouse.erase('1');
    assert.equal(await warehouse.lastOrder('1'), ahead);
    assert.equal(await warehouse.lastOrder('2'), event('2', 5).version.orderedAt);
    await warehouse.append([at((await warehouse.lastOrder('1')) + 1, 'api', 'written after')]);
    assert.equal(await nameOf(reader, '1'), 'written after');
  });

  check(
    'what an erasure covers is passed over, but a write through the API is named, for its client waits',
    async stores => {
      const { warehouse, reader } = stores;
      await warehouse.erase('1');
      const errors = await warehouse.append([event('1', 1), { ...event('1', 2), source: 'api' }, event('2', 3)]);
      assert.deepEqual(
        errors.map(({ index }) => index),
        [1],
      );
      assert.match(errors[0]?.reason ?? '', /erased/);
      assert.equal(await reader.get('1'), undefined);
      assert.equal(await nameOf(reader, '2'), '2 at 3');
    },
  );

  check('a dead letter keeps its bytes and its reason', async ({ deadLetters }) => {
    const data = new Uint8Array([0, 255, 254, 10]);
    await deadLetters.add([letter('7', { data, recordId: 'r' })]);
    const [stored] = (await deadLetters.list({ limit: 10 })).letters;
    assert.ok(stored);
    assert.deepEqual([...stored.data], [...data]);
    const { id, data: _, ...rest } = stored;
    const { data: __, ...expected } = letter('7', { recordId: 'r' });
    assert.deepEqual(rest, expected);
    assert.equal((await deadLetters.get(id))?.messageId, '7');
    assert.equal(await deadLetters.get('no such'), undefined);
  });

  check('one message is one dead letter, however often it was delivered', async ({ deadLetters }) => {
    assert.deepEqual(await deadLetters.add([letter('7'), letter('7')]), [letter('7')]);
    assert.deepEqual(await deadLetters.add([letter('7', { reason: 'attempts_exhausted' })]), []);
    assert.equal(await deadLetters.count(), 1);
    assert.equal((await deadLetters.list({ limit: 10 })).letters[0]?.reason, 'not_json');
  });

  check('two messages of one id are two dead letters, each of them once', async ({ deadLetters }) => {
    const other = letter('7', { data: Buffer.from('other bytes') });
    const third = letter('7', { data: Buffer.from('a third') });
    const ids = async (letters: readonly DeadLetter[]) =>
      (await deadLetters.add(letters)).map(({ messageId }) => messageId);
    const derived = '7-a3ead5eedad5df82';
    assert.deepEqual(await ids([letter('7'), other]), ['7', derived]);
    assert.deepEqual(await ids([other, third, letter('7'), third]), ['7-d44e2d132ef9a2b8']);
    assert.equal(await deadLetters.count(), 3);
    const kept = (await deadLetters.list({ limit: 10 })).letters.find(({ messageId }) => messageId === derived);
    assert.equal(Buffer.from(kept?.data ?? []).toString(), 'other bytes');
  });

  check('an envelope that is delivered again says so, and is the same message', async ({ deadLetters }) => {
    const delivered = (attempt: number) =>
      letter('7', { reason: 'no_data', data: Buffer.from(`{"message":{},"deliveryAttempt":${attempt}}`) });
    await deadLetters.add([delivered(1)]);
    assert.deepEqual(await deadLetters.add([delivered(2)]), []);
  });

  check(
    'dead letters are listed oldest first, page by page, by reason, and without those replayed',
    async ({ deadLetters }) => {
      await deadLetters.add([letter('a'), letter('b', { reason: 'invalid_record' }), letter('c')]);
      const { letters, isMore } = await deadLetters.list({ limit: 1 });
      const [first] = letters;
      assert.equal(isMore, true);
      assert.equal(first?.messageId, 'a');
      const { letters: rest, isMore: isMoreBehind } = await deadLetters.list({ limit: 2, after: first.id });
      assert.equal(isMoreBehind, false);
      assert.deepEqual(
        rest.map(({ messageId }) => messageId),
        ['b', 'c'],
      );
      assert.equal((await deadLetters.list({ limit: 10, reason: 'invalid_record' })).letters.length, 1);
      await deadLetters.markReplayed(first.id, { at: PUBLISHED_AT + 9, recordId: 'r' });
      assert.equal(await deadLetters.count(), 2);
      assert.equal((await deadLetters.list({ limit: 10 })).letters.length, 2);
      const { letters: all } = await deadLetters.list({ limit: 10, replayed: true });
      assert.deepEqual(
        all.map(({ replayedAt }) => replayedAt),
        [PUBLISHED_AT + 9, undefined, undefined],
      );
    },
  );

  check(
    'a page of dead letters ends where their data is too much, and says that there are more',
    async ({ deadLetters }) => {
      const large = Buffer.alloc(limits.dead_letters_page_bytes_max - 100, 7);
      await deadLetters.add([letter('a', { data: large }), letter('b'), letter('c', { data: large }), letter('d')]);
      const pages: string[][] = [];
      for (let after: string | undefined; pages.length < 5; ) {
        const { letters, isMore } = await deadLetters.list({ limit: 10, ...(after && { after }) });
        pages.push(letters.map(({ messageId }) => messageId));
        after = letters.at(-1)?.id;
        if (!isMore) break;
      }
      assert.deepEqual(pages, [
        ['a', 'b'],
        ['c', 'd'],
      ]);
    },
  );

  check(
    'erasing an id removes the dead letters that carry it, also in bytes that could not be read',
    async ({ deadLetters }) => {
      const broken = Buffer.from('{"id":"person-1","name":');
      await deadLetters.add([letter('a', { recordId: 'person-1' }), letter('b', { data: broken }), letter('c')]);
      const escaped = Buffer.from('{"name":"x","id" : "\\u0070erson-1"');
      // The word is no id there, and what it stands in is of others.
      const other = Buffer.from('{"id":"2","name":"person-1","tags":["person-1"],');
      await deadLetters.add([letter('d', { data: escaped }), letter('e', { data: other })]);
      assert.equal(await deadLetters.erase('person-1'), 3);
      assert.deepEqual(
        (await deadLetters.list({ limit: 10 })).letters.map(({ messageId }) => messageId),
        ['c', 'e'],
      );
    },
  );

  check('a dead letter of an erased id does not come back by a redelivery', async ({ warehouse, deadLetters }) => {
    const poison = letter('a', { recordId: 'person-1' });
    await deadLetters.add([poison]);
    await warehouse.erase('person-1');
    await deadLetters.erase('person-1');
    const later = letter('b', { recordId: 'person-1', publishedAt: Date.now() * 1000 + 60_000_000 });
    assert.deepEqual(await deadLetters.add([poison, later, letter('c', { recordId: 'other' })]), [
      later,
      letter('c', { recordId: 'other' }),
    ]);
    assert.equal(await deadLetters.count(), 2);
  });

  check('erasing an id removes the dead letters that a replay has made into its record', async ({ deadLetters }) => {
    await deadLetters.add([letter('a'), letter('b'), letter('c', { recordId: 'other' })]);
    const [a, , c] = (await deadLetters.list({ limit: 10 })).letters;
    for (const id of [a?.id ?? '', c?.id ?? '']) {
      await deadLetters.markReplayed(id, { at: PUBLISHED_AT, recordId: 'rosa' });
    }
    await deadLetters.markReplayed(a?.id ?? '', { at: PUBLISHED_AT + 1, recordId: 'ida' });
    assert.equal(await deadLetters.erase('rosa'), 2);
    assert.deepEqual(
      (await deadLetters.list({ limit: 10, replayed: true })).letters.map(({ messageId }) => messageId),
      ['b'],
    );
  });
}
