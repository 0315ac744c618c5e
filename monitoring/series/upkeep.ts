import type { Point } from '../model.ts';
import { DAY_MS } from './accept.ts';
import { decodeBlock, encodeBlock, pointAt, toBlock } from './block.ts';
import type { SeriesFile } from './file.ts';
import type { Head, Registry } from './registry.ts';

/** Points of a chunk: eight hours at one a minute. More would be little smaller, and slower to add to. */
const CHUNK_POINTS = 512;
/** The newest points stay in memory, where conditions look every few seconds. */
const RECENT_POINTS = 16;
/** A step takes a few milliseconds at most, for requests wait meanwhile. */
const STEP = { heads: 4, journalEntries: 16, chunks: 16 };

/**
 * Packs what the journal holds into chunks, step by step, and then removes it from there. Yields after each step how many points were
 * packed.
 *
 * @param options.heads those with points that are not packed
 */
export function* pack({ file, heads }: { file: SeriesFile; heads: readonly Head[] }): Generator<number> {
  const upTo = file.lastJournal();
  for (let index = 0; index < heads.length; index += STEP.heads) {
    const some = heads.slice(index, index + STEP.heads);
    const counts = file.transaction(() => some.map(head => packHead(file, head)));
    // Only now that it is committed.
    for (const [place, head] of some.entries()) notePacked(head, counts[place] as number);
    yield counts.reduce((sum, count) => sum + count, 0);
  }
  while (file.removeJournal(upTo, STEP.journalEntries) === STEP.journalEntries) yield 0;
}

/** Removes chunks whose points all ended until `untilMs`, and the series that have none then, step by step. */
export function* expire({
  file,
  registry,
  untilMs,
}: {
  file: SeriesFile;
  registry: Registry;
  untilMs: number;
}): Generator<void> {
  for (;;) {
    const removed = file.removeChunks(untilMs, STEP.chunks);
    for (const id of new Set(removed)) {
      const head = registry.get(id);
      if (!head || file.hasChunks(id) || head.packed < head.points.length) continue;
      file.removeSeries(id);
      registry.remove(head);
    }
    if (removed.length < STEP.chunks) return;
    yield;
  }
}

/** Loads the newest points of a series that a chunk has, before any that came since. */
export function loadHead(file: SeriesFile, head: Head): void {
  if (head.isLoaded) return;
  const chunk = file.lastChunk(head.series.id);
  const packed = chunk ? allPoints(head, chunk.body).slice(-Math.min(RECENT_POINTS, chunk.points)) : [];
  head.points = [...packed, ...head.points];
  head.packed = packed.length;
  head.isLoaded = true;
}

/** Answers how many points were packed. */
function packHead(file: SeriesFile, head: Head): number {
  loadHead(file, head);
  const series = head.series.id;
  const { points } = head;
  let { packed } = head;
  while (packed < points.length) {
    const first = points[packed] as Point;
    const chunk = file.lastChunk(series);
    const grown = chunk && chunk.points < CHUNK_POINTS && first.endMs < chunk.firstMs + DAY_MS ? chunk : undefined;
    const firstMs = grown?.firstMs ?? first.endMs;
    // A day at most, so that a slow series is not kept long beyond its time.
    const added = points
      .slice(packed, packed + CHUNK_POINTS - (grown?.points ?? 0))
      .filter(({ endMs }) => endMs < firstMs + DAY_MS);
    const before = grown ? allPoints(head, grown.body) : points.slice(Math.max(0, packed - 1), packed);
    const base = before.length > (grown?.points ?? 0) ? 1 : 0;
    if (grown) file.removeChunk(grown.id);
    file.addChunk({
      series,
      firstMs,
      lastMs: (added.at(-1) as Point).endMs,
      points: (grown?.points ?? 0) + added.length,
      body: encodeBlock(toBlock(head.series, base, [...before, ...added])),
    });
    packed += added.length;
  }
  return packed - head.packed;
}

function notePacked(head: Head, count: number): void {
  const dropped = Math.max(0, head.packed + count - RECENT_POINTS);
  head.points = head.points.slice(dropped);
  head.packed += count - dropped;
}

/** The points of a chunk, and before them the one that it counts from. */
function allPoints({ series }: Head, body: Uint8Array): Point[] {
  const block = decodeBlock(series, body);
  return Array.from({ length: block.points }, (_, index) => pointAt(block, index));
}
