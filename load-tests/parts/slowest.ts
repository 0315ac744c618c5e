/** Tenths of a millisecond above, the request's number below: a k6 gauge keeps the greatest number, and so the slowest request. */
const NUMBERS = 2 ** 32;
const TENTHS_MAX = 2 ** 20 - 1;

/** The gauge of the slowest request of a kind. */
export function slowestMetric(kind: string): string {
  return `slowest_${kind}`;
}

/** One number for how long a request took and which it was. */
export function packSlow(durationMs: number, number: number): number {
  return Math.min(TENTHS_MAX, Math.round(durationMs * 10)) * NUMBERS + (number % NUMBERS);
}

/** What `packSlow` put together. */
export function unpackSlow(packed: number): { durationMs: number; number: number } {
  return { durationMs: Math.floor(packed / NUMBERS) / 10, number: packed % NUMBERS };
}
