import type { Point, Value } from '../model.ts';
import { isDistribution, mergeDistributions, quantileOf } from './distribution.ts';

/** What an aligner makes of the points of one period; `undefined` where there is nothing to make it of. */
export type Align = (points: readonly Point[], period: { seconds: number }) => Value | undefined;

/**
 * Google's aligners: what brings the points of a series to one value a period. Points are increments: deltas, or values of a gauge.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner
 */
export const aligners: Readonly<Record<string, Align>> = {
  ALIGN_DELTA: points => total(points),
  ALIGN_RATE: (points, { seconds }) => over(total(points), seconds),
  ALIGN_NEXT_OLDER: points => points.at(-1)?.value,
  ALIGN_MIN: points => ofNumbers(points, leastOf),
  ALIGN_MAX: points => ofNumbers(points, greatestOf),
  ALIGN_MEAN: points => meanOf(points),
  ALIGN_SUM: points => total(points),
  ALIGN_STDDEV: points => ofNumbers(points, deviationOf),
  ALIGN_COUNT: points => points.length || undefined,
  ALIGN_COUNT_TRUE: points => ofNumbers(points, numbers => numbers.filter(Boolean).length),
  ALIGN_COUNT_FALSE: points => ofNumbers(points, numbers => numbers.filter(number => !number).length),
  ALIGN_FRACTION_TRUE: points => ofNumbers(points, numbers => numbers.filter(Boolean).length / numbers.length),
  ALIGN_PERCENTILE_99: points => percentile(points, 0.99),
  ALIGN_PERCENTILE_95: points => percentile(points, 0.95),
  ALIGN_PERCENTILE_50: points => percentile(points, 0.5),
  ALIGN_PERCENTILE_05: points => percentile(points, 0.05),
};

/** A value as a number: yes is 1, no is 0, and neither texts nor distributions have one. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

// Not as arguments of Math.min: there may be more of them than fit on the stack.
export const leastOf = (numbers: readonly number[]) => numbers.reduce((least, number) => Math.min(least, number));
export const greatestOf = (numbers: readonly number[]) => numbers.reduce((most, number) => Math.max(most, number));

/** How far numbers lie from their mean, by the whole of them. */
export function deviationOf(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length);
}

/** The number below which a share of others lies, read along a straight line between two. */
export function quantileOfNumbers(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

function ofNumbers(points: readonly Point[], make: (numbers: number[]) => number): number | undefined {
  const numbers = points.flatMap(({ value }) => numberOf(value) ?? []);
  return numbers.length === 0 ? undefined : make(numbers);
}

function total(points: readonly Point[]): Value | undefined {
  if (isDistribution(points[0]?.value))
    return mergeDistributions(points.map(({ value }) => value).filter(isDistribution));
  return ofNumbers(points, numbers => numbers.reduce((sum, number) => sum + number, 0));
}

function over(value: Value | undefined, seconds: number): number | undefined {
  const number = isDistribution(value) ? value.count : value === undefined ? undefined : numberOf(value);
  return number === undefined ? undefined : number / seconds;
}

function meanOf(points: readonly Point[]): number | undefined {
  const whole = total(points);
  if (isDistribution(whole)) return whole.count > 0 ? whole.sum / whole.count : undefined;
  return ofNumbers(points, numbers => numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}

function percentile(points: readonly Point[], share: number): number | undefined {
  const whole = total(points);
  if (isDistribution(whole)) return quantileOf(whole, share);
  return ofNumbers(points, numbers => quantileOfNumbers(numbers, share));
}
