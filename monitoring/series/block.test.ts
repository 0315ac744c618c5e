import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Point, ValueType } from '../model.ts';
import { decodeBlock, encodeBlock, pointAt, type Shape, toBlock } from './block.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => (value === 0 ? 0 : value));
const bounds = fc.constantFrom<readonly number[]>([], [1], [0.1, 0.5, 1], [-3, 0, 1e-9, 7, 1e9]);
const distribution = fc
  .tuple(bounds, number, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }))
  .map(([of, sum, all]) => {
    const counts = all.slice(0, of.length + 1);
    return { count: counts.reduce((total, count) => total + count, 0), sum, bounds: of, counts };
  });
const values: Readonly<Record<ValueType, fc.Arbitrary<Point['value']>>> = {
  BOOL: fc.boolean(),
  INT64: fc.maxSafeInteger().map(value => (value === 0 ? 0 : value)),
  DOUBLE: number,
  STRING: fc.string({ unit: 'grapheme' }),
  DISTRIBUTION: distribution,
};

for (const [valueType, value] of Object.entries(values)) {
  for (const metricKind of ['GAUGE', 'DELTA', 'CUMULATIVE'] as const) {
    test(`points of ${metricKind} and ${valueType} come back from bytes as they were`, () => {
      const shape: Shape = { metricKind, valueType: valueType as ValueType };
      const points = fc.array(
        fc.tuple(fc.nat({ max: 1e6 }), fc.nat({ max: 1e6 }), value).map(([start, length, of]) => ({
          startMs: 1.79e12 + start,
          endMs: 1.79e12 + start + length,
          value: of,
        })),
        { minLength: 1, maxLength: 100 },
      );
      fc.assert(
        fc.property(points, fc.constantFrom(0, 1), (written, base) => {
          const block = decodeBlock(shape, encodeBlock(toBlock(shape, base as 0 | 1, written)));
          assert.equal(block.base, base);
          assert.deepEqual(
            Array.from({ length: block.points }, (_, index) => pointAt(block, index)),
            written,
          );
        }),
        { numRuns: 30 },
      );
    });
  }
}

test('bounds that are equal are kept once', () => {
  const value = () => ({ count: 3, sum: 1, bounds: [1, 2], counts: [1, 1, 1] });
  const points = Array.from({ length: 9 }, (_, index) => ({ startMs: 1, endMs: 2 + index, value: value() }));
  assert.deepEqual(toBlock({ metricKind: 'CUMULATIVE', valueType: 'DISTRIBUTION' }, 0, points).shared, [[1, 2]]);
});
