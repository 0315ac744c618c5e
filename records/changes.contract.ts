import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Changes, DAY_MICROS } from './changes.ts';
import { digestOf } from './erasures.ts';
import type { RecordEvent } from './warehouse.ts';

/** A table under test, with the ways in which it changes. */
export type TableUnderTest = {
  changes: Changes;
  append(events: readonly RecordEvent[]): Promise<unknown>;
  erase(id: string): Promise<unknown>;
  /** Stores an event as a writer does that has not heard of an erasure. */
  appendUnaware(event: RecordEvent): Promise<unknown>;
  close?(): Promise<void>;
};

const YESTERDAY = Math.floor(Date.now() / 86_400_000 - 1) * DAY_MICROS;
const NEXT_DAY = YESTERDAY + DAY_MICROS;

function event(id: string, orderedAt: number, name = `${id} at ${orderedAt}`): RecordEvent {
  const record = { id, name, timestamp: '2026-01-02T03:04:05Z', value: 1.5, attributes: { n: orderedAt } };
  return { record, version: { orderedAt, messageId: '7' }, source: 'topic' };
}

const namesOf = async (reading: AsyncIterable<RecordEvent>) =>
  (await Array.fromAsync(reading)).map(({ record }) => record.name).toSorted();

/** What every table tells a replica. */
export function testChanges(kind: string, open: () => Promise<TableUnderTest>): void {
  const check = (what: string, run: (table: TableUnderTest) => Promise<void>) =>
    test(`${kind}: ${what}`, async t => {
      const table = await open();
      t.after(() => table.close?.());
      await run(table);
    });

  check('events come in the order of their append, whole, from a stamp on and so many', async ({ changes, append }) => {
    await append([event('a', 3)]);
    await append([event('b', 1)]);
    await append([event('a', 2)]);
    const all = await Array.fromAsync(changes.eventsSince(0, 10));
    assert.deepEqual(
      all.map(({ record }) => record.name),
      ['a at 3', 'b at 1', 'a at 2'],
    );
    const [first, second, third] = all;
    assert.ok(first && second && third && first.appendedAt < second.appendedAt && second.appendedAt < third.appendedAt);
    const { appendedAt: _, ...read } = second;
    assert.deepEqual(read, event('b', 1));
    assert.deepEqual(await namesOf(changes.eventsSince(second.appendedAt, 10)), ['a at 2', 'b at 1']);
    assert.deepEqual(await namesOf(changes.eventsSince(0, 1)), ['a at 3']);
    assert.deepEqual(await namesOf(changes.eventsSince(third.appendedAt + 1, 10)), []);
  });

  check(
    'the newest version of every id is told once, and none of what was erased',
    async ({ changes, append, erase }) => {
      await append([event('a', 1), event('a', 2), event('a', 2), event('b', 1), event('c', 1)]);
      await erase('c');
      assert.deepEqual(await namesOf(changes.newest()), ['a at 2', 'b at 1']);
      const [erasure] = await Array.fromAsync(changes.erasuresSince(0));
      assert.deepEqual(Buffer.from(erasure?.idSha256 ?? []), digestOf('c'));
      assert.deepEqual(await Array.fromAsync(changes.erasuresSince((erasure?.erasedAt ?? 0) + 1)), []);
    },
  );

  check('days are summed up by the newest versions, today left out', async ({ changes, append }) => {
    await append([
      event('a', YESTERDAY - 1),
      event('a', YESTERDAY),
      event('b', YESTERDAY + 5),
      event('c', NEXT_DAY + 9),
    ]);
    await append([event('d', YESTERDAY - 1)]);
    const sums = await changes.daySums(NEXT_DAY + 1000);
    const checksum = (YESTERDAY % 1_000_003) + ((YESTERDAY + 5) % 1_000_003);
    assert.deepEqual(
      sums.toSorted((x, y) => x.day - y.day),
      [
        { day: YESTERDAY - DAY_MICROS, records: 1, checksum: (YESTERDAY - 1) % 1_000_003 },
        { day: YESTERDAY, records: 2, checksum },
      ],
    );
    assert.deepEqual(await namesOf(changes.newestOfDay(YESTERDAY)), [`a at ${YESTERDAY}`, `b at ${YESTERDAY + 5}`]);
  });

  check('what was stored after its erasure is not shown, and can be removed', async table => {
    const { changes, append, erase, appendUnaware } = table;
    await append([event('a', 1), event('b', 1)]);
    await erase('a');
    await appendUnaware(event('a', 1));
    assert.deepEqual(await namesOf(changes.newest()), ['b at 1']);
    assert.equal(await changes.removeErased(), 1);
    assert.deepEqual(await namesOf(changes.eventsSince(0, 10)), ['b at 1']);
  });
}
