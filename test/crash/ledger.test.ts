import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './ledger.ts';

const accepted = [
  { messageId: '1', recordId: 'a', name: 'a1' },
  { messageId: '10', recordId: 'a', name: 'a10' },
  { messageId: '2' },
  { recordId: 'w', name: 'w' },
];
const whole = {
  accepted,
  readable: [
    { id: 'a', name: 'a10' },
    { id: 'w', name: 'w' },
  ],
  events: new Map([
    ['1', 'a1'],
    ['10', 'a10'],
    ['11', 'a11'],
    ['api-1', 'w'],
  ]),
  deadLettered: new Set(['2']),
};

test('nothing is missing where every accepted message is an event or a dead letter, and the newest is read', () => {
  const { lost, duplicated, stale } = settle(whole);
  assert.deepEqual({ lost, duplicated, stale }, { lost: [], duplicated: [], stale: [] });
});

test('the harness sees a lost record, a lost older version, a lost dead letter and a lost write', () => {
  assert.deepEqual(settle({ ...whole, readable: [] }).lost, ['1', '10', 'w']);
  assert.deepEqual(settle({ ...whole, events: new Map([['10', 'a10']]) }).lost, ['1']);
  assert.deepEqual(settle({ ...whole, deadLettered: new Set() }).lost, ['2']);
});

test('the harness sees a record twice, and an old version that hides a newer one', () => {
  assert.deepEqual(settle({ ...whole, readable: [...whole.readable, { id: 'a', name: 'a10' }] }).duplicated, ['a']);
  assert.deepEqual(
    settle({
      ...whole,
      readable: [
        { id: 'a', name: 'a1' },
        { id: 'w', name: 'w' },
      ],
    }).stale,
    ['a'],
  );
});

test('a newer version that was stored without an answer is not stale', () => {
  assert.deepEqual(
    settle({
      ...whole,
      readable: [
        { id: 'a', name: 'a11' },
        { id: 'w', name: 'w' },
      ],
    }).stale,
    [],
  );
});
