import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../base/json.ts';
import { formatRfc3339 } from '../base/time.ts';
import { recordColumns } from '../records/columns.ts';
import { parseRecord } from '../records/record.ts';
import { makePoison, makeProbes } from './records.ts';

const now = Date.parse('2026-01-02T03:04:05Z') * 1000;
const make = (round: number, prefix = 'probe-x-') => makeProbes({ prefix, round, now });

test('the same prefix and round give the same messages, another gives the same ids with other values', () => {
  assert.deepEqual(make(1), make(1));
  const ids = (round: number) => make(round).map(({ id }) => id);
  assert.deepEqual(ids(1), ids(2));
  const values = [...make(1), ...make(2), ...make(4), ...make(1, 'probe-y-')].map(({ record }) => record.name);
  assert.equal(new Set(values).size, values.length);
});

test('what a message says is the record that it is expected to become', () => {
  for (const { text, record } of [1, 2, 3].flatMap(round => make(round))) {
    const parsed = parseRecord(parseJson(text), { publishedAt: now, now });
    assert.deepEqual(parsed, { ok: true, record: { timestamp: formatRfc3339(now), ...record } });
  }
});

test('a round has every field of the schema, and each id has them all in turn', () => {
  const names = recordColumns.map(({ name }) => name).toSorted();
  for (const id of make(1).map(probe => probe.id)) {
    const records = [1, 2, 3].map(round => make(round).find(probe => probe.id === id)?.record ?? {});
    assert.deepEqual([...new Set(records.flatMap(Object.keys))].toSorted(), names);
  }
  assert.deepEqual([...new Set(make(1).flatMap(({ record }) => Object.keys(record)))].toSorted(), names);
});

test('a poison message is no record, and carries the id by which it is erased', () => {
  const { id, text } = makePoison('probe-x-');
  assert.equal(parseRecord(JSON.parse(text), { publishedAt: now, now }).ok, false);
  assert.equal(JSON.parse(text).id, id);
});
