import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution, Value } from '../model.ts';
import { toBlock } from './block.ts';
import { countBlock } from './count.ts';
import { incrementAt } from './increments.ts';
import { MINUTE_MS, recorder, START_MS } from './testing.ts';

const histogram = { metricKind: 'CUMULATIVE', valueType: 'DISTRIBUTION' } as const;
const distribution = (bounds: number[], counts: number[]): Distribution => {
  return { count: counts.reduce((all, one) => all + one, 0), sum: 1, bounds, counts };
};
/** Half of what is in the second bucket. */
const half = (value: Value) => (typeof value === 'object' ? (value.counts[1] ?? 0) / 2 : Number.NaN);

for (const [title, values, expected] of [
  [
    'with the same bounds',
    [distribution([1], [1, 2]), distribution([1], [1, 7]), distribution([1], [4, 7])],
    [1, 2.5, 0],
  ],
  [
    'whose bounds change',
    [distribution([2], [1, 2]), distribution([1, 2], [3, 4, 2]), distribution([1, 2], [3, 5, 2])],
    [1, 1.5, 0.5],
  ],
] as [string, Distribution[], number[]][]) {
  test(`points of distributions ${title} are counted as their increments are`, () => {
    const points = values.map((value, index) => {
      return { startMs: START_MS, endMs: START_MS + (index + 1) * MINUTE_MS, value };
    });
    const block = toBlock(histogram, 0, points);
    assert.deepEqual(
      points.map((_, index) => half(incrementAt(block, index)?.value ?? 0)),
      expected,
    );
    const counter = recorder(half);
    countBlock(block, [counter]);
    assert.deepEqual(
      counter.told,
      points.map(({ endMs }, index) => [endMs, expected[index]]),
    );
  });
}
