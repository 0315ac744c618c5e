import type { Point, Series, SeriesStore } from '../model.ts';
import { type Block, COLUMN, decodeBlock, pointAt, toBlock } from './block.ts';
import { countBlock } from './count.ts';
import type { SeriesFile } from './file.ts';
import { incrementAt, incrementOf } from './increments.ts';
import type { Head, Registry } from './registry.ts';
import { createTally } from './tally.ts';
import { loadHead } from './upkeep.ts';

/** Reads series: their chunks from the file, their newest points from memory. */
export function createReader({
  file,
  registry,
}: {
  file: SeriesFile;
  registry: Registry;
}): Pick<SeriesStore, 'read' | 'readIncrements' | 'count'> {
  function collect(
    series: Series,
    { fromMs, toMs }: { fromMs: number; toMs: number },
    ofChunk: (block: Block, index: number) => Point | undefined,
    ofHead: (head: Head, index: number) => Point | undefined,
  ): Point[] {
    const head = registry.get(series.id);
    if (!head) return [];
    loadHead(file, head);
    const found: Point[] = [];
    const add = (point: Point | undefined) => point && found.push(point);
    const isInMemory = head.packed === 0 || fromMs >= (head.points[0] as Point).endMs;
    for (const body of isInMemory ? [] : file.chunksBetween(series.id, fromMs, toMs)) {
      const block = decodeBlock(series, body);
      for (let index = block.base; index < block.points; index += 1) {
        const endMs = block.cells[COLUMN.end * block.points + index] as number;
        if (endMs > fromMs && endMs <= toMs) add(ofChunk(block, index));
      }
    }
    for (let index = isInMemory ? 0 : head.packed; index < head.points.length; index += 1) {
      const { endMs } = head.points[index] as Point;
      if (endMs > fromMs && endMs <= toMs) add(ofHead(head, index));
    }
    return found;
  }

  return {
    read: (series, fromMs, toMs) => collect(series, { fromMs, toMs }, pointAt, ({ points }, index) => points[index]),
    readIncrements: (series, fromMs, toMs) => collect(series, { fromMs, toMs }, incrementAt, incrementInHead),
    count(series, counters) {
      const head = registry.get(series.id);
      if (!head) return;
      loadHead(file, head);
      const { points, packed } = head;
      if (packed < points.length) {
        const base = packed > 0 ? 1 : 0;
        countBlock(toBlock(head.series, base, points.slice(packed - base)), counters);
      }
      const tally = createTally(head.series, counters);
      for (const body of file.chunksOf(series.id)) tally(body);
    },
  };
}

function incrementInHead({ series, points }: Head, index: number): Point | undefined {
  return incrementOf(series, points[index - 1], points[index] as Point);
}
