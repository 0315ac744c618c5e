import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution, Point } from '../model.ts';
import { incrementOf } from './increments.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);
const at = (minutes: number) => START_MS + minutes * MINUTE_MS;
const point = (from: number, to: number, value: Point['value']): Point => ({ startMs: at(from), endMs: at(to), value });
const counter = { metricKind: 'CUMULATIVE', valueType: 'DOUBLE' } as const;
const histogram = { metricKind: 'CUMULATIVE', valueType: 'DISTRIBUTION' } as const;
const distribution = (bounds: number[], counts: number[], sum = 0): Distribution => ({
  count: counts.reduce((all, count) => all + count, 0),
  ...{ sum, bounds, counts },
});

test('a cumulative point adds what it has more than the one before, since that one', () => {
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(0, 6, 100)), point(5, 6, 30));
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(0, 6, 70)), point(5, 6, 0));
});

test('after a gap the next point adds all of it at its end', () => {
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(0, 600, 1000)), point(5, 600, 930));
});

test('the first point counts whole where it began within ten minutes, and not at all where earlier', () => {
  assert.deepEqual(incrementOf(counter, undefined, point(0, 10, 7)), point(0, 10, 7));
  const later = { ...point(0, 10, 7), endMs: at(10) + 1 };
  assert.equal(incrementOf(counter, undefined, later), undefined);
});

test('a new start begins anew, and all that it has is added', () => {
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(6, 8, 3)), point(6, 8, 3));
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(6, 8, 300)), point(6, 8, 300));
});

test('a new start before the end of the point before is of a process that ran beside it: no time is told twice', () => {
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(4, 8, 3)), point(5, 8, 3));
});

test('a value that falls has begun anew', () => {
  assert.deepEqual(incrementOf(counter, point(0, 5, 70), point(0, 6, 4)), point(5, 6, 4));
});

test('distributions are told apart bucket by bucket', () => {
  const before = point(0, 5, distribution([1, 2], [5, 1, 0], 6.5));
  const after = point(0, 6, distribution([1, 2], [5, 4, 2], 16.5));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1, 2], [0, 3, 2], 10)));
});

test('a bucket that falls has begun anew, even where the others grew', () => {
  const before = point(0, 5, distribution([1, 2], [5, 1, 0], 6));
  const after = point(0, 6, distribution([1, 2], [4, 9, 9], 30));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1, 2], [4, 9, 9], 30)));
});

test('counts beyond 32 bits are told apart too', () => {
  const before = point(0, 5, distribution([1], [2 ** 40, 2 ** 31]));
  const after = point(0, 6, distribution([1], [2 ** 40 + 5, 2 ** 32 + 2 ** 31]));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1], [5, 2 ** 32])));
});

test('a count beyond 32 bits that falls has begun anew', () => {
  const before = point(0, 5, distribution([1], [2 ** 40, 5]));
  const after = point(0, 6, distribution([1], [2 ** 39, 2 ** 41]));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1], [2 ** 39, 2 ** 41])));
});

test('where buckets got wider or more of them, what was before falls where they are now', () => {
  const before = point(0, 5, distribution([1, 2, 4, 8], [0, 3, 1, 5, 0], 20));
  const after = point(0, 6, distribution([1, 4, 16], [0, 6, 7, 1], 50));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1, 4, 16], [0, 2, 2, 1], 30)));
});

test('where buckets cannot be told apart, the point has begun anew', () => {
  const before = point(0, 5, distribution([1, 2], [3, 3, 3]));
  const after = point(0, 6, distribution([1.5], [2, 20]));
  assert.deepEqual(incrementOf(histogram, before, after), point(5, 6, distribution([1.5], [2, 20])));
});

test('deltas and gauges are increments as they are', () => {
  const delta = { metricKind: 'DELTA', valueType: 'INT64' } as const;
  const gauge = { metricKind: 'GAUGE', valueType: 'STRING' } as const;
  assert.deepEqual(incrementOf(delta, point(0, 5, 70), point(5, 6, 3)), point(5, 6, 3));
  assert.deepEqual(incrementOf(gauge, point(5, 5, 'a'), point(6, 6, 'b')), point(6, 6, 'b'));
});
