import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRecord } from '../record.ts';
import { fromEventRow, toEventRow } from './event-row.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z') * 1000;

test('any record comes back from a row as it was, also where the table had no column for some of its fields', () => {
  const text = fc.string({ minLength: 1 }).filter(value => value.isWellFormed() && !value.includes('\0'));
  const optional = fc.record(
    { surname: text, country: text, value: fc.double({ noNaN: true, noDefaultInfinity: true }), extra: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      text,
      text,
      optional,
      fc.subarray(['surname', 'country', 'value', 'attributes']),
      (id, name, rest, late) => {
        const parsed = parseRecord({ id, name, ...rest }, { publishedAt: NOW, now: NOW });
        if (!parsed.ok) return;
        const event = { record: parsed.record, version: { orderedAt: NOW, messageId: '7' }, source: 'topic' as const };
        const row = { ...toEventRow(event), appended_at: NOW + 1 };
        const missing = Object.fromEntries(Object.entries(row).filter(([column]) => late.includes(column)));
        const present = Object.fromEntries(Object.entries(row).filter(([column]) => !late.includes(column)));
        const unmapped = Object.keys(missing).length > 0 ? JSON.stringify(missing) : null;
        const read = fromEventRow({ ...present, unmapped });
        // JSON has no -0.
        assert.equal(
          JSON.stringify(read),
          JSON.stringify({ ...event, record: inOrder(event.record), appendedAt: NOW + 1 }),
        );
      },
    ),
  );
});

/** The fields in the order of the schema, as a read gives them. */
function inOrder(record: Record<string, unknown>) {
  const { id, name, timestamp, surname, country, value, attributes } = record;
  return { id, name, timestamp, surname, country, value, attributes };
}

test('a number that the row cannot hold exactly as JSON does not lose a digit', () => {
  const attributes = { long: (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('12345678901234567890') };
  const record = { id: '1', name: 'n', timestamp: '2026-01-02T03:04:05.123456Z', attributes };
  const row = toEventRow({ record, version: { orderedAt: 1, messageId: '2' }, source: 'api' });
  assert.equal(row.attributes, '{"long":12345678901234567890}');
  const read = fromEventRow({ ...row, appended_at: 3, traceparent: null });
  assert.equal(JSON.stringify(read.record), JSON.stringify(record));
});
