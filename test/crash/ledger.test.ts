import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './ledger.ts';

const accepted = [
  { messageId: '1', recordId: 'a', name: 'a1' },
  { messageId: '10', recordId: 'a', name: 'a10' },
  { messageId: '2' },
  { recordId: 'w', name: 'w' },
];
const eventsOf = (names: Record<string, string>) =>
  new Map(Object.entries(names).map(([messageId, name]) => [messageId, { name, orderedAt: 0 }]));
const whole = {
  accepted,
  readable: [
    { id: 'a', name: 'a10' },
    { id: 'w', name: 'w' },
  ],
  events: eventsOf({ '1': 'a1', '10': 'a10', '11': 'a11', 'api-1': 'w' }),
  repeated: 0,
  deadLettered: new Map([['2', 'not_json']]),
};
/** As a reader sees it where the record `a` has this name. */
const reading = (name: string) => [
  { id: 'a', name },
  { id: 'w', name: 'w' },
];

test('nothing is missing where every accepted message is an event or a dead letter, and the newest is read', () => {
  const { lost, duplicated, stale, goodDeadLettered } = settle(whole);
  assert.deepEqual(
    { lost, duplicated, stale, goodDeadLettered },
    { lost: [], duplicated: [], stale: [], goodDeadLettered: 0 },
  );
});

test('the harness sees a lost record, a lost older version, a lost dead letter and a lost write', () => {
  assert.deepEqual(settle({ ...whole, readable: [] }).lost, ['1', '10', 'w']);
  assert.deepEqual(settle({ ...whole, events: eventsOf({ '10': 'a10' }) }).lost, ['1']);
  assert.deepEqual(settle({ ...whole, deadLettered: new Map() }).lost, ['2']);
});

test('the harness sees a record twice, and an old version that hides a newer one', () => {
  assert.deepEqual(settle({ ...whole, readable: [...whole.readable, { id: 'a', name: 'a10' }] }).duplicated, ['a']);
  assert.deepEqual(settle({ ...whole, readable: reading('a1') }).stale, ['a']);
});

test('a newer version that was stored without an answer is not stale', () => {
  assert.deepEqual(settle({ ...whole, readable: reading('a11') }).stale, []);
});

test('where the time of publishing orders versions, it goes before the id', () => {
  const events = new Map([
    ...whole.events,
    ['1', { name: 'a1', orderedAt: 2 }],
    ['10', { name: 'a10', orderedAt: 1 }],
  ] as const);
  assert.deepEqual(settle({ ...whole, events, readable: reading('a1') }).stale, []);
  assert.deepEqual(settle({ ...whole, events, readable: reading('a10') }).stale, ['a']);
});

test('a good message among the dead letters is lost, though it is an event too', () => {
  const deadLettered = new Map([...whole.deadLettered, ['1', 'row_refused']]);
  const { lost, goodDeadLettered } = settle({ ...whole, deadLettered });
  assert.deepEqual({ lost, goodDeadLettered }, { lost: ['1'], goodDeadLettered: 1 });
});

test('as many good messages as rows were refused on purpose may be dead letters, for that reason only', () => {
  const events = eventsOf({ '1': 'a1', 'api-1': 'w' });
  const refused = { ...whole, events, readable: reading('a1'), rowsRefused: 1 };
  const letters = (entries: Record<string, string>) => new Map([...whole.deadLettered, ...Object.entries(entries)]);
  const { lost, stale } = settle({ ...refused, deadLettered: letters({ '10': 'row_refused' }) });
  assert.deepEqual({ lost, stale }, { lost: [], stale: [] });
  assert.deepEqual(settle({ ...refused, deadLettered: letters({ '10': 'attempts_exhausted' }) }).lost, ['10']);
  assert.deepEqual(settle({ ...refused, deadLettered: letters({ '1': 'row_refused', '10': 'row_refused' }) }).lost, [
    '10',
  ]);
});

test('a record of which the only version was refused on purpose need not be readable', () => {
  const pushed = { messageId: 'p', recordId: 'p', name: 'pushed' };
  const deadLettered = new Map([...whole.deadLettered, ['p', 'row_refused']]);
  assert.deepEqual(settle({ ...whole, accepted: [...accepted, pushed], deadLettered, rowsRefused: 1 }).lost, []);
});
