import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordEvent } from '../records/warehouse.ts';
import type { Table } from './table.ts';

/** A table under test, with the ways in which it changes. */
type TableUnderTest = {
  table: Table;
  append(events: readonly RecordEvent[]): Promise<unknown>;
  erase(id: string): Promise<unknown>;
  close(): Promise<void>;
};

function event(id: string, orderedAt: number, messageId: string): RecordEvent {
  const attributes = { messageId, list: [1, { two: null }] };
  const record = { id, name: `Zoë ${orderedAt}`, timestamp: '2026-01-02T03:04:05.000006Z', value: -1.5, attributes };
  return { record, version: { orderedAt, messageId }, source: 'topic' };
}

/** What every table that a probe looks into shows. */
export function testTable(kind: string, open: () => Promise<TableUnderTest>): void {
  test(`${kind}: the newest version of each id with the prefix is shown whole, in order of id, and none of the others`, async t => {
    const { table, append, erase, close } = await open();
    t.after(close);
    const newest = [event('probe-a-1', 2, '9'), event('probe-a-2 ñ漢', 5, '10'), event('probe-a-é', 1, '1')];
    await append([...newest, event('probe-a-1', 1, '99'), event('probe-a-2 ñ漢', 5, '9')]);
    await append([event('probe-a', 1, '1'), event('probe-a.', 1, '1'), event('probe-b-1', 1, '1')]);
    const expected = newest.map(({ record, version }) => [record.id, { record, version }]);
    assert.deepEqual([...(await table.newest('probe-a-'))], expected);
    await erase('probe-a-1');
    assert.deepEqual([...(await table.newest('probe-a-'))], expected.slice(1));
    assert.deepEqual([...(await table.newest('probe-c-'))], []);
  });
}
