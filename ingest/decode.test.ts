import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../base/limits.ts';
import { decodeMessage } from './decode.ts';
import { message, NOW } from './fakes.ts';

const decode = (data: string | Uint8Array) =>
  decodeMessage({ ...message('1', ''), data: typeof data === 'string' ? Buffer.from(data) : data }, { now: NOW });

function refusal(data: string | Uint8Array) {
  const decoded = decode(data);
  assert.ok('deadLetter' in decoded, 'it is a dead letter');
  assert.deepEqual(decoded.deadLetter.data, typeof data === 'string' ? Buffer.from(data) : data);
  return decoded.deadLetter;
}

test('a record becomes an event with the version of its message', () => {
  const decoded = decodeMessage(message('7', { id: 'a', name: 'Ada', extra: 1 }), { now: NOW, traceparent: '00-1' });
  assert.deepEqual(decoded, {
    event: {
      record: { id: 'a', name: 'Ada', timestamp: '2026-01-02T03:04:04Z', attributes: { extra: 1 } },
      version: { orderedAt: NOW - 1_000_000, messageId: '7' },
      source: 'topic',
      traceparent: '00-1',
    },
  });
});

test('a refusal names field, value and rule, and the id where there is one', () => {
  const { reason, detail, recordId } = refusal('{"id":"a","name":"Ada","value":"much"}');
  assert.equal(reason, 'invalid_record');
  assert.match(detail, /value must be a finite number, not "much"/);
  assert.equal(recordId, 'a');
});

for (const [what, data, reason, recordId] of [
  ['nothing', '', 'not_json', undefined],
  ['broken JSON', '{"id":', 'not_json', undefined],
  ['no object', '[1]', 'invalid_record', undefined],
  ['no id', '{"name":"Ada"}', 'invalid_record', undefined],
  ['an id that no address can hold', '{"id":"..","name":"Ada"}', 'invalid_record', undefined],
  ['a number as id', '{"id":777001,"name":"Ada"}', 'invalid_record', '777001'],
  ['a long number as id', '{"id":12345678901234567890,"name":"Ada"}', 'invalid_record', '12345678901234567890'],
  ['a list as id', '{"id":[1],"name":"Ada"}', 'invalid_record', undefined],
  ['Latin-1', Buffer.from('{"id":"a","name":"Jos\xe9"}', 'latin1'), 'not_utf8', 'a'],
  ['an id that is not UTF-8', Buffer.from('{"id":"\xe9"}', 'latin1'), 'not_utf8', undefined],
  ['too much', JSON.stringify({ id: 'a', name: 'b', c: 'x'.repeat(limits.record_bytes_max) }), 'too_large', 'a'],
  ['a deep array', '['.repeat(400_000) + ']'.repeat(400_000), 'invalid_record', undefined],
  [
    'a deep array with a long number',
    `${'['.repeat(400_000)}1234567890123456${']'.repeat(400_000)}`,
    'invalid_record',
    undefined,
  ],
  ['a number that is too large for one', '{"id":"a","name":"b","c":1e400}', 'invalid_record', 'a'],
  ['a deep field', `{"id":"a","name":"b","c":${'['.repeat(40)}${']'.repeat(40)}}`, 'invalid_record', 'a'],
] as const) {
  test(`${what} is a dead letter: ${reason}`, () => {
    const letter = refusal(data);
    assert.equal(letter.reason, reason);
    assert.equal(letter.recordId, recordId);
    assert.notEqual(letter.detail, '');
  });
}

test('a record may have so many bytes as it is stored, however it came', () => {
  const numbers = (count: number) => `{"id":"a","name":"b","n":[${Array(count).fill('1e20').join()}]}`;
  const written = refusal(numbers(190_000));
  assert.equal(written.reason, 'too_large');
  assert.match(written.detail, /^record must have at most 1048576 bytes, not 4180\d{3} bytes$/);
  assert.ok('event' in decode(numbers(40_000)));
  const spaced = (bytes: number) => `{"id":"a","name":"b","n":"${'x'.repeat(1_000_000)}"}`.padEnd(bytes);
  assert.ok('event' in decode(spaced(limits.record_body_bytes_max)));
  const { reason, detail } = refusal(spaced(limits.record_body_bytes_max + 1));
  assert.equal(reason, 'too_large');
  assert.equal(detail, 'record must come in at most 1114112 bytes, not 1114113 bytes');
});

test('the detail of a thousand problems has an end', () => {
  const twice = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field${index}`, index]));
  const { detail } = refusal(JSON.stringify({ id: 'a', name: 'b', ...twice, attributes: twice }));
  assert.equal(detail.length, limits.dead_letter_detail_chars_max);
});

test('any bytes are either an event or a dead letter, and nothing throws', () => {
  const recordLike = fc.record(
    {
      id: fc.anything(),
      name: fc.anything(),
      timestamp: fc.anything(),
      value: fc.anything(),
      attributes: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    recordLike.map(value => JSON.stringify(value) ?? ''),
  );
  const bytes = fc.oneof(
    fc.uint8Array(),
    text.map(value => new Uint8Array(Buffer.from(value))),
  );
  fc.assert(
    fc.property(bytes, data => {
      const decoded = decode(data);
      assert.equal(Number('event' in decoded) + Number('deadLetter' in decoded), 1);
      if ('deadLetter' in decoded) assert.deepEqual(decoded.deadLetter.data, data);
    }),
    { numRuns: 1000 },
  );
});
