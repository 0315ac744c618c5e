import { type Duration, secondsOf, toDuration } from '../base/durations.ts';
import { toUnitOf } from './metric.ts';
import type { PeriodChoice } from './period.ts';
import { type Place, placeOfCall } from './place.ts';
import type { BasicSli, CutSli, Latencies, RatioSli, Sli, WindowsSli } from './sli.ts';
import type { AlertChoice } from './tiers.ts';

/** What every objective says. */
type Common = PeriodChoice & {
  /** Share of the events that are to be good: above 0, at most 0.9999. */
  goal: number;
  /** Why this is measured and why so much of it: it stands in the handbook, in the alerts and on the dashboard. */
  why: string;
  /** Unchanging: an SLO with another id is another SLO, without the history. */
  id?: string;
  title?: string;
  /** Instead of the service's. */
  alerts?: AlertChoice;
  /** A ticket while less than this share is good over the last hour. */
  alertBelow?: number;
  /** Instead of the service's, relative to `alerts/`. */
  runbook?: string;
};

export type ObjectiveKind = 'availability' | 'latency' | 'freshness' | 'other';

/** An objective of a service, with the place where it was written. */
export type ObjectiveSpec = PeriodChoice & {
  id: string;
  kind: ObjectiveKind;
  title: string;
  goal: number;
  sli: Sli;
  /** The threshold of a latency or of freshness, in seconds. */
  thresholdSeconds?: number;
  why: string;
  alerts?: AlertChoice;
  alertBelow?: number;
  runbook?: string;
  definedAt: Place;
};

/** Requests that are answered, to all of them. */
export function availability(options: Common & { sli: RatioSli | BasicSli | WindowsSli }): ObjectiveSpec {
  return { id: 'availability', kind: 'availability', title: 'Availability', ...options, definedAt: placeOfCall() };
}

/**
 * Requests that are answered within a threshold, to all of them.
 *
 * @example latency({ goal: 0.99, under: '200ms', period: '28d', sli: httpServerDuration(), why: '…' })
 */
export function latency(options: Common & { under: Duration; sli: Latencies | BasicSli | WindowsSli }): ObjectiveSpec {
  const { under, sli, ...rest } = options;
  const thresholdSeconds = secondsOf(under);
  return {
    ...{ id: 'latency', kind: 'latency', title: `Latency under ${toDuration(thresholdSeconds)}` },
    ...{ ...rest, thresholdSeconds, sli: cutAt(sli, thresholdSeconds), definedAt: placeOfCall() },
  };
}

/** Reads, or moments, at which data was as young as promised. */
export function freshness(
  options: Common & { under: Duration; sli: RatioSli | Latencies | WindowsSli },
): ObjectiveSpec {
  const { under, sli, ...rest } = options;
  const thresholdSeconds = secondsOf(under);
  return {
    ...{ id: 'freshness', kind: 'freshness', title: `Freshness under ${toDuration(thresholdSeconds)}` },
    ...{ ...rest, thresholdSeconds, sli: cutAt(sli, thresholdSeconds), definedAt: placeOfCall() },
  };
}

/** Any other share of good events: durability, correctness, throughput. */
export function objective(
  options: Common & { id: string; title: string; sli: RatioSli | CutSli | BasicSli | WindowsSli },
): ObjectiveSpec {
  return { kind: 'other', ...options, definedAt: placeOfCall() };
}

/**
 * Good are the values of a distribution inside a range in the metric's own unit; `min` needs `max`.
 *
 * @example distribution({ of: histogram('batch.size'), max: 500 })
 */
export function distribution(options: { of: Latencies; max: number; min?: number }): CutSli {
  const { of, max, min } = options;
  return { form: 'cut', distribution: of.distribution, range: { max, ...(min !== undefined && { min }) } };
}

function cutAt<S extends Sli>(sli: Latencies | S, thresholdSeconds: number): CutSli | S {
  if (sli.form === 'basic') return { ...sli, basic: { kind: 'latency', thresholdSeconds } };
  if (sli.form !== 'latencies') return sli;
  const max = toUnitOf(sli.distribution.metric, thresholdSeconds);
  return { form: 'cut', distribution: sli.distribution, range: { max } };
}
