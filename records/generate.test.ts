import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../base/json.ts';
import { recordColumns } from './columns.ts';
import { type Generated, generateRecords, type PoisonKind, poisonKinds, shapes } from './generate.ts';
import { type ParsedRecord, parseRecord } from './record.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const make = (count: number, options: { seed?: number; poisonShare?: number } = {}): Generated[] =>
  generateRecords({ seed: 42, now, ...options })
    .take(count)
    .toArray();
const parse = (text: string): ParsedRecord =>
  parseRecord(parseJson(text), { publishedAt: now * 1000, now: now * 1000 });

test('every record is valid and carries its id', () => {
  for (const { id, text } of make(500)) {
    const parsed = parse(text);
    assert.ok(parsed.ok, text);
    assert.equal(parsed.record.id, id);
  }
});

test('ids do not repeat within a run', () => {
  assert.equal(new Set(make(2000).map(({ id }) => id)).size, 2000);
});

test('every shape appears, and every column of the schema in at least one', () => {
  const fieldsSeen = new Set<string>();
  const shapesSeen = new Set<string>();
  for (const { text } of make(200)) {
    const fields = Object.keys(JSON.parse(text));
    const parsed = parse(text);
    if (parsed.ok && parsed.record.attributes) fieldsSeen.add('attributes');
    for (const field of fields) fieldsSeen.add(field);
    shapesSeen.add(fields.filter(field => recordColumns.some(({ name }) => name === field)).join());
  }
  for (const { name } of recordColumns)
    assert.ok(fieldsSeen.has(name), `no shape has ${name}: teach records/generate.ts`);
  assert.equal(shapesSeen.size, Object.keys(shapes).length - 1, 'extended has the columns of event');
});

test('the same seed and time give the same messages, another seed gives others', () => {
  assert.deepEqual(make(100, { poisonShare: 0.2 }), make(100, { poisonShare: 0.2 }));
  const ids = new Set(make(100).map(({ id }) => id));
  assert.ok(make(100, { seed: 7 }).every(({ id }) => !ids.has(id)));
});

test('two generators at once do not disturb one another', () => {
  const first = generateRecords({ seed: 1, now });
  const second = generateRecords({ seed: 1, now });
  for (let n = 0; n < 50; n += 1) assert.deepEqual(first.next(), second.next());
});

test('each kind of poison is refused for the reason it names', () => {
  const seen = new Set<PoisonKind>();
  for (const { text, poison } of make(400, { poisonShare: 1 })) {
    assert.ok(poison);
    seen.add(poison);
    if (poisonKinds[poison] === 'not_json') {
      assert.throws(() => parseJson(text), SyntaxError, text);
    } else {
      const parsed = parse(text);
      assert.equal(parsed.ok, false, `${poison}: ${text}`);
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(poisonKinds).sort());
});

test('a missing id and an implausible timestamp are the one thing wrong', () => {
  const fields: Partial<Record<PoisonKind, string>> = { missing_id: 'id', implausible_timestamp: 'timestamp' };
  for (const { text, poison } of make(200, { poisonShare: 1 })) {
    const field = poison && fields[poison];
    if (field === undefined) continue;
    const parsed = parse(text);
    assert.deepEqual(parsed.ok ? [] : parsed.problems.map(problem => problem.field), [field]);
  }
});

test('the share of poison is exact', () => {
  for (const [count, poisonShare, expected] of [
    [1000, 0.05, 50],
    [100, 0.29, 29],
    [100, 0, 0],
    [3, 0.1, 0],
    [100, 1, 100],
  ] as const) {
    assert.equal(make(count, { poisonShare }).filter(({ poison }) => poison).length, expected);
  }
});
