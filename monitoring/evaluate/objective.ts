import { errorBudget } from '../../slo/maths.ts';
import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import { atOnce, type DelayOf } from '../delay.ts';
import { metricTypeOf } from '../filter/match.ts';
import { filtersOf, toIndicator } from './indicator.ts';
import { periodStart } from './period.ts';
import { type Counts, type Tracker, trackEvents } from './tracker.ts';
import { createWindows } from './windows.ts';

/** An SLO that follows its series. */
export type TrackedObjective = Tracker & {
  readonly json: ServiceLevelObjective;
  /** How long after its end all that it counts can be read. */
  readonly delayMs: number;
  /** What was counted over the SLO's period that ends, or is under way, at a time. */
  countsOfPeriod(atMs: number): Counts;
};

/** Follows an SLO. Throws `filter_invalid` where its filters cannot be parsed. */
export function trackObjective(
  json: ServiceLevelObjective,
  service: Service,
  project: string,
  delayOf: DelayOf = atOnce,
): TrackedObjective {
  const indicator = toIndicator(json.serviceLevelIndicator, service);
  const tracker =
    indicator.counts === 'events' ? trackEvents(indicator.events, project) : createWindows(indicator, project);
  const delayMs = Math.max(...filtersOf(indicator).map(filter => delayOf(metricTypeOf(filter))));
  return { ...tracker, json, delayMs, countsOfPeriod: atMs => tracker.counts(periodStart(json, atMs), atMs) };
}

/** The share of good events, from 0 to 1; `undefined` where nothing was counted. */
export function complianceOf({ good, bad }: Counts): number | undefined {
  const total = good + bad;
  return total > 0 ? Math.min(1, Math.max(0, good / total)) : undefined;
}

/** How many times faster than evenly over the period the budget was spent; `undefined` where nothing was counted. */
export function burnOf({ good, bad }: Counts, goal: number): number | undefined {
  const total = good + bad;
  return total > 0 ? bad / total / errorBudget(goal) : undefined;
}

/** The bad events that a period's events allow, those left of them, and their share; `undefined` where nothing was counted. */
export function budgetOf(
  { good, bad }: Counts,
  goal: number,
): { total: number; left: number; fraction: number } | undefined {
  const total = (good + bad) * errorBudget(goal);
  return total > 0 ? { total, left: total - bad, fraction: (total - bad) / total } : undefined;
}
