// Burn-rate maths after Google's SRE Workbook, chapter 5, "Alerting on SLOs". Shares and ratios go from 0 to 1, times are seconds.
import { tidy } from '../base/durations.ts';

/** What of all events may be bad: `1 - goal`. */
export function errorBudget(goal: number): number {
  // The noise of the difference is that of 1, however little is left: to decimals, not to digits.
  return Math.round((1 - goal) * 1e12) / 1e12;
}

/** The seconds of total outage that a period's budget allows: `period * budget`. */
export function budgetSeconds({ goal, periodSeconds }: { goal: number; periodSeconds: number }): number {
  return tidy(periodSeconds * errorBudget(goal));
}

/** How many times faster than evenly over the period the budget is spent: `errorRatio / budget`. */
export function burnRate({ errorRatio, goal }: { errorRatio: number; goal: number }): number {
  return tidy(errorRatio / errorBudget(goal));
}

/** The burn rate that spends `share` of the budget within the window: `share * period / window`. */
export function burnThreshold(options: { share: number; periodSeconds: number; windowSeconds: number }): number {
  return tidy((options.share * options.periodSeconds) / options.windowSeconds);
}

/** The share of the budget that a burn of so long spends: `burn * time / period`. More than 1 is more than there is. */
export function budgetSpent(options: { burn: number; seconds: number; periodSeconds: number }): number {
  return tidy((options.burn * options.seconds) / options.periodSeconds);
}

/** How long a whole budget lasts under a burn: `period / burn`. */
export function exhaustionSeconds({ burn, periodSeconds }: { burn: number; periodSeconds: number }): number {
  return tidy(periodSeconds / burn);
}

/** The error ratio above which a tier fires: `threshold * budget`. At 1 or more, nothing can. */
export function firingRatio({ threshold, goal }: { threshold: number; goal: number }): number {
  return tidy(threshold * errorBudget(goal));
}

/**
 * When a steady error ratio is noticed, in seconds from its start: `threshold * budget / errorRatio * long`. It holds at a constant
 * request rate with a whole long window of history; falling traffic delays it, rising traffic or a young service hastens it.
 * `undefined` where the ratio never fires.
 */
export function detectionSeconds(options: {
  errorRatio: number;
  goal: number;
  threshold: number;
  longSeconds: number;
}): number | undefined {
  const ratio = firingRatio(options);
  if (options.errorRatio <= ratio) return undefined;
  return tidy((ratio / options.errorRatio) * options.longSeconds);
}

/**
 * How long after a steady outage that fired its alert closes: `short * (1 - threshold * budget / errorRatio)`, for the short window
 * always closes the AND. Up to `short` with less traffic afterwards; with none, the alert stays until its `autoClose`.
 */
export function resetSeconds(options: {
  errorRatio: number;
  goal: number;
  threshold: number;
  shortSeconds: number;
}): number | undefined {
  const ratio = firingRatio(options);
  if (options.errorRatio <= ratio) return undefined;
  return tidy(options.shortSeconds * (1 - ratio / options.errorRatio));
}

/** The events that a long window must hold, so that one bad one alone does not fire: `1 / (threshold * budget)`, rounded up. */
export function eventsMin(options: { threshold: number; goal: number }): number {
  return Math.ceil(tidy(1 / firingRatio(options)));
}

/** What services that are called one after the other can promise together: the product of their promises. */
export function seriesAvailability(promises: readonly number[]): number {
  return tidy(promises.reduce((product, promise) => product * promise, 1));
}
