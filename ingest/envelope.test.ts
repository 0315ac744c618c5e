import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvelope } from './envelope.ts';
import { NOW } from './fakes.ts';

const data = Buffer.from('{"id":"a","name":"Ada"}').toString('base64');

function read(json: unknown) {
  return readEnvelope({ json, bytes: Buffer.from(JSON.stringify(json) ?? '') }, NOW);
}

function messageOf(json: unknown) {
  const envelope = read(json);
  assert.ok('message' in envelope);
  return envelope.message;
}

test('it reads what Pub/Sub sends, in either spelling', () => {
  const attributes = { traceparent: '00-1', n: '1' };
  const publishTime = '2026-01-02T03:04:00.123456789Z';
  const expected = {
    messageId: '2070443601311540',
    publishedAt: NOW - 5_000_000 + 123_456,
    attributes,
    orderingKey: 'k',
    data: Buffer.from(data, 'base64'),
  };
  const shared = { data, attributes, orderingKey: 'k' };
  assert.deepEqual(messageOf({ message: { ...shared, messageId: '2070443601311540', publishTime } }), expected);
  const snake = { ...shared, message_id: '2070443601311540', publish_time: publishTime };
  assert.deepEqual(messageOf({ message: snake, subscription: 's', deliveryAttempt: 3 }), expected);
});

test('without an id, or with one that no header can carry, the same message has the same id', () => {
  for (const messageId of [undefined, '', 42, 'a b', 'x"y', 'a\nb', 'é', 'x'.repeat(200)]) {
    const first = messageOf({ message: { data, messageId }, deliveryAttempt: 1 });
    const again = messageOf({ message: { data, messageId }, deliveryAttempt: 2 });
    assert.match(first.messageId, /^push-[0-9a-f]{64}$/);
    assert.equal(again.messageId, first.messageId);
  }
  assert.notEqual(messageOf({ message: { data } }).messageId, messageOf({ message: { data: '' } }).messageId);
});

test('a publish time that is none, or cannot be true, is the time of receipt', () => {
  for (const publishTime of [undefined, 7, 'yesterday', '2999-01-01T00:00:00Z', '1969-12-31T23:59:59Z']) {
    assert.equal(messageOf({ message: { data, publishTime } }).publishedAt, NOW);
  }
});

test('attributes that are no strings are kept as JSON, and none is no failure', () => {
  assert.deepEqual(messageOf({ message: { data, attributes: { a: 1, b: null, c: ['x'], d: 'y' } } }).attributes, {
    ...{ a: '1', b: 'null', c: '["x"]', d: 'y' },
  });
  for (const attributes of [undefined, null, 'x', [1]]) {
    assert.deepEqual(messageOf({ message: { data, attributes } }).attributes, {});
  }
});

for (const [what, json, reason, recordId] of [
  ['no data', { message: { attributes: { a: 'b' } } }, 'no_data', undefined],
  ['null', { message: { data: null } }, 'no_data', undefined],
  ['a number', { message: { data: 42 } }, 'not_base64', undefined],
  ['the record itself', { message: { data: { id: 'a', name: 'Ada' } } }, 'not_base64', 'a'],
  ['the text of the record', { message: { data: '{"id":"a","name":"Ada"}' } }, 'not_base64', 'a'],
  ['letters that are no base64', { message: { data: '%%%' } }, 'not_base64', undefined],
  ['base64 without its padding', { message: { data: 'YQ' } }, 'not_base64', undefined],
  ['base64 with spaces', { message: { data: 'YWJj ZGVm' } }, 'not_base64', undefined],
  ['base64 for URLs', { message: { data: '_-__' } }, 'not_base64', undefined],
] as const) {
  test(`${what} for data is a dead letter with the whole envelope: ${reason}`, () => {
    const envelope = read(json);
    assert.ok('deadLetter' in envelope);
    const { deadLetter } = envelope;
    assert.equal(deadLetter.reason, reason);
    assert.match(deadLetter.detail, /^message\.data /);
    assert.equal(Buffer.from(deadLetter.data).toString(), JSON.stringify(json));
    assert.equal(deadLetter.recordId, recordId);
  });
}

test('without a message there is nothing to keep: the problem names the field', () => {
  for (const json of [{}, { message: null }, { message: 'x' }, { message: [] }, { messages: [{ data }] }]) {
    assert.throws(
      () => read(json),
      (error: { code: string; problems: { field: string }[] }) => {
        assert.equal(error.code, 'push_message_missing');
        assert.equal(error.problems[0]?.field, 'message');
        return true;
      },
    );
  }
  for (const json of [[], 'x', 1, null]) {
    assert.throws(() => read(json), { code: 'push_message_missing', message: /^body must/ });
  }
});
