import type { Point, Value } from '../model.ts';
import { isSame, type Shared } from './block.ts';

/** A point, and the number of its series. */
export type Entry = { series: number; point: Point };

type Written = { bounds: Shared[]; points: [series: number, startMs: number, endMs: number, value: unknown][] };

/** The points that came between two flushes, as JSON in which distributions share their bounds. */
export function writeJournal(entries: readonly Entry[]): string {
  const bounds: Shared[] = [];
  const written: Written = {
    bounds,
    points: entries.map(({ series, point: { startMs, endMs, value } }) => [
      series,
      startMs,
      endMs,
      pack(value, bounds),
    ]),
  };
  return JSON.stringify(written);
}

/** Reads what `writeJournal` wrote. */
export function readJournal(text: string): Entry[] {
  const { bounds, points }: Written = JSON.parse(text);
  return points.map(([series, startMs, endMs, value]) => ({
    series,
    point: { startMs, endMs, value: unpack(value, bounds) },
  }));
}

function pack(value: Value, bounds: Shared[]): unknown {
  if (typeof value !== 'object') return value;
  const known = bounds.findLastIndex(other => isSame(other, value.bounds));
  return [known === -1 ? bounds.push(value.bounds) - 1 : known, value.count, value.sum, ...value.counts];
}

function unpack(value: unknown, bounds: readonly Shared[]): Value {
  if (!Array.isArray(value)) return value as Value;
  const [which, count, sum, ...counts] = value;
  return { count, sum, bounds: bounds[which] as readonly number[], counts };
}
