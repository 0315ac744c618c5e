import { createEnds } from '../ends.ts';
import type { Counter } from '../model.ts';
import type { Block } from './block.ts';
import { incrementAt } from './increments.ts';

/** Hands counters what each point of a block added, but for a first one of a series of which that is not known. */
export function countBlock(block: Block, counters: readonly Counter[]): void {
  const increments = Array.from({ length: block.points - block.base }, (_, index) => {
    return incrementAt(block, block.base + index) ?? [];
  }).flat();
  if (increments.length === 0) return;
  const ends = createEnds(Float64Array.from(increments, ({ endMs }) => endMs));
  for (const { read, addAll } of counters) {
    addAll(
      ends,
      Float64Array.from(increments, ({ value }) => read(value)),
    );
  }
}
