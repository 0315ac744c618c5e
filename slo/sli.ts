import { type Duration, secondsOf } from '../base/durations.ts';
import type { BoolGauge, Counter, Distribution, Gauge, Selection } from './metric.ts';

/** Good events to all of them, from exactly two of good, bad and total. */
export type RatioSli = { form: 'ratio' } & (
  | { good: Counter; total: Counter; bad?: never }
  | { bad: Counter; total: Counter; good?: never }
  | { good: Counter; bad: Counter; total?: never }
);

/** A range in the metric's own unit. `min` needs `max`: Cloud Monitoring takes an unset bound as 0. */
export type Range = { max: number; min?: number };

/** Good are the values of a distribution inside a range. */
export type CutSli = { form: 'cut'; distribution: Distribution; range: Range };

/** What Cloud Monitoring knows by itself of a service that it has found: availability, or latency under a threshold. */
export type BasicSli = {
  form: 'basic';
  basic: { kind: 'availability' } | { kind: 'latency'; thresholdSeconds: number };
  method?: readonly string[];
  location?: readonly string[];
  version?: readonly string[];
};

/** An SLI that counts requests. */
export type RequestSli = RatioSli | CutSli | BasicSli;

/** What makes a window good. */
export type WindowTest =
  | { test: 'good-bad-metric'; metric: BoolGauge }
  | { test: 'performance'; sli: RequestSli; threshold: number }
  | { test: 'mean-in-range'; gauge: Gauge; range: Partial<Range> }
  | { test: 'sum-in-range'; gauge: Gauge; range: Partial<Range> };

/** An SLI that counts windows of time. */
export type WindowsSli = { form: 'windows'; windowSeconds: number; good: WindowTest };

export type Sli = RequestSli | WindowsSli;

/** Series of a distribution whose good values an objective names by its threshold. */
export type Latencies = { form: 'latencies'; distribution: Distribution };

/**
 * Windows of time, each of which is good or not.
 *
 * @param options.every the window: at least 60 s, and a whole number of them in a day
 * @example windows({ every: '1m', good: { mean: gauge(oldestAge), max: 60 } })
 */
export function windows(options: {
  every: Duration;
  good:
    | { anyTrue: BoolGauge }
    | { ratioAtLeast: number; of: RequestSli }
    | ({ mean: Gauge } & Partial<Range>)
    | ({ sum: Gauge } & Partial<Range>);
}): WindowsSli {
  return { form: 'windows', windowSeconds: secondsOf(options.every), good: toTest(options.good) };
}

function toTest(good: Parameters<typeof windows>[0]['good']): WindowTest {
  if ('anyTrue' in good) return { test: 'good-bad-metric', metric: good.anyTrue };
  if ('of' in good) return { test: 'performance', sli: good.of, threshold: good.ratioAtLeast };
  const { min, max } = good;
  const range = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  if ('mean' in good) return { test: 'mean-in-range', gauge: good.mean, range };
  return { test: 'sum-in-range', gauge: good.sum, range };
}

/** Every selection of an SLI: the metrics that must be there before it can be. */
export function selectionsOf(sli: Sli): Selection[] {
  switch (sli.form) {
    case 'ratio':
      return [sli.good, sli.bad, sli.total].filter(selection => selection !== undefined);
    case 'cut':
      return [sli.distribution];
    case 'basic':
      return [];
    case 'windows':
      if (sli.good.test === 'performance') return selectionsOf(sli.good.sli);
      return [sli.good.test === 'good-bad-metric' ? sli.good.metric : sli.good.gauge];
  }
}

/** The same SLI with each of its selections changed. */
export function mapSelections<S extends Sli>(sli: S, change: <T extends Selection>(selection: T) => T): S {
  const each = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if ('metric' in value && 'resourceLabels' in value) return change(value as Selection);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, each(inner)]));
  };
  return each(sli) as S;
}

/** How long after an event Google's evaluation sees it at the latest, in seconds: a sample, until it can be read, and its window. */
export function delaySecondsOf(sli: Sli): number {
  const delays = selectionsOf(sli).map(({ metric }) => metric.sampleSeconds + metric.visibleAfterSeconds);
  return Math.max(0, ...delays) + (sli.form === 'windows' ? sli.windowSeconds : 0);
}
