import { describeSeconds, describeShare } from '../../base/durations.ts';
import { seriesAvailability } from '../maths.ts';
import type { Period } from '../period.ts';
import { BELOW_TIER } from '../tiers.ts';
import { type Lint, type Linted, ofCause, ofObjective, ofService, ofTier, ofWindows } from './rule.ts';

const GOAL_MAX = 0.9999;
const PERIOD_DAYS_MAX = 30;
const DAY_SECONDS = 86_400;

/** Whether Cloud Monitoring takes a goal. */
export function isGoalPossible(goal: number): boolean {
  return goal > 0 && goal <= GOAL_MAX;
}

/** Whether Cloud Monitoring can hold a period. */
export function isPeriodPossible(period: Period): boolean {
  if (!period.rolling) return Number.isFinite(period.seconds);
  const days = period.seconds / DAY_SECONDS;
  return Number.isInteger(days) && days >= 1 && days <= PERIOD_DAYS_MAX;
}

/** What is promised, why, and what to do when it is missed. */
export const promiseLints = {
  'goal-not-possible': {
    severity: 'error',
    explanation: 'Cloud Monitoring takes goals above 0 and up to 0.9999.',
    remedy: 'Take a goal in that range: 0.999 is 99.9 %.',
    example: 'At 99.999 % over 30 days 25.92 s of total outage spend the whole budget: nobody can act that fast.',
    rules: ofObjective(({ objective: { goal } }) =>
      isGoalPossible(goal) ? undefined : `the goal is ${goal}, and must be above 0 and at most ${GOAL_MAX}`,
    ),
  },
  'period-not-possible': {
    severity: 'error',
    explanation: `Cloud Monitoring holds rolling periods of 1 to ${PERIOD_DAYS_MAX} whole days, or a calendar day, week, fortnight or month.`,
    remedy: 'Take such a period. 28d always holds the same number of weekends.',
    example: 'period: "90d" is too long for one SLO: keep 28d, and add up quarters in a report.',
    rules: ofObjective(({ objective: { period } }) => {
      if (isPeriodPossible(period)) return undefined;
      if (!period.rolling) return `the calendar is ${period.calendar}, and must be day, week, fortnight or month`;
      return `the period is ${describeSeconds(period.seconds)}, and must be 1 to ${PERIOD_DAYS_MAX} whole days`;
    }),
  },
  'goal-above-dependencies': {
    severity: 'warning',
    explanation:
      'Who waits for others in series can promise no more than the product of their promises. A dependency behind a queue does not count: it is not waited for.',
    remedy: 'Lower the goal, or stop waiting: retry, cache, put a queue between, and then say synchronous: false.',
    example: 'Pub/Sub 99.95 % × Cloud Run 99.95 % × BigQuery 99.99 % is 99.89 %: too little for a goal of 99.9 %.',
    rules: ofObjective(({ objective: { goal, kind }, service: { dependsOn } }) => {
      const waitedFor = dependsOn.filter(({ synchronous }) => synchronous);
      const most = seriesAvailability(waitedFor.map(({ promises }) => promises));
      if (kind !== 'availability' || !isGoalPossible(goal) || goal <= most) return undefined;
      const product = waitedFor.map(({ service, promises }) => `${service} ${describeShare(promises)}`).join(' × ');
      return `the goal is ${describeShare(goal)}, and ${product} ${waitedFor.length > 1 ? `is ${describeShare(Math.floor(most * 10_000) / 10_000)}` : 'is all that it can be'}`;
    }),
  },
  'no-reason': {
    severity: 'error',
    explanation:
      'A goal without a reason is not defended at 3 a.m., and not changed when it is wrong. Reasons stand in the alerts, on the dashboards and in the handbook.',
    remedy: 'Say why: what users do when it is missed, and why this number.',
    example: 'why: "Checkout retries once: one failure in a thousand is what buyers do not notice."',
    rules: [
      ...ofObjective(({ objective: { why } }) => (hasWords(why) ? undefined : 'gives no reason')),
      ...ofCause(({ cause: { why } }) => (hasWords(why) ? undefined : 'gives no reason')),
      ...ofService(({ service: { discarded } }) =>
        discarded.flatMap(({ sli, why }) => (hasWords(why) ? [] : [`${sli} was discarded without a reason`])),
      ),
    ],
  },
  'no-runbook': {
    severity: 'error',
    explanation: 'Whoever is called needs a page that says what to look at first. Every alert names it.',
    remedy: 'Say runbook: "runbooks/….md", relative to alerts/, or an https address.',
    example: 'runbook: "runbooks/records-api.md" is the file alerts/runbooks/records-api.md.',
    rules: ofObjective(({ objective: { runbook } }) => (runbook?.trim() ? undefined : 'it names no runbook')),
  },
  'runbook-missing': {
    severity: 'error',
    explanation: 'Alerts name a runbook that is not there: whoever is called finds nothing.',
    remedy: 'Write it, or correct its path, which is relative to alerts/.',
    example: 'runbook: "runbooks/api.md" asks for alerts/runbooks/api.md beside package.json.',
    rules: [
      ...ofService(({ service: { runbook } }, linted) => missing(runbook, linted)),
      ...ofObjective(({ objective: { runbook }, service }, linted) =>
        runbook === service.runbook ? undefined : missing(runbook, linted),
      ),
    ],
  },
  'out-of-range': {
    severity: 'error',
    explanation:
      'Shares lie above 0 and go up to 1: what is frozen below, what a dependency promises, what a window must reach, what a tier lets go of the budget. Events are counted from 0. Nothing is faster than 0 s.',
    remedy:
      'Correct the number: 99.95 % is 0.9995. Where the period is short, write tiers whose windows are no longer: burnRateAlerts({ tiers: [ … ] }).',
    example:
      'dependsOn: [{ service: "BigQuery", promises: 99.99, … }] promises a hundred times of everything: 0.9999 is meant.',
    rules: [
      ...ofService(({ service: { freeze, traffic, dependsOn } }) => [
        freeze && share('freeze.below', freeze.below),
        freeze && fixes(freeze),
        traffic && count('traffic.quietestHour', traffic.quietestHour),
        ...dependsOn.map(({ service, promises }) => share(`what ${service} promises`, promises)),
      ]),
      ...ofObjective(({ objective: { badEventsAbove, thresholdSeconds } }) => [
        badEventsAbove === undefined ? undefined : count('badEventsAbove', badEventsAbove),
        thresholdSeconds === 0 ? 'the threshold is 0 s, and must be above 0' : undefined,
      ]),
      ...ofTier(({ tier: { name, share, longSeconds } }) => {
        // alertBelow says how few events are good, and that may cost more than a budget within the hour.
        if (share <= 1 || name === BELOW_TIER) return undefined;
        return `fires once ${describeShare(share)} of the budget is spent in ${describeSeconds(longSeconds)}, and there is no more than 100 %`;
      }),
      ...ofWindows(({ windows: { good } }) =>
        good.test === 'performance' ? share('ratioAtLeast', good.threshold) : undefined,
      ),
      ...ofCause(({ cause: { when } }) => {
        if (when.test === 'drop') return share('compares with a share that', when.toShare);
        const isAtZero = when.test === 'percentile' && when.valueSeconds === 0;
        return isAtZero ? 'has a threshold of 0 s, and it must be above 0' : undefined;
      }),
    ],
  },
} as const satisfies Readonly<Record<string, Lint>>;

/** Fixes may go where deploys no longer do, and not the other way round. */
function fixes({ below, fixesBelow = 0 }: { below: number; fixesBelow?: number }): string | undefined {
  if (fixesBelow >= 0 && fixesBelow <= below) return undefined;
  return `freeze.fixesBelow is ${fixesBelow}, and must be from 0 to freeze.below, which is ${below}`;
}

const hasWords = (text: string) => /\p{L}/u.test(text);

function missing(path: string | undefined, { runbookExists }: Linted): string | undefined {
  if (!path?.trim() || path.startsWith('https://') || runbookExists(path)) return undefined;
  return `the runbook alerts/${path} is not there`;
}

function share(what: string, value: number): string | undefined {
  return value > 0 && value <= 1 ? undefined : `${what} is ${value}, and must be above 0 and at most 1`;
}

function count(what: string, value: number): string | undefined {
  return value >= 0 && Number.isFinite(value) ? undefined : `${what} is ${value}, and must be 0 or more`;
}
