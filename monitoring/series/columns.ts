/** Steps that share a width: an outlier widens these alone. */
const GROUP = 64;
const WIDTHS = [0, 2, 4, 8, 16, 32];
/** How many numbers beyond those of a column may be written to. */
export const STEPS_SLACK = 3;
const BYTES_HEAD = 17;
const RAW = 0;
const STEPS = 1;

/**
 * Writes numbers in as few bytes as can still be read fast: whole numbers by their steps, each in so many bits as the largest of its
 * group needs, and everything else as it is in memory.
 */
export function encodeColumn(numbers: Float64Array): Uint8Array {
  return encodeSteps(numbers) ?? Buffer.concat([Uint8Array.of(RAW), bytesOf(numbers)]);
}

/** What can be told of a column without reading its numbers. */
export type ColumnFacts = {
  /** Where in the bytes the next column begins. */
  next: number;
  /** How many bits its widest steps have, above the least; 64 where it has no steps. */
  width: number;
  /** Its first number, and the least step from one to the next; both 0 where it has no steps. */
  first: number;
  least: number;
};

/** Looks at a column of so many numbers that `encodeColumn` wrote. */
export function lookAtColumn(bytes: Uint8Array, at: number, length: number): ColumnFacts {
  if (bytes[at] === RAW) return { next: at + 1 + length * 8, width: 64, first: 0, least: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, BYTES_HEAD);
  let next = at + BYTES_HEAD;
  let width = 0;
  for (let index = 1; index < length; index += GROUP) {
    const bits = bytes[next] as number;
    if (bits > width) width = bits;
    next += 1 + Math.ceil((Math.min(GROUP, length - index) * bits) / 8);
  }
  return { next, width, first: view.getFloat64(1, true), least: view.getFloat64(9, true) };
}

/** Reads as many numbers as `cells` has room for, that `encodeColumn` wrote. Answers where in `bytes` the next column begins. */
export function decodeColumn(bytes: Uint8Array, at: number, cells: Float64Array): number {
  const { next, width, first, least } = lookAtColumn(bytes, at, cells.length);
  if (width === 64) {
    bytesOf(cells).set(bytes.subarray(at + 1, next));
    return next;
  }
  const steps = new Uint32Array(cells.length + STEPS_SLACK);
  addSteps(bytes, at, steps, cells.length);
  let number = first;
  cells[0] = number;
  for (let index = 1; index < cells.length; index += 1) {
    number += least + (steps[index] as number);
    cells[index] = number;
  }
  return next;
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** `undefined` where the numbers are not whole, or lie too far apart. */
function encodeSteps(numbers: Float64Array): Uint8Array | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < numbers.length; index += 1) {
    if (!Number.isSafeInteger(numbers[index])) return undefined;
    if (index === 0) continue;
    const step = (numbers[index] as number) - (numbers[index - 1] as number);
    if (step < least) least = step;
    if (step > most) most = step;
  }
  if (numbers.length === 1) [least, most] = [0, 0];
  if (most - least > 0xffffffff || !Number.isSafeInteger(least)) return undefined;
  const bytes = new Uint8Array(BYTES_HEAD + numbers.length * 5);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, STEPS);
  view.setFloat64(1, numbers[0] as number, true);
  view.setFloat64(9, least, true);
  let at = BYTES_HEAD;
  for (let first = 1; first < numbers.length; first += GROUP) {
    at = packGroup(numbers, { first, end: Math.min(first + GROUP, numbers.length), least }, view, at);
  }
  return bytes.subarray(0, at);
}

/** Answers where the next group begins. */
function packGroup(
  numbers: Float64Array,
  { first, end, least }: { first: number; end: number; least: number },
  view: DataView,
  at: number,
): number {
  const above = (index: number) => (numbers[index] as number) - (numbers[index - 1] as number) - least;
  let most = 0;
  for (let index = first; index < end; index += 1) most = Math.max(most, above(index));
  const width = WIDTHS.find(bits => most < 2 ** bits) ?? 32;
  view.setUint8(at, width);
  for (let index = first, bit = (at + 1) * 8; width > 0 && index < end; index += 1, bit += width) {
    const byte = bit >> 3;
    if (width === 32) view.setUint32(byte, above(index), true);
    else if (width === 16) view.setUint16(byte, above(index), true);
    else view.setUint8(byte, view.getUint8(byte) | (above(index) << (bit & 7)));
  }
  return at + 1 + Math.ceil(((end - first) * width) / 8);
}

/**
 * Adds to `sums`, from the second on, how much each step of a column is above the least of them, and may write to `STEPS_SLACK` numbers
 * more. A restart goes through a hundred million steps by this loop: it is written for speed.
 */
export function addSteps(bytes: Uint8Array, start: number, sums: Uint32Array, length: number): void {
  let at = start + BYTES_HEAD;
  for (let to = 1, end = 1; to < length; to = end) {
    end = Math.min(to + GROUP, length);
    const width = bytes[at] as number;
    at += 1;
    if (width === 2) {
      for (; to < end; to += 4, at += 1) {
        const byte = bytes[at] as number;
        sums[to] = ((sums[to] as number) + (byte & 3)) >>> 0;
        sums[to + 1] = ((sums[to + 1] as number) + ((byte >> 2) & 3)) >>> 0;
        sums[to + 2] = ((sums[to + 2] as number) + ((byte >> 4) & 3)) >>> 0;
        sums[to + 3] = ((sums[to + 3] as number) + (byte >> 6)) >>> 0;
      }
    } else if (width === 4) {
      for (; to < end; to += 2, at += 1) {
        const byte = bytes[at] as number;
        sums[to] = ((sums[to] as number) + (byte & 15)) >>> 0;
        sums[to + 1] = ((sums[to + 1] as number) + (byte >> 4)) >>> 0;
      }
    } else if (width === 8) {
      for (; to < end; to += 1, at += 1) sums[to] = ((sums[to] as number) + (bytes[at] as number)) >>> 0;
    } else if (width > 0) {
      const [size, view] = [width / 8, new DataView(bytes.buffer, bytes.byteOffset)];
      for (; to < end; to += 1, at += size) {
        const above = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
        sums[to] = ((sums[to] as number) + above) >>> 0;
      }
    }
  }
}
