import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packSlow, unpackSlow } from './slowest.ts';

test('the greatest number is that of the slowest request, and tells which it was', () => {
  const packed = [
    packSlow(12.34, 4_000_000_000),
    packSlow(99_999.9, 7),
    packSlow(99_999.8, 2 ** 32 - 1),
    packSlow(0, 0),
  ];
  assert.ok(packed.every(Number.isSafeInteger));
  assert.deepEqual(unpackSlow(Math.max(...packed)), { durationMs: 99_999.9, number: 7 });
  assert.deepEqual(unpackSlow(packed[0] ?? 0), { durationMs: 12.3, number: 4_000_000_000 });
});

test('what takes longer than can be told is told as the longest', () => {
  assert.deepEqual(unpackSlow(packSlow(1e9, 5)), { durationMs: 104_857.5, number: 5 });
});
