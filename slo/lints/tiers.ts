import { describeSeconds, describeShare, tidy } from '../../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import { eventsMin, firingRatio } from '../maths.ts';
import { selectionsOf } from '../sli.ts';
import { NATIVE_WINDOW_SECONDS_MAX, type Tier } from '../tiers.ts';
import type { LintCode } from './table.ts';

/** What is wrong with the tiers of an objective: code and sentence. */
export function lintTiers(service: ServiceEntry, objective: ObjectiveEntry): [LintCode, string][] {
  const { tiers, sli, onePage, badEventsAbove } = objective;
  const found: [LintCode, string][] = tiers.flatMap(tier => lintTier(service, objective, tier));
  const asked = [
    ...(tiers.some(({ longSeconds }) => longSeconds > NATIVE_WINDOW_SECONDS_MAX) ? ['a tier beyond 24 h'] : []),
    ...(onePage ? ['one page'] : []),
    ...(badEventsAbove !== undefined ? ['a least number of bad events'] : []),
  ];
  const isBasic =
    sli.form === 'basic' ||
    (sli.form === 'windows' && sli.good.test === 'performance' && sli.good.sli.form === 'basic');
  if (isBasic && asked.length > 0)
    found.push(['tier-needs-series', `${asked.join(' and ')} cannot be counted from a basic SLI`]);
  if (tiers.length === 0 && !isBasic) found.push(['no-alert', 'has no burn-rate alert']);
  return found;
}

function lintTier(service: ServiceEntry, objective: ObjectiveEntry, tier: Tier): [LintCode, string][] {
  const { goal, period, sli } = objective;
  const { name, threshold, longSeconds, shortSeconds, meantForSeconds } = tier;
  const found: [LintCode, string][] = [];
  const ratio = firingRatio({ threshold, goal });
  if (ratio >= 1) {
    found.push([
      'never-fires',
      `tier ${name} fires above ${describeShare(ratio)} of errors (burn ${threshold} × budget ${describeShare(tidy(1 - goal))}), and there are at most 100 %`,
    ]);
  }
  if (threshold < 1) {
    found.push([
      'fires-inside-budget',
      `tier ${name} fires at a burn rate of ${threshold}, and up to 1 the budget lasts the whole period`,
    ]);
  }
  if (shortSeconds !== tidy(longSeconds / 12)) {
    found.push([
      'short-window-ratio',
      `tier ${name} has windows of ${describeSeconds(longSeconds)} and ${describeSeconds(shortSeconds)}, and a twelfth is ${describeSeconds(longSeconds / 12)}`,
    ]);
  }
  const sampleSeconds = Math.max(0, ...selectionsOf(sli).map(({ metric }) => metric.sampleSeconds));
  if (shortSeconds < 2 * sampleSeconds) {
    found.push([
      'short-window-samples',
      `tier ${name} looks at ${describeSeconds(shortSeconds)}, and two samples take ${describeSeconds(2 * sampleSeconds)}`,
    ]);
  }
  if (meantForSeconds !== undefined && meantForSeconds !== period.seconds) {
    found.push([
      'threshold-for-another-period',
      `tier ${name} has the threshold ${threshold} for ${describeSeconds(meantForSeconds)}, and the period has ${describeSeconds(period.seconds)}`,
    ]);
  }
  return ratio > 0 && ratio < 1 ? [...found, ...lintTraffic(service, objective, tier)] : found;
}

function lintTraffic({ traffic }: ServiceEntry, objective: ObjectiveEntry, tier: Tier): [LintCode, string][] {
  const { goal, sli, badEventsAbove = 0 } = objective;
  if (badEventsAbove >= 1) return [];
  const wanted = eventsMin({ threshold: tier.threshold, goal });
  const isWindows = sli.form === 'windows';
  if (!isWindows && traffic === undefined) return [];
  const held = isWindows
    ? tier.longSeconds / sli.windowSeconds
    : ((traffic?.quietestHour ?? 0) * tier.longSeconds) / 3600;
  if (held >= wanted) return [];
  const what = isWindows ? 'windows' : 'events in the quietest hours';
  return [
    [
      'traffic-too-low',
      `tier ${tier.name} fires for one failure: its ${describeSeconds(tier.longSeconds)} hold ${Math.floor(held)} ${what}, and fewer than ${wanted} are too few`,
    ],
  ];
}
