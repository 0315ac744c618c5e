import type { Distribution, Point, SeriesIdentity, Value } from '../model.ts';
import { decodeColumn, encodeColumn } from './columns.ts';

/** What the points of a series are. */
export type Shape = Pick<SeriesIdentity, 'metricKind' | 'valueType'>;

/** What points of a block share: bounds of distributions, or texts. */
export type Shared = readonly number[] | string;

/**
 * Points of one series, column by column. Where `base` is 1, the first point is the one before the block's own: what is cumulative
 * is counted from it.
 */
export type Block = {
  shape: Shape;
  base: 0 | 1;
  points: number;
  /** `points` numbers for each column: starts, ends, and what the value type needs. */
  cells: Float64Array;
  shared: readonly Shared[];
  /** Whether every count of a distribution has less than 32 bits, so that it can be reckoned with as such. */
  isSmall: boolean;
};

/** The columns of a distribution: which bounds, its sum, and its counts. Any other value has one, a number or which text. */
export const COLUMN = { start: 0, end: 1, value: 2, sum: 3, counts: 4 } as const;
const SMALL_MAX = 2 ** 31 - 1;
const HEAD_BYTES = 9;

/** Points as a block. */
export function toBlock(shape: Shape, base: 0 | 1, all: readonly Point[]): Block {
  const points = all.length;
  const cells = new Float64Array(points * columnsOf(all));
  const shared: Shared[] = [];
  let isSmall = true;
  for (const [index, { startMs, endMs, value }] of all.entries()) {
    cells[index] = startMs;
    cells[COLUMN.end * points + index] = endMs;
    const ofValue = COLUMN.value * points + index;
    if (typeof value !== 'object') {
      cells[ofValue] = typeof value === 'string' ? share(shared, value) : Number(value);
      continue;
    }
    cells[ofValue] = share(shared, value.bounds);
    cells[COLUMN.sum * points + index] = value.sum;
    isSmall &&= value.count <= SMALL_MAX;
    let at = COLUMN.counts * points + index;
    for (const inBucket of value.counts) {
      cells[at] = inBucket;
      at += points;
    }
  }
  return { shape, base, points, cells, shared, isSmall };
}

function columnsOf(all: readonly Point[]): number {
  return all.reduce((columns, { value }) => {
    return Math.max(columns, typeof value === 'object' ? COLUMN.counts + value.counts.length : COLUMN.value + 1);
  }, 0);
}

/** The number of a shared value, which is added where it is not there. */
function share(shared: Shared[], value: Shared): number {
  const index = shared.findIndex(other => isSame(other, value));
  return index === -1 ? shared.push(value) - 1 : index;
}

/** Whether two shared values are equal. */
export function isSame(one: Shared, other: Shared): boolean {
  if (one === other || typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((bound, index) => bound === other[index]);
}

/** A point of a block as it was written. */
export function pointAt(block: Block, index: number): Point {
  const { cells, points } = block;
  return {
    startMs: cells[index] as number,
    endMs: cells[points + index] as number,
    value: valueAt(block, index),
  };
}

/** The value of a point of a block. */
export function valueAt({ shape, cells, points, shared }: Block, index: number): Value {
  const value = cells[COLUMN.value * points + index] as number;
  if (shape.valueType === 'BOOL') return value === 1;
  if (shape.valueType === 'STRING') return shared[value] as string;
  if (shape.valueType !== 'DISTRIBUTION') return value;
  const bounds = shared[value] as readonly number[];
  const counts = new Array<number>(bounds.length + 1);
  let count = 0;
  for (let bucket = 0; bucket <= bounds.length; bucket += 1) {
    const inBucket = cells[(COLUMN.counts + bucket) * points + index] as number;
    counts[bucket] = inBucket;
    count += inBucket;
  }
  const sum = cells[COLUMN.sum * points + index] as number;
  return { count, sum, bounds, counts } satisfies Distribution;
}

/** A block as bytes: how many points and columns, the shared values as JSON, and the columns. */
export function encodeBlock({ shape, base, points, cells, shared, isSmall }: Block): Uint8Array {
  const json = Buffer.from(shared.length > 0 ? JSON.stringify(shared) : '');
  const columns = Array.from({ length: cells.length / points }, (_, column) =>
    encodeColumn(cells.subarray(column * points, (column + 1) * points)),
  );
  if (hasLengths(shape)) columns[COLUMN.start] = encodeColumn(lengthsOf(cells, points));
  const head = new DataView(new ArrayBuffer(HEAD_BYTES));
  head.setUint8(0, base + 2 * Number(isSmall));
  head.setUint16(1, points, true);
  head.setUint16(3, columns.length, true);
  head.setUint32(5, json.length, true);
  return Buffer.concat([new Uint8Array(head.buffer), json, ...columns]);
}

/** What stands before the columns of a block in bytes, and where those begin. */
export type BlockHead = Pick<Block, 'base' | 'points' | 'isSmall'> & { columns: number; json: string; end: number };

/** Reads the head of what `encodeBlock` wrote. */
export function decodeHead(bytes: Uint8Array): BlockHead {
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const flags = head.getUint8(0);
  const end = HEAD_BYTES + head.getUint32(5, true);
  return {
    base: (flags & 1) as 0 | 1,
    isSmall: flags > 1,
    points: head.getUint16(1, true),
    columns: head.getUint16(3, true),
    json: Buffer.from(bytes.buffer, bytes.byteOffset + HEAD_BYTES, end - HEAD_BYTES).toString(),
    end,
  };
}

/** Reads what `encodeBlock` wrote. */
export function decodeBlock(shape: Shape, bytes: Uint8Array): Block {
  const { base, isSmall, points, columns, json, end } = decodeHead(bytes);
  const cells = new Float64Array(columns * points);
  for (let column = 0, at = end; column < columns; column += 1) {
    at = decodeColumn(bytes, at, cells.subarray(column * points, (column + 1) * points));
  }
  if (hasLengths(shape)) cells.set(lengthsOf(cells, points));
  return { shape, base, points, cells, shared: sharedOf(json), isSmall };
}

/** What points of a block share, of the JSON in its head. */
export function sharedOf(json: string): readonly Shared[] {
  return json === '' ? [] : JSON.parse(json);
}

/** What is cumulative begins at the same time for long; of what is not, the length is what stays the same. */
function hasLengths({ metricKind }: Shape): boolean {
  return metricKind !== 'CUMULATIVE';
}

/** From starts to lengths, and from lengths to starts. */
function lengthsOf(cells: Float64Array, points: number): Float64Array {
  return cells.subarray(0, points).map((start, index) => (cells[points + index] as number) - start);
}
