import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSame, member, parse } from './same.ts';

test('values are the same whatever the order of members, and different for any other reason', () => {
  assert.ok(isSame({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
  for (const [a, b] of [
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [
      { a: 1, c: undefined },
      { a: 1, b: 2 },
    ],
    [
      { b: 1, a: 1 },
      { a: 1, b: '1' },
    ],
    [
      [1, 2],
      [2, 1],
    ],
    [
      { x: [1], y: 0 },
      { y: 0, x: { 0: 1 } },
    ],
    [
      { x: null, y: 0 },
      { y: 0, x: {} },
    ],
    [undefined, {}],
    [undefined, null],
  ]) {
    assert.ok(!isSame(a, b), JSON.stringify([a, b]));
  }
});

test('what is no JSON has no members', () => {
  assert.equal(member(parse('<html>'), 'records'), undefined);
  assert.equal(member(parse('null'), 'records'), undefined);
  assert.equal(member(parse('{"records":1}'), 'records'), 1);
});
