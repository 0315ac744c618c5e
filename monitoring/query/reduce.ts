import type { Value } from '../model.ts';
import { deviationOf, greatestOf, leastOf, numberOf, quantileOfNumbers } from './align.ts';
import { isDistribution, mergeDistributions, quantileOf } from './distribution.ts';

/** What a reducer makes of the values that several series have in one period. */
export type Reduce = (values: readonly Value[]) => Value | undefined;

/**
 * Google's reducers across series.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Reducer
 */
export const reducers: Readonly<Record<string, Reduce>> = {
  REDUCE_MEAN: values => {
    const whole = merged(values);
    if (whole) return whole.count > 0 ? whole.sum / whole.count : undefined;
    return ofNumbers(values, numbers => sumOf(numbers) / numbers.length);
  },
  REDUCE_MIN: values => ofNumbers(values, leastOf),
  REDUCE_MAX: values => ofNumbers(values, greatestOf),
  REDUCE_SUM: values => merged(values) ?? ofNumbers(values, sumOf),
  REDUCE_STDDEV: values => ofNumbers(values, deviationOf),
  REDUCE_COUNT: values => values.length || undefined,
  REDUCE_COUNT_TRUE: values => ofNumbers(values, numbers => numbers.filter(Boolean).length),
  REDUCE_COUNT_FALSE: values => ofNumbers(values, numbers => numbers.filter(number => !number).length),
  REDUCE_FRACTION_TRUE: values => ofNumbers(values, numbers => numbers.filter(Boolean).length / numbers.length),
  REDUCE_PERCENTILE_99: values => percentile(values, 0.99),
  REDUCE_PERCENTILE_95: values => percentile(values, 0.95),
  REDUCE_PERCENTILE_50: values => percentile(values, 0.5),
  REDUCE_PERCENTILE_05: values => percentile(values, 0.05),
};

function merged(values: readonly Value[]) {
  return isDistribution(values[0]) ? mergeDistributions(values.filter(isDistribution)) : undefined;
}

function percentile(values: readonly Value[], share: number): number | undefined {
  const whole = merged(values);
  return whole ? quantileOf(whole, share) : ofNumbers(values, numbers => quantileOfNumbers(numbers, share));
}

function ofNumbers(values: readonly Value[], make: (numbers: number[]) => number): number | undefined {
  const numbers = values.flatMap(value => numberOf(value) ?? []);
  return numbers.length === 0 ? undefined : make(numbers);
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
