import { createEnds } from '../ends.ts';
import type { Counter } from '../model.ts';
import type { Block } from './block.ts';
import { incrementsOfBlock } from './increments.ts';

/** Hands counters what each point of a block added, but for a first one of a series of which that is not known. */
export function countBlock(block: Block, counters: readonly Counter[]): void {
  const increments = incrementsOfBlock(block);
  if (increments.length === 0) return;
  const ends = createEnds(Float64Array.from(increments, ({ endMs }) => endMs));
  for (const { read, addAll } of counters) {
    addAll(
      ends,
      Float64Array.from(increments, ({ value }) => read(value)),
    );
  }
}
