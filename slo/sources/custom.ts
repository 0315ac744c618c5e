import type { Matches, MetricKind, Selection, ValueType } from '../metric.ts';

/**
 * Series of any metric, as its descriptor has it. Kind and value type decide where it fits: a gauge in a ratio does not type-check.
 *
 * @example
 * metric({ type: 'custom.googleapis.com/orders', resource: 'generic_task', kind: 'CUMULATIVE', value: 'INT64', unit: '1' })
 */
export function metric<const K extends MetricKind, const V extends ValueType>(options: {
  type: string;
  resource: string;
  kind: K;
  value: V;
  unit: string;
  labels?: Matches;
  resourceLabels?: Matches;
  bounds?: readonly number[];
  sampleSeconds?: number;
  visibleAfterSeconds?: number;
}): Selection<K, V> {
  const { labels = {}, resourceLabels = {}, bounds, sampleSeconds = 60, visibleAfterSeconds = 60, ...rest } = options;
  return {
    metric: { ...rest, sampleSeconds, visibleAfterSeconds, ...(bounds && { bounds }) },
    labels,
    resourceLabels,
  };
}

/** A name in the infrastructure, to which the suffix of an environment is added: `named('records-api')`. */
export function named(name: string): { name: string } {
  return { name };
}
