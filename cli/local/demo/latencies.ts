import type { Distribution } from '../../../monitoring/model.ts';
import type { Minute } from './minute.ts';

/** How latencies lie: half of them under the median, and the steeper, the fewer are far from it. In the unit of the bounds. */
type Shape = { median: number; steepness: number };

/** Makes distributions of latencies: so many, as they are in a minute. */
export type Latencies = (count: number, minute: Minute) => Distribution;

/**
 * Latencies whose logarithms lie as in the logistic distribution: most near the median, and a long tail.
 *
 * @param options.slow how much slower they are in the incident
 */
export function createLatencies(options: {
  bounds: readonly number[];
  usual: Shape;
  slow?: number;
  random: () => number;
}): Latencies {
  const { bounds, usual, slow = 1, random } = options;
  const [below, belowInIncident] = [1, slow].map(factor =>
    bounds.map(bound => 1 / (1 + ((usual.median * factor) / bound) ** usual.steepness)),
  ) as [number[], number[]];
  const middles = bounds.map((bound, index) => ((bounds[index - 1] ?? 0) + bound) / 2);
  return (count, { isIncident }) => {
    // One number for all bounds: what lies below each is whole, right on average, and comes to `count` in all.
    const rounding = random();
    const shares = isIncident ? belowInIncident : below;
    let [counted, sum] = [0, 0];
    const counts = [...shares, 1].map((share, index) => {
      const inBucket = Math.floor(count * share + rounding) - counted;
      counted += inBucket;
      sum += inBucket * (middles[index] ?? bounds.at(-1) ?? 0);
      return inBucket;
    });
    return { count, sum, bounds, counts };
  };
}
