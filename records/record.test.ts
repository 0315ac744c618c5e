import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeProblems } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { columnsOf, recordColumns } from './columns.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { parseRecord, recordSchema } from './record.ts';
import { compareVersions, createWriteClock } from './version.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z') * 1000;
const times = { publishedAt: NOW - 5_000_000, now: NOW };
const parse = (json: string) => parseRecord(parseJson(json), times);
const problemsOf = (json: string) => {
  const parsed = parse(json);
  return parsed.ok ? 'ok' : describeProblems(parsed.problems);
};

test('the five payload shapes are records', () => {
  for (const [json, expected] of [
    ['{"id":"123","name":"Test Name","timestamp":"2024-10-10T10:00:00Z"}', { timestamp: '2024-10-10T10:00:00Z' }],
    ['{"id":"123","name":"Test Name","surname":"S","country":"CL"}', { surname: 'S', country: 'CL' }],
    ['{"id":"123","name":"Test Name","value":45.67}', { value: 45.67 }],
    [
      '{"id":"123","name":"Test Name","flight":"LA800","seats":[1,2]}',
      { attributes: { flight: 'LA800', seats: [1, 2] } },
    ],
    ['{"id":"123","name":"Test Name"}', {}],
  ] as const) {
    const parsed = parse(json);
    assert.ok(parsed.ok, json);
    assert.deepEqual(parsed.record, { id: '123', name: 'Test Name', timestamp: '2026-05-31T23:59:55Z', ...expected });
  }
});

test('what is no record is refused with field, value and rule', () => {
  for (const [json, problems] of [
    ['[]', 'record must be a JSON object, not []'],
    ['null', 'record must be a JSON object, not null'],
    ['12345678901234567890', 'record must be a JSON object, not 12345678901234567890'],
    ['{"name":"n"}', 'id is required'],
    ['{"id":"1"}', 'name is required'],
    ['{"id":null,"name":"n"}', 'id must be a string, not null'],
    ['{"id":7,"name":"n"}', 'id must be a string, not 7'],
    ['{"id":"","name":"n"}', 'id must not be empty, not ""'],
    ['{"id":".","name":"n"}', 'id must not be . or .., not "."'],
    ['{"id":"..","name":"n"}', 'id must not be . or .., not ".."'],
    ['{"id":"1","name":"n","value":"4"}', 'value must be a finite number, not "4"'],
    ['{"id":"1","name":"n","value":1e999}', 'value must be a finite number, not Infinity'],
    ['{"id":"1","name":"n","x":1e400}', 'x must hold no number beyond 1.79e308, unless as a string, not Infinity'],
    [
      '{"id":"1","name":"n","attributes":{"y":{"z":[-1e400]}}}',
      'y must hold no number beyond 1.79e308, unless as a string',
    ],
    [
      '{"id":"1","name":"n","timestamp":"soon"}',
      'timestamp must be an RFC 3339 date-time such as 2024-10-10T10:00:00Z, not "soon"',
    ],
    [
      '{"id":"1","name":"n","timestamp":"1970-01-01T00:00:00Z"}',
      'timestamp must lie within 10 years back and 1 year ahead, not "1970-01-01T00:00:00Z"',
    ],
    [
      '{"id":"1","name":"n","timestamp":"2099-01-01T00:00:00Z"}',
      'timestamp must lie within 10 years back and 1 year ahead, not "2099-01-01T00:00:00Z"',
    ],
    ['{"id":"\\ud800","name":"n"}', 'id must be well-formed Unicode without NUL, not "\\ud800"'],
    ['{"id":"a\\u0000","name":"n"}', 'id must be well-formed Unicode without NUL, not "a\\u0000"'],
    [
      '{"id":"1","name":"n","x":1,"attributes":{"x":2}}',
      'x must not stand both in the record and in its attributes, not 1',
    ],
    [
      `{"id":"1","name":"n","x":${'['.repeat(40)}${']'.repeat(40)}}`,
      'record must nest at most 32 levels, of which attributes is one',
    ],
  ] as const) {
    assert.equal(problemsOf(json), problems);
  }
});

test('every problem of a record is told at once', () => {
  assert.equal(problemsOf('{"id":1,"value":"x"}').split(';').length, 3);
});

