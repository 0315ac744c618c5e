import { type Duration, secondsOf, tidy } from '../base/durations.ts';
import { budgetSpent, burnThreshold, errorBudget } from './maths.ts';

/** Who is called: `page` wakes somebody, `ticket` waits for working hours. */
export type Severity = 'page' | 'ticket';

/** A tier as a spec writes it. */
export type TierSpec = {
  name: string;
  severity: Severity;
  long: Duration;
  /** A twelfth of `long` where it is not said. */
  short?: Duration;
} & (
  | { share: number; threshold?: never }
  /** A burn rate by hand: it fits one length of period only, `for`, which `burnline check` compares. */
  | { threshold: number; for: `${number}d`; share?: never }
);

/** How an SLO's budget is watched. */
export type AlertChoice = {
  tiers: 'standard' | readonly TierSpec[];
  /** Both page tiers as one policy, so that one outage is one page. */
  onePage: boolean;
  /** An alert fires only with more than so many bad events in its long window. */
  badEventsAbove?: number;
  /** How long there may be no data before a ticket says so; 0 for ever. */
  absentAfterSeconds: number;
};

/** A tier for one SLO. */
export type Tier = {
  name: string;
  severity: Severity;
  longSeconds: number;
  shortSeconds: number;
  /** The burn rate above which it fires. */
  threshold: number;
  /** The share of the budget that the threshold spends in the long window. */
  share: number;
  /** The length of period that a threshold by hand was meant for. */
  meantForSeconds?: number;
};

const STANDARD = [
  { name: 'page-fast', severity: 'page', longSeconds: 3600, share: 0.02 },
  { name: 'page-slow', severity: 'page', longSeconds: 21_600, share: 0.05 },
  { name: 'ticket', severity: 'ticket', longSeconds: 86_400, share: 0.1 },
  { name: 'ticket-long', severity: 'ticket', longSeconds: 259_200, share: 0.1 },
] as const;

/** The longest look-back of `select_slo_burn_rate`, in seconds; beyond it a tier is PromQL. */
export const NATIVE_WINDOW_SECONDS_MAX = 86_400;

/**
 * Multi-window burn-rate alerts: a page for 2 % of the budget in 1 h or 5 % in 6 h, a ticket for 10 % in 1 d or 3 d. Thresholds follow
 * from the SLO's own period, and none is below 1: that would fire inside the budget.
 *
 * @param options.badEventsAbove for services with little traffic: one failure alone does not fire
 * @param options.absentAfter how long there may be no data before a ticket says so: `30m` where it is not said, or `never`
 */
export function burnRateAlerts(
  options: {
    tiers?: readonly TierSpec[];
    onePage?: boolean;
    badEventsAbove?: number;
    absentAfter?: Duration | 'never';
  } = {},
): AlertChoice {
  const { tiers = 'standard', onePage = false, badEventsAbove, absentAfter = '30m' } = options;
  const absentAfterSeconds = absentAfter === 'never' ? 0 : secondsOf(absentAfter);
  return { tiers, onePage, absentAfterSeconds, ...(badEventsAbove !== undefined && { badEventsAbove }) };
}

/** No burn-rate alerts: `burnline check` asks for others that say the same. */
export const noAlerts: AlertChoice = { tiers: [], onePage: false, absentAfterSeconds: 0 };

/** The tiers of an SLO with their thresholds. */
export function resolveTiers(choice: AlertChoice, periodSeconds: number): Tier[] {
  if (choice.tiers !== 'standard') return choice.tiers.map(tier => resolve(tier, periodSeconds));
  return STANDARD.map(({ share, ...tier }) => {
    const { longSeconds: windowSeconds } = tier;
    const threshold = Math.max(1, burnThreshold({ share, periodSeconds, windowSeconds }));
    return {
      ...tier,
      shortSeconds: windowSeconds / 12,
      threshold,
      share: shareOf(threshold, windowSeconds, periodSeconds),
    };
  });
}

function resolve(spec: TierSpec, periodSeconds: number): Tier {
  const { name, severity } = spec;
  const longSeconds = secondsOf(spec.long);
  const shortSeconds = spec.short === undefined ? tidy(longSeconds / 12) : secondsOf(spec.short);
  const threshold = spec.threshold ?? burnThreshold({ share: spec.share, periodSeconds, windowSeconds: longSeconds });
  const meantForSeconds = 'for' in spec ? { meantForSeconds: secondsOf(spec.for) } : {};
  const share = shareOf(threshold, longSeconds, periodSeconds);
  return { name, severity, longSeconds, shortSeconds, threshold, share, ...meantForSeconds };
}

/** The name of the tier that `alertBelow` makes. */
export const BELOW_TIER = 'below';

/**
 * The tier that fires while less than `level` of the events are good over 1 h and over 5 min: at a goal of 99.9 %, below 99.5 % is a
 * burn above 5.
 */
export function tierBelow(level: number, goal: number, periodSeconds: number): Tier {
  const threshold = tidy((1 - level) / errorBudget(goal));
  const longSeconds = 3600;
  return {
    ...{ name: BELOW_TIER, severity: 'ticket', longSeconds, shortSeconds: 300, threshold },
    share: shareOf(threshold, longSeconds, periodSeconds),
  };
}

function shareOf(burn: number, seconds: number, periodSeconds: number): number {
  return budgetSpent({ burn, seconds, periodSeconds });
}

/** The tiers of an SLO as they become alerts: each by itself, or both page tiers together and first. */
export function alertGroups({ tiers, onePage }: { tiers: readonly Tier[]; onePage: boolean }): [Tier, ...Tier[]][] {
  const isJoined = ({ severity }: Tier) => onePage && severity === 'page';
  const groups = [tiers.filter(isJoined), ...tiers.filter(tier => !isJoined(tier)).map(tier => [tier])];
  return groups.flatMap(([first, ...rest]) => (first === undefined ? [] : [[first, ...rest] as [Tier, ...Tier[]]]));
}

/** What such an alert is called: by its tier, or `page` where it is several. */
export function alertGroupName([first, ...rest]: readonly [Tier, ...Tier[]]): string {
  return rest.length === 0 ? first.name : 'page';
}
