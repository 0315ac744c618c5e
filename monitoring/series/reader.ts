import type { Point, Series, SeriesStore } from '../model.ts';
import { type Block, COLUMN, decodeBlock, pointAt, toBlock } from './block.ts';
import { countBlock } from './count.ts';
import type { SeriesFile } from './file.ts';
import { incrementAt, incrementsOfBlock } from './increments.ts';
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
  /** Points in a time: of chunks one by one by `ofChunk`, and by `ofHead` those in memory from one place until before another. */
  function collect(
    series: Series,
    { fromMs, toMs }: { fromMs: number; toMs: number },
    ofChunk: (block: Block, index: number) => Point | undefined,
    ofHead: (head: Head, from: number, until: number) => Point[],
  ): Point[] {
    const head = registry.get(series.id);
    if (!head) return [];
    loadHead(file, head);
    const { points, packed } = head;
    const found: Point[] = [];
    const isInMemory = packed === 0 || fromMs >= (points[0] as Point).endMs;
    for (const body of isInMemory ? [] : file.chunksBetween(series.id, fromMs, toMs)) {
      const block = decodeBlock(series, body);
      for (let index = block.base; index < block.points; index += 1) {
        const endMs = block.cells[COLUMN.end * block.points + index] as number;
        const point = endMs > fromMs && endMs <= toMs ? ofChunk(block, index) : undefined;
        if (point) found.push(point);
      }
    }
    const from = Math.max(isInMemory ? 0 : packed, firstAfter(points, fromMs));
    return [...found, ...ofHead(head, from, firstAfter(points, toMs))];
  }

  return {
    read: (series, fromMs, toMs) =>
      collect(series, { fromMs, toMs }, pointAt, ({ points }, from, until) => points.slice(from, until)),
    readIncrements: (series, fromMs, toMs) => collect(series, { fromMs, toMs }, incrementAt, incrementsInHead),
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

function incrementsInHead({ series, points }: Head, from: number, until: number): Point[] {
  if (from >= until) return [];
  const base = from > 0 ? 1 : 0;
  return incrementsOfBlock(toBlock(series, base, points.slice(from - base, until)));
}

/** The place of the first point that ends after a time, of points that are in order. */
function firstAfter(points: readonly Point[], atMs: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as Point).endMs > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