test('a record that was read can be written back unchanged', () => {
  const first = parse('{"id":"1","name":"n","extra":{"deep":[1]},"attributes":"a word"}');
  assert.ok(first.ok);
  assert.deepEqual(first.record.attributes, { attributes: 'a word', extra: { deep: [1] } });
  const second = parseRecord(JSON.parse(JSON.stringify(first.record)), times);
  assert.deepEqual(second, first);
});

test('a null stands for an optional field left out', () => {
  const fields = ['timestamp', 'surname', 'country', 'value', 'attributes'];
  const parsed = parse(
    JSON.stringify({ id: '1', name: 'n', ...Object.fromEntries(fields.map(field => [field, null])) }),
  );
  assert.deepEqual(parsed, parse('{"id":"1","name":"n"}'));
});

test('a record nests as deep as it may once it is stored, and can be written back then', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const deepest = parse(`{"id":"1","name":"n","x":${nested(30)}}`);
  assert.ok(deepest.ok);
  assert.deepEqual(parse(JSON.stringify(deepest.record)), deepest);
  assert.ok(parse(`{"id":"1","name":"n","attributes":{"x":${nested(30)}},"y":${nested(30)}}`).ok);
  for (const json of [
    `{"id":"1","name":"n","x":${nested(31)}}`,
    `{"id":"1","name":"n","attributes":{"x":${nested(31)}}}`,
    `{"id":"1","name":"n","attributes":{},"x":${nested(31)}}`,
    `{"id":"1","name":"n","attributes":${nested(31)}}`,
  ]) {
    assert.equal(problemsOf(json), 'record must nest at most 32 levels, of which attributes is one');
  }
});

test('any JSON object with an id and a name is kept whole, or refused with a reason', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small' })), extra => {
      const input = { ...extra, id: '1', name: 'n' };
      const parsed = parseRecord(JSON.parse(JSON.stringify(input)), times);
      if (!parsed.ok) return assert.ok(parsed.problems.length > 0);
      for (const field of Object.keys(input).filter(key => !Object.hasOwn(recordSchema.shape, key))) {
        assert.deepEqual(parsed.record.attributes?.[field], JSON.parse(JSON.stringify(input))[field]);
      }
    }),
  );
});

test('a field called __proto__ is a field like any other', () => {
  const parsed = parse('{"id":"1","name":"n","__proto__":{"polluted":true}}');
  assert.ok(parsed.ok);
  assert.equal(JSON.stringify(parsed.record.attributes), '{"__proto__":{"polluted":true}}');
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('columns come from the schema', () => {
  assert.deepEqual(
    recordColumns.map(({ name, kind, required }) => `${name} ${kind}${required ? ' required' : ''}`),
    [
      'id text required',
      'name text required',
      'timestamp timestamp',
      'surname text',
      'country text',
      'value number',
      'attributes json',
    ],
  );
  assert.equal(columnsOf(recordSchema.extend({ email: recordSchema.shape.surname })).at(-1)?.name, 'email');
});

test('a cursor comes back as its id, and one that is not ours is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), id => decodeCursor('records', encodeCursor('records', id)) === id),
  );
  const cursor = encodeCursor('records', 'id-7');
  for (const forged of [
    '',
    'abc',
    cursor.slice(1),
    `${cursor}x`,
    cursor.replace(/.$/, '!'),
    encodeCursor('deadLetters', 'id-7'),
    Buffer.from('id-8').toString('base64url'),
  ]) {
    assert.throws(() => decodeCursor('records', forged), { code: 'cursor_invalid' }, forged);
  }
});

test('versions have one order', () => {
  const version = fc.record({
    orderedAt: fc.integer({ min: 1, max: 3 }),
    messageId: fc.stringMatching(/^[0-9]{1,3}$/),
  });
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) < 0 && compareVersions(b, c) < 0) assert.ok(compareVersions(a, c) < 0);
    }),
  );
  assert.ok(compareVersions({ orderedAt: 1, messageId: '10' }, { orderedAt: 1, messageId: '9' }) > 0);
});

test('the write clock never runs backwards, nor behind what is known of the id, which moves no other id', async () => {
  const wall = [1000, 1000, 500, 500, 2000];
  const lastOrder = async (id: string) => (id === 'ahead' ? 1_500_000 : 1_000_000);
  const next = createWriteClock({ clock: { now: () => wall.shift() ?? 0 }, warehouse: { lastOrder } });
  const times = [await next('a'), await next('a'), await next('ahead'), await next('b'), await next('ahead')];
  assert.deepEqual(times, [1_000_001, 1_000_001, 1_500_001, 1_000_003, 2_000_000]);
});
