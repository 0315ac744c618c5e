import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeColumn, encodeColumn } from './columns.ts';

function readBack(numbers: Float64Array): Float64Array {
  const written = encodeColumn(numbers);
  // Between others, as in a block.
  const bytes = Buffer.concat([Uint8Array.of(7, 7, 7), written, Uint8Array.of(7, 7, 7, 7, 7, 7, 7, 7)]);
  const cells = new Float64Array(5 + numbers.length).fill(7);
  const end = decodeColumn(bytes, 3, cells.subarray(5));
  assert.equal(end, 3 + written.length);
  assert.deepEqual(cells.slice(0, 5), new Float64Array(5).fill(7));
  return cells.slice(5);
}

const growing = (stepMax: number) =>
  fc.array(fc.integer({ min: 0, max: stepMax }), { minLength: 1, maxLength: 300 }).map(steps => {
    let number = 0;
    return Float64Array.from(steps, step => {
      number += step;
      return number;
    });
  });

test('numbers come back as they were, whatever they are', () => {
  const any = fc.double({ noNaN: true }).map(number => (number === 0 ? 0 : number));
  const numbers = fc.oneof(
    fc.array(any, { minLength: 1, maxLength: 200 }),
    fc.array(fc.integer(), { minLength: 1, maxLength: 200 }),
    fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 200 }),
  );
  fc.assert(fc.property(numbers, list => assert.deepEqual(readBack(Float64Array.from(list)), Float64Array.from(list))));
});

for (const stepMax of [0, 1, 3, 15, 255, 65_535, 2 ** 32 - 1, 2 ** 34]) {
  test(`whole numbers come back that grow by up to ${stepMax}`, () => {
    fc.assert(
      fc.property(growing(stepMax), numbers => assert.deepEqual(readBack(numbers), numbers)),
      { numRuns: 30 },
    );
  });
}

test('numbers take no more bytes than their steps need', () => {
  const times = Float64Array.from({ length: 513 }, (_, index) => 1_790_000_000_000 + index * 60_000);
  assert.equal(encodeColumn(times).length, 17 + 8);
  const counts = Float64Array.from({ length: 513 }, (_, index) => index * 100 + (index % 15));
  assert.ok(encodeColumn(counts).length < 17 + 8 + 257);
});

test('an outlier makes the steps of its own group longer, and no others', () => {
  const numbers = Float64Array.from({ length: 513 }, (_, index) => (index > 100 ? 1e6 : 0));
  assert.ok(encodeColumn(numbers).length <= 17 + 8 + 64 * 4);
  assert.deepEqual(readBack(numbers), numbers);
});
