/** Steps that share a width: an outlier widens these alone. */
const GROUP = 64;
const WIDTHS = [0, 2, 4, 8, 16, 32];
/** How many numbers beyond a column's end its reader may write to. */
export const COLUMN_SLACK = 3;
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

/**
 * Reads `length` numbers that `encodeColumn` wrote, to `cells` from `first` on, and may write `COLUMN_SLACK` more that mean nothing.
 *
 * @returns where in `bytes` the next column begins
 */
export function decodeColumn(
  bytes: Uint8Array,
  at: number,
  { cells, first, length }: { cells: Float64Array; first: number; length: number },
): number {
  if (bytes[at] === STEPS) return decodeSteps(bytes, at, cells, first, first + length);
  const end = at + 1 + length * 8;
  bytesOf(cells.subarray(first, first + length)).set(bytes.subarray(at + 1, end));
  return end;
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

/** Replay reads thirty million points by this loop: it is written for speed. */
function decodeSteps(bytes: Uint8Array, start: number, cells: Float64Array, first: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const least = view.getFloat64(start + 9, true);
  let number = view.getFloat64(start + 1, true);
  let at = start + BYTES_HEAD;
  cells[first] = number;
  for (let to = first + 1; to < end; ) {
    const groupEnd = Math.min(to + GROUP, end);
    const width = bytes[at] as number;
    at += 1;
    if (width === 0) {
      for (; to < groupEnd; to += 1) {
        number += least;
        cells[to] = number;
      }
    } else if (width === 2) {
      for (; to < groupEnd; to += 4, at += 1) {
        const byte = bytes[at] as number;
        number += least + (byte & 3);
        cells[to] = number;
        number += least + ((byte >> 2) & 3);
        cells[to + 1] = number;
        number += least + ((byte >> 4) & 3);
        cells[to + 2] = number;
        number += least + (byte >> 6);
        cells[to + 3] = number;
      }
    } else if (width === 4) {
      for (; to < groupEnd; to += 2, at += 1) {
        const byte = bytes[at] as number;
        number += least + (byte & 15);
        cells[to] = number;
        number += least + (byte >> 4);
        cells[to + 1] = number;
      }
    } else if (width === 8) {
      for (; to < groupEnd; to += 1, at += 1) {
        number += least + (bytes[at] as number);
        cells[to] = number;
      }
    } else {
      const step = width / 8;
      for (; to < groupEnd; to += 1, at += step) {
        number += least + (step === 2 ? view.getUint16(at, true) : view.getUint32(at, true));
        cells[to] = number;
      }
    }
  }
  return at;
}
