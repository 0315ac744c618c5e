import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecord, recordSchema } from '../../records/record.ts';
import { recordToGet, recordToSend } from './payloads.ts';

const at = '2026-01-02T03:04:05Z';
const now = Date.parse(at) * 1000;
const made = Array.from({ length: 200 }, (_, number) => ({ id: `id-${number}`, seed: 7, number, at }));

test('what is sent is a record by the schema, with each of its fields, and is answered as is expected', () => {
  for (const of of made) {
    const parsed = parseRecord(recordToSend(of), { publishedAt: now, now });
    assert.deepEqual(parsed, { ok: true, record: recordToGet(of) });
    assert.deepEqual(new Set(Object.keys(recordToGet(of))), new Set(Object.keys(recordSchema.shape)));
  }
});

test('the same seed and number make the same record, others make others', () => {
  const [first] = made;
  assert.ok(first);
  assert.deepEqual(recordToSend(first), recordToSend({ ...first }));
  const texts = [...made, { ...first, seed: 8 }].map(of =>
    JSON.stringify({ ...recordToSend(of), id: '', loadTest: 0 }),
  );
  assert.ok(new Set(texts).size > 190, `${new Set(texts).size} different ones`);
});
