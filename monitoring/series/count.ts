import type { Counter, Point, Value } from '../model.ts';
import { type Block, COLUMN } from './block.ts';
import { incrementAt } from './increments.ts';

/**
 * Hands counters what each point of a block added. Where nothing began anew it is added up column by column, which takes a tenth of
 * the time that it takes to make each increment, and gives the same numbers.
 *
 * @param sums room for a number for each point
 */
export function countBlock(block: Block, counters: readonly Counter[], sums: Float64Array): void {
  const { cells, points } = block;
  const isSummed = isSteady(block);
  // Of the first point of a series it may not be known what it adds.
  const first = block.base === 0 && !incrementAt(block, 0) ? 1 : block.base;
  const endsMs = cells.subarray(COLUMN.end * points + first, (COLUMN.end + 1) * points);
  const counts = sums.subarray(first, points);
  if (counts.length === 0) return;
  // Many SLOs read the same of a series, such as how many there were.
  for (const [read, alike] of Map.groupBy(counters, counter => counter.read)) {
    if (isSummed) addUp(block, weightsOf(block, read), sums);
    else for (let at = first; at < points; at += 1) sums[at] = read((incrementAt(block, at) as Point).value);
    for (const { add } of alike) add(endsMs, counts);
  }
}

/** Where the counts are, a column for each bucket; of a number there is one. */
function countsOf({ shape, shared }: Block): { first: number; bounds: readonly number[] } {
  if (shape.valueType !== 'DISTRIBUTION') return { first: COLUMN.value, bounds: [] };
  return { first: COLUMN.counts, bounds: shared[0] as readonly number[] };
}

/** Whether it can be added up: all have the same bounds, and none began anew, by its start or because a count fell. */
function isSteady(block: Block): boolean {
  const { shape, cells, points, shared } = block;
  if (shape.metricKind === 'GAUGE' || shared.length > 1) return false;
  if (shape.metricKind === 'DELTA') return true;
  if (cells[0] !== cells[points - 1]) return false;
  const { first, bounds } = countsOf(block);
  for (let column = first; column <= first + bounds.length; column += 1) {
    for (let at = column * points + 1; at < (column + 1) * points; at += 1) {
      if ((cells[at] as number) < (cells[at - 1] as number)) return false;
    }
  }
  return true;
}

/** What a counter makes of one in each bucket. */
function weightsOf(block: Block, read: (value: Value) => number): number[] {
  if (block.shape.valueType !== 'DISTRIBUTION') return [read(1)];
  const { bounds } = countsOf(block);
  const none = new Array<number>(bounds.length + 1).fill(0);
  return none.map((_, bucket) => read({ count: 1, sum: 0, bounds, counts: none.with(bucket, 1) }));
}

/** What each point adds to the one before, weighted; of a first one that is all that it has. */
function addUp(block: Block, weights: readonly number[], sums: Float64Array): void {
  const { shape, cells, points } = block;
  const isDelta = shape.metricKind === 'DELTA';
  sums.fill(0, 0, points);
  for (const [bucket, weight] of weights.entries()) {
    if (weight === 0) continue;
    const column = (countsOf(block).first + bucket) * points;
    let before = 0;
    for (let at = 0; at < points; at += 1) {
      const count = cells[column + at] as number;
      sums[at] = (sums[at] as number) + weight * (count - before);
      if (!isDelta) before = count;
    }
  }
}
