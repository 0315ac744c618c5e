import { describeSeconds, describeShare, tidy } from '../../base/durations.ts';
import type { ServiceEntry } from '../catalogue.ts';
import { seriesOf } from '../causes.ts';
import { errorBudget, firingRatio } from '../maths.ts';
import { describePeriod } from '../period.ts';
import { type Sli, selectionsOf } from '../sli.ts';
import { BELOW_TIER } from '../tiers.ts';
import { type Lint, ofObjective, ofTier } from './rule.ts';
import { eventsHeld } from './traffic.ts';

/** What tiers promise to notice, and cannot. */
export const tierLints = {
  'never-fires': {
    severity: 'error',
    explanation:
      'A tier fires when the error ratio is above threshold × budget. Where that is 1 or more, not even a total outage reaches it. Nor does one where badEventsAbove asks for more bad events than its long window holds.',
    remedy:
      'Take a smaller share of the budget, a longer window or a lower badEventsAbove; or leave the tier out where another one covers it.',
    example:
      'Goal 90 %, 2 % of a 30-day budget in 1 h: the threshold is 14.4, and 14.4 × 10 % is 144 %. A total outage is 100 %, and spends 1.389 % of that budget an hour.',
    rules: [
      ...ofTier(({ tier: { threshold }, objective: { goal } }) => {
        const ratio = firingRatio({ threshold, goal });
        if (ratio < 1) return undefined;
        return `fires above ${describeShare(ratio)} of bad events (burn ${threshold} × budget ${describeShare(errorBudget(goal))}), and 100 % is a total outage`;
      }),
      ...ofTier(subject => {
        const { badEventsAbove } = subject.objective;
        const held = eventsHeld(subject);
        // An hour without events has nothing to fire for.
        if (badEventsAbove === undefined || !held?.perHour || held.count > badEventsAbove) return undefined;
        return `never fires: its ${describeSeconds(subject.tier.longSeconds)} hold ${held.count} ${held.what}, and it takes more than ${badEventsAbove} bad ones (badEventsAbove)`;
      }),
    ],
  },
  'fires-inside-budget': {
    severity: 'error',
    explanation:
      'A burn rate of 1 spends exactly the budget in one period. A tier below 1 calls somebody while the service keeps its promise.',
    remedy:
      'Take a larger share or a shorter window, so that share × period / window is at least 1. The standard tiers of burnRateAlerts() never go below.',
    example: '10 % of a 7-day budget in 3 d: the threshold is 0.1 × 7 / 3 = 0.233. At 1 it is 42.9 % of the budget.',
    rules: ofTier(({ tier: { name, threshold, longSeconds, share } }) => {
      if (threshold >= 1 || name === BELOW_TIER) return undefined;
      return `fires at a burn rate of ${threshold} (${describeShare(share)} of the budget in ${describeSeconds(longSeconds)}), and up to 1 the budget lasts the whole period`;
    }),
  },
  'alert-below': {
    severity: 'error',
    explanation:
      'alertBelow opens a ticket while less than that share of the events is good over the last hour. At the goal or above it, that is so while the goal is kept.',
    remedy: 'Take a share below the goal: 0.995 for a goal of 0.999.',
    example: 'Goal 99.9 %, alertBelow 0.995: a burn rate of 0.005 / 0.001 = 5. With alertBelow 0.9995 it would be 0.5.',
    rules: ofTier(({ tier: { name, threshold }, objective: { goal } }) => {
      if (name !== BELOW_TIER || threshold > 1) return undefined;
      return `fires below ${describeShare(tidy(1 - firingRatio({ threshold, goal })))} (alertBelow), which does not lie below the goal of ${describeShare(goal)}`;
    }),
  },
  'short-window-ratio': {
    severity: 'warning',
    explanation:
      'The short window ends the alert after an outage, and is a twelfth of the long one in the SRE Workbook. With a longer one the alert stays open for as much longer; with a shorter one a quiet minute ends it.',
    remedy: 'Leave `short` out: it is a twelfth then.',
    example:
      'With 1 h and 5 min a total outage’s alert ends within 5 min of good events; with 1 h and 30 min, within 30.',
    rules: ofTier(({ tier: { longSeconds, shortSeconds } }) => {
      if (shortSeconds === longSeconds / 12 || shortSeconds === tidy(longSeconds / 12)) return undefined;
      return `has windows of ${describeSeconds(longSeconds)} and ${describeSeconds(shortSeconds)}, and a twelfth is ${describeSeconds(longSeconds / 12)}`;
    }),
  },
  'short-window-samples': {
    severity: 'error',
    explanation:
      'An increase needs two samples of a metric, and an SLI of windows a whole window. A short window that holds less sees nothing, and the alert never fires.',
    remedy: 'Take longer windows for the tier, or an SLI that is sampled more often.',
    example: 'Windows of 12 min and 1 min on a metric with a sample every 60 s: two samples take 2 min.',
    rules: ofTier(({ tier: { shortSeconds }, objective: { sli } }) => {
      const [needed, what] = needsSeconds(sli);
      if (shortSeconds >= needed) return undefined;
      return `has a short window of ${describeSeconds(shortSeconds)}, and ${what} takes ${describeSeconds(needed)}`;
    }),
  },
  'threshold-for-another-period': {
    severity: 'error',
    explanation:
      'A burn threshold is share × period / window. One that is written as a number spends another share of the budget in another period.',
    remedy: 'Write the share and let the threshold follow; or compute it for this period.',
    example: '2 % in 1 h is 14.4 for 30 days, 13.44 for 28 and 3.36 for 7. With 14.4, 28 days lose 2.14 % in 1 h.',
    rules: ofTier(({ tier: { threshold, meantForSeconds: meant }, objective: { period } }) => {
      if (meant === undefined || meant === period.seconds) return undefined;
      const fitting = tidy((threshold * period.seconds) / meant);
      return `has the threshold ${threshold} for ${describeSeconds(meant)}, and over ${describePeriod(period)} the same share is ${fitting}`;
    }),
  },
  'no-alert': {
    severity: 'error',
    explanation:
      'Nobody is called for the objective, so its budget can be gone before anybody looks. noAlerts is for an SLO whose metric a cause alert of the service watches.',
    remedy: 'Leave `alerts` out for the standard tiers, write one tier at least, or watch its metric by a cause alert.',
    example: 'alerts: burnRateAlerts({ tiers: [{ name: "ticket", severity: "ticket", long: "1d", share: 0.1 }] })',
    rules: ofObjective(({ objective: { tiers, sli }, service }) => {
      if (tiers.length > 0 || isWatched(sli, service)) return undefined;
      return 'nobody is called for it: it has no tier, and no cause alert watches its metric';
    }),
  },
} as const satisfies Readonly<Record<string, Lint>>;

function needsSeconds(sli: Sli): [seconds: number, what: string] {
  let samples = 0;
  for (const { metric } of selectionsOf(sli)) samples = Math.max(samples, 2 * metric.sampleSeconds);
  if (sli.form !== 'windows' || sli.windowSeconds <= samples) return [samples, 'an increase over two samples'];
  return [sli.windowSeconds, 'a window of the SLI'];
}

function isWatched(sli: Sli, { causes }: ServiceEntry): boolean {
  const watched = new Set(causes.map(({ when }) => seriesOf(when).metric.type));
  return selectionsOf(sli).some(({ metric }) => watched.has(metric.type));
}
