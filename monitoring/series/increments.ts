import type { Distribution, Point } from '../model.ts';
import { type Block, COLUMN, pointAt, type Shape, toBlock, valueAt } from './block.ts';

/** The first point of a cumulative series counts whole where it began to count no longer ago than this. */
const FIRST_MS_MAX = 10 * 60_000;

/**
 * What a point of a block adds to the one before it; `undefined` where that is not known. A count that began anew, by its start or
 * because it fell, counts from there.
 */
export function incrementAt(block: Block, index: number): Point | undefined {
  if (block.shape.metricKind !== 'CUMULATIVE') return pointAt(block, index);
  const startMs = block.cells[index] as number;
  const endMs = block.cells[block.points + index] as number;
  if (index === 0) return isFirstSeen(startMs, endMs) ? pointAt(block, index) : undefined;

  const previousEndMs = block.cells[block.points + index - 1] as number;
  if (startMs !== block.cells[index - 1]) {
    return { startMs: Math.max(startMs, previousEndMs), endMs, value: valueAt(block, index) };
  }
  const value = block.shape.valueType === 'DISTRIBUTION' ? distributionAt(block, index) : numberAt(block, index);
  return { startMs: previousEndMs, endMs, value: value ?? valueAt(block, index) };
}

/** What each point of a block adds, but for a first one of a series of which that is not known. */
export function incrementsOfBlock(block: Block): Point[] {
  return Array.from({ length: block.points - block.base }, (_, index) => {
    return incrementAt(block, block.base + index) ?? [];
  }).flat();
}

/** Whether the first point of a cumulative series counts whole. */
export function isFirstSeen(startMs: number, endMs: number): boolean {
  return endMs - startMs <= FIRST_MS_MAX;
}

/** What a point adds, on its own. */
export function incrementOf(shape: Shape, previous: Point | undefined, point: Point): Point | undefined {
  if (shape.metricKind !== 'CUMULATIVE') return point;
  return previous ? incrementAt(toBlock(shape, 1, [previous, point]), 1) : incrementAt(toBlock(shape, 0, [point]), 0);
}

/** `undefined` where it fell. */
function numberAt({ cells, points }: Block, index: number): number | undefined {
  const at = COLUMN.value * points + index;
  const difference = (cells[at] as number) - (cells[at - 1] as number);
  return difference < 0 ? undefined : difference;
}

/** `undefined` where a bucket fell. */
function distributionAt(block: Block, index: number): Distribution | undefined {
  const { cells, points, shared } = block;
  const ofBounds = COLUMN.value * points + index;
  const bounds = shared[cells[ofBounds] as number] as readonly number[];
  if (cells[ofBounds] !== cells[ofBounds - 1]) return acrossBounds(block, index);
  const first = COLUMN.counts * points + index;
  const counts = block.isSmall
    ? smallDifferences(cells, first, points, bounds.length + 1)
    : differences(cells, first, points, bounds.length + 1);
  if (!counts) return undefined;
  let count = 0;
  for (const inBucket of counts) count += inBucket;
  const ofSum = COLUMN.sum * points + index;
  return { count, sum: (cells[ofSum] as number) - (cells[ofSum - 1] as number), bounds, counts };
}

/** The counts of a row less those of the row before; `undefined` where one fell. */
function differences(cells: Float64Array, first: number, points: number, buckets: number): number[] | undefined {
  const counts = new Array<number>(buckets);
  for (let bucket = 0, at = first; bucket < buckets; bucket += 1, at += points) {
    const difference = (cells[at] as number) - (cells[at - 1] as number);
    if (difference < 0) return undefined;
    counts[bucket] = difference;
  }
  return counts;
}

/** The same where they have less than 32 bits, in half the time: a number that is known to be whole is stored as it is. */
function smallDifferences(cells: Float64Array, first: number, points: number, buckets: number): number[] | undefined {
  const counts = new Array<number>(buckets);
  for (let bucket = 0, at = first; bucket < buckets; bucket += 1, at += points) {
    const difference = ((cells[at] as number) - (cells[at - 1] as number)) | 0;
    if (difference < 0) return undefined;
    counts[bucket] = difference;
  }
  return counts;
}

/** An exponential histogram gets wider buckets, or more of them, while it counts: what was before falls where they are now. */
function acrossBounds(block: Block, index: number): Distribution | undefined {
  const before = valueAt(block, index - 1) as Distribution;
  const { bounds, sum, counts: now } = valueAt(block, index) as Distribution;
  const counts = [...now];
  for (const [bucket, inBucket] of before.counts.entries()) {
    const upper = before.bounds[bucket] ?? Number.POSITIVE_INFINITY;
    const found = bounds.findIndex(bound => upper <= bound);
    const target = found === -1 ? bounds.length : found;
    counts[target] = (counts[target] as number) - inBucket;
  }
  if (counts.some(inBucket => inBucket < 0)) return undefined;
  return { count: counts.reduce((all, inBucket) => all + inBucket, 0), sum: sum - before.sum, bounds, counts };
}
