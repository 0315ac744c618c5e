import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Point, Value } from '../model.ts';
import { encodeBlock, type Shape, toBlock } from './block.ts';
import { countBlock } from './count.ts';
import { createTally } from './tally.ts';
import { MINUTE_MS, recorder, START_MS } from './testing.ts';

/** What came in each bucket, of which the last three are read alike. */
type Counts = [number, number, number, number];

/** How much comes in a minute at most: what fits into so many bits, and more than fits into any. */
const MOST = [0, 3, 15, 255, 65_535, 2 ** 31 - 1, 2 ** 32 - 1, 2 ** 34];
const HAPPENINGS = ['begins anew', 'falls', 'has a fraction', 'has other bounds'];

const minutes = fc
  .tuple(fc.constantFrom(...MOST), fc.constantFrom(1, 500), fc.boolean())
  .chain(([most, steadily, isApart]) => {
    const some = fc.oneof(fc.nat(most), fc.constantFrom(0, most));
    const inOne = fc.nat(3).map(bucket => [0, 0, 0, 0].with(bucket, most) as Counts);
    const happens = fc.oneof(
      { weight: steadily, arbitrary: fc.constant('nothing') },
      { weight: 1, arbitrary: fc.constantFrom(...HAPPENINGS) },
    );
    const one = fc.record({ came: isApart ? inOne : fc.tuple(some, some, some, some), happens });
    return fc.array(one, { minLength: 1, maxLength: steadily === 1 ? 3 : 200, size: 'max' });
  });

/** What each way of reading makes of a value: everything, a part of it, or nothing. */
const reads: readonly ((value: Value) => number)[] = [
  value => (typeof value === 'object' ? value.count : Number(value)),
  value => (typeof value === 'object' ? Number(value.counts[0]) : Number(value) / 2),
  value => (typeof value === 'object' ? Number(value.counts[0]) / 4 : Number(value)),
  () => 0,
];

function pointsOf(shape: Shape, minutes: readonly { came: Counts; happens: string }[]): Point[] {
  let [startMs, counts]: [number, Counts] = [START_MS - MINUTE_MS, [0, 0, 0, 0]];
  return minutes.map(({ came, happens }, index) => {
    const endMs = START_MS + index * MINUTE_MS;
    if (happens === 'begins anew') startMs = endMs - 1;
    if (happens === 'begins anew' || happens === 'falls' || shape.metricKind === 'DELTA') counts = [0, 0, 0, 0];
    counts = counts.map((count, bucket) => count + Number(came[bucket])) as Counts;
    const part = happens === 'has a fraction' ? 0.5 : 0;
    const bounds = happens === 'has other bounds' ? [1, 2, 4] : [1, 2, 3];
    const value = { count: counts.reduce((all, one) => all + one), sum: part, bounds, counts };
    return {
      startMs: shape.metricKind === 'DELTA' ? endMs - MINUTE_MS : startMs,
      endMs,
      value: shape.valueType === 'DISTRIBUTION' ? value : counts[0] + part,
    };
  });
}

for (const metricKind of ['CUMULATIVE', 'DELTA'] as const) {
  for (const valueType of ['INT64', 'DOUBLE', 'DISTRIBUTION'] as const) {
    test(`blocks of ${metricKind} and ${valueType} are counted as increment by increment, whatever is in them`, () => {
      const shape: Shape = { metricKind, valueType };
      const block = fc.record({ minutes, base: fc.constantFrom(0, 1) });
      fc.assert(
        // One after the other, as the blocks of a series.
        fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), blocks => {
          const [wanted, found] = [reads.map(recorder), [...reads, ...reads].map(recorder)];
          const tally = createTally(shape, found);
          for (const { minutes, base } of blocks) {
            const written = toBlock(shape, base as 0 | 1, pointsOf(shape, minutes));
            countBlock(written, wanted);
            tally(encodeBlock(written));
          }
          assert.deepEqual(
            found.map(({ told }) => told),
            [...wanted, ...wanted].map(({ told }) => told),
          );
        }),
        { numRuns: 100 },
      );
    });
  }
}

test('what began to count long before its first point is not counted with that', () => {
  const counter = recorder(Number);
  const point = (minute: number, value: number) => ({ startMs: START_MS, endMs: START_MS + minute * MINUTE_MS, value });
  const shape: Shape = { metricKind: 'CUMULATIVE', valueType: 'INT64' };
  const tally = createTally(shape, [counter]);
  tally(encodeBlock(toBlock(shape, 0, [point(11, 70), point(12, 75)])));
  tally(encodeBlock(toBlock(shape, 0, [point(11, 70)])));
  assert.deepEqual(counter.told, [[START_MS + 12 * MINUTE_MS, 5]]);
});
