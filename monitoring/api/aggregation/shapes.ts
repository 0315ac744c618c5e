import type { MetricKind, ValueType } from '../../model.ts';

/** What the values of a series are. */
export type Shape = { metricKind: MetricKind; valueType: ValueType };

/** Which series an aligner or a reducer takes, and what it makes of them; what is not said stays. */
type Rule = { kinds?: readonly MetricKind[]; values?: readonly ValueType[]; makes: Partial<Shape> };

const COUNTERS: readonly MetricKind[] = ['DELTA', 'CUMULATIVE'];
const FLOWS: readonly MetricKind[] = ['GAUGE', 'DELTA'];
const GAUGES: readonly MetricKind[] = ['GAUGE'];
const NUMBERS: readonly ValueType[] = ['INT64', 'DOUBLE'];
const SUMMABLE: readonly ValueType[] = [...NUMBERS, 'DISTRIBUTION'];
const SWITCHES: readonly ValueType[] = ['BOOL'];
const NUMBER: Shape = { metricKind: 'GAUGE', valueType: 'DOUBLE' };
const COUNT: Shape = { metricKind: 'GAUGE', valueType: 'INT64' };

const percentile: Rule = { kinds: FLOWS, values: ['DISTRIBUTION'], makes: NUMBER };
const extreme: Rule = { kinds: FLOWS, values: NUMBERS, makes: {} };

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Aligner */
const ALIGNERS: Readonly<Record<string, Rule>> = {
  ALIGN_DELTA: { kinds: COUNTERS, values: SUMMABLE, makes: { metricKind: 'DELTA' } },
  ALIGN_RATE: { kinds: COUNTERS, values: NUMBERS, makes: NUMBER },
  ALIGN_NEXT_OLDER: { kinds: GAUGES, makes: {} },
  ALIGN_MIN: extreme,
  ALIGN_MAX: extreme,
  ALIGN_MEAN: { kinds: FLOWS, values: SUMMABLE, makes: NUMBER },
  ALIGN_COUNT: { kinds: FLOWS, makes: COUNT },
  ALIGN_SUM: { kinds: FLOWS, values: SUMMABLE, makes: {} },
  ALIGN_STDDEV: { kinds: FLOWS, values: NUMBERS, makes: NUMBER },
  ALIGN_COUNT_TRUE: { kinds: GAUGES, values: SWITCHES, makes: COUNT },
  ALIGN_COUNT_FALSE: { kinds: GAUGES, values: SWITCHES, makes: COUNT },
  ALIGN_FRACTION_TRUE: { kinds: GAUGES, values: SWITCHES, makes: NUMBER },
  ALIGN_PERCENTILE_99: percentile,
  ALIGN_PERCENTILE_95: percentile,
  ALIGN_PERCENTILE_50: percentile,
  ALIGN_PERCENTILE_05: percentile,
};

const merged: Rule = { values: SUMMABLE, makes: NUMBER };

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Reducer */
const REDUCERS: Readonly<Record<string, Rule>> = {
  REDUCE_NONE: { makes: {} },
  REDUCE_MEAN: merged,
  REDUCE_MIN: { values: NUMBERS, makes: {} },
  REDUCE_MAX: { values: NUMBERS, makes: {} },
  REDUCE_SUM: { values: SUMMABLE, makes: {} },
  REDUCE_STDDEV: { values: NUMBERS, makes: NUMBER },
  REDUCE_COUNT: { makes: COUNT },
  REDUCE_COUNT_TRUE: { values: SWITCHES, makes: COUNT },
  REDUCE_COUNT_FALSE: { values: SWITCHES, makes: COUNT },
  REDUCE_FRACTION_TRUE: { values: SWITCHES, makes: NUMBER },
  REDUCE_PERCENTILE_99: merged,
  REDUCE_PERCENTILE_95: merged,
  REDUCE_PERCENTILE_50: merged,
  REDUCE_PERCENTILE_05: merged,
};

/** Whether an aligner is known, and evaluated. */
export function isAligner(name: string): boolean {
  return Object.hasOwn(ALIGNERS, name);
}

/** What an aligner or reducer makes of a series' values; `undefined` where it does not take them. */
export function shapeAfter(step: string, { metricKind, valueType }: Shape): Shape | undefined {
  const rule = ALIGNERS[step] ?? REDUCERS[step];
  const { kinds, values, makes } = rule ?? { kinds: [], makes: {} };
  const isTaken = (kinds?.includes(metricKind) ?? true) && (values?.includes(valueType) ?? true);
  return isTaken ? { metricKind, valueType, ...makes } : undefined;
}
