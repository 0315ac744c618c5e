import { limits } from '../limits.ts';
import type { Distribution, MetricKind, Value } from '../model.ts';
import { explicitDistribution, exponentialDistribution } from './buckets.ts';
import { isRefusal, type Refusal, refuse } from './refusals.ts';
import type { Attribute, Int64, Message } from './schema.ts';
import { toNumber } from './values.ts';

/** What every kind of data point has. */
export type DataPoint = {
  readonly startTimeUnixNano?: Int64;
  readonly timeUnixNano?: Int64;
  readonly attributes?: readonly Attribute[];
  readonly flags?: number;
};

/** One value of a data point, and the series that it belongs to: what follows the metric's name, its kind, a label more. */
export type Reading = { suffix: string; metricKind: MetricKind; value: Value; label?: [key: string, value: string] };

/** The data points of a metric, each with its way to be read. */
export type Family = { points: readonly DataPoint[]; read(point: DataPoint): Reading[] | Refusal };

const TEMPORALITIES: Readonly<Record<number, MetricKind>> = { 1: 'DELTA', 2: 'CUMULATIVE' };

/**
 * What Google makes of a metric: numbers always as doubles, sums that may fall as gauges, a summary as three kinds of series.
 *
 * @see https://docs.cloud.google.com/stackdriver/docs/reference/telemetry/v1.metrics
 */
export function familyOf({ gauge, sum, histogram, exponentialHistogram, summary }: Message<'Metric'>): Family {
  if (gauge) return { points: gauge.dataPoints ?? [], read: point => readNumber(point, '/gauge', 'GAUGE') };
  if (sum) return { points: sum.dataPoints ?? [], read: point => readSum(point, sum) };
  if (histogram) {
    return {
      points: histogram.dataPoints ?? [],
      read: point => readDistribution(histogram.aggregationTemporality, explicitDistribution(point)),
    };
  }
  if (exponentialHistogram) {
    return {
      points: exponentialHistogram.dataPoints ?? [],
      read: point => readDistribution(exponentialHistogram.aggregationTemporality, exponentialDistribution(point)),
    };
  }
  return { points: summary?.dataPoints ?? [], read: readSummary };
}

function readSum(point: DataPoint, { aggregationTemporality = 0, isMonotonic }: Message<'Sum'>): Reading[] | Refusal {
  const metricKind = TEMPORALITIES[aggregationTemporality];
  if (!metricKind) return badTemporality(aggregationTemporality);
  if (isMonotonic) return readNumber(point, metricKind === 'DELTA' ? '/delta' : '/counter', metricKind);
  if (metricKind === 'CUMULATIVE') return readNumber(point, '/gauge', 'GAUGE');
  return refuse('bad_temporality', 'a sum that may fall must be cumulative: Google takes no deltas of it');
}

function readNumber(point: Message<'NumberPoint'>, suffix: string, metricKind: MetricKind): Reading[] | Refusal {
  if (!Object.hasOwn(point, 'asDouble') && !Object.hasOwn(point, 'asInt')) {
    return refuse('no_value', 'a data point must have asDouble or asInt');
  }
  const value = Object.hasOwn(point, 'asDouble') ? (point.asDouble ?? 0) : toNumber(point.asInt);
  if (!Number.isFinite(value)) return refuse('not_finite', `a value must be a finite number, not ${value}`);
  return [{ suffix, metricKind, value }];
}

function readDistribution(temporality = 0, value: Distribution | Refusal): Reading[] | Refusal {
  const metricKind = TEMPORALITIES[temporality];
  if (!metricKind) return badTemporality(temporality);
  if (isRefusal(value)) return value;
  return [{ suffix: metricKind === 'DELTA' ? '/histogram:delta' : '/histogram', metricKind, value }];
}

function readSummary({ count, sum = 0, quantileValues = [] }: Message<'SummaryPoint'>): Reading[] | Refusal {
  if (quantileValues.length > limits.otlp_quantiles_max) {
    const rule = `must have at most ${limits.otlp_quantiles_max} quantiles`;
    return refuse('too_many_quantiles', `a summary ${rule}, not ${quantileValues.length}`);
  }
  if (!Number.isFinite(sum)) return refuse('not_finite', `the sum of a summary must be a finite number, not ${sum}`);
  return [
    { suffix: '_sum/summary:counter', metricKind: 'CUMULATIVE', value: sum },
    { suffix: '_count/summary', metricKind: 'CUMULATIVE', value: toNumber(count) },
    // A summary that saw nothing lately says NaN: there is no such quantile then, and the counts stand all the same.
    ...quantileValues
      .filter(({ value = 0, quantile = 0 }) => Number.isFinite(value) && Number.isFinite(quantile))
      .map(
        ({ value = 0, quantile = 0 }): Reading => ({
          suffix: '/summary',
          metricKind: 'GAUGE',
          value,
          label: ['quantile', String(quantile)],
        }),
      ),
  ];
}

function badTemporality(temporality: number): Refusal {
  return refuse('bad_temporality', `aggregationTemporality must be 1 (delta) or 2 (cumulative), not ${temporality}`);
}
