import { chanceIfNoWorse, eventsToFind } from '../statistics/two-sample.ts';
import type { Pair } from './counts.ts';

/** How often a revision that is no worse is rolled back by chance at the most, all looks of its rollout together. */
export const FALSE_ALARMS_MAX = 0.01;

/** How surely a revision that fails at the alarming share would be found by as many requests as are called enough. */
export const POWER = 0.95;

/** One look at both. */
export type Look = Pair & {
  number: number;
  looks: number;
  /** The chance of such a difference or a greater one, if the new revision is no worse. */
  pValue: number;
  /** At or below it, the new revision is worse. */
  level: number;
  /** The requests of the new revision that are enough, with what the old one has done so far; none would do where it is not set. */
  enough?: number;
  verdict: 'wait' | 'worse' | 'promote' | 'not-enough';
};

/**
 * Judges a look of several. Each has a level of its own, and their sum is `FALSE_ALARMS_MAX`: the chance that any of them errs is no
 * more (Bonferroni), however much they have in common. The last one, which decides, has half of it.
 *
 * @param options.alarmingShare the share of failed requests that has to be found
 */
export function judge(pair: Pair, options: { number: number; looks: number; alarmingShare: number }): Look {
  const { number, looks, alarmingShare } = options;
  const isLast = number === looks;
  const lastLevel = looks === 1 ? FALSE_ALARMS_MAX : FALSE_ALARMS_MAX / 2;
  const level = isLast ? lastLevel : FALSE_ALARMS_MAX / 2 / (looks - 1);
  const pValue = chanceIfNoWorse(pair.new, pair.old);
  const enough = eventsToFind({ share: alarmingShare, second: pair.old, level: lastLevel, power: POWER });
  const isEnough = enough !== undefined && pair.new.total >= enough;
  const atTheEnd = isEnough ? 'promote' : 'not-enough';
  const verdict = pValue <= level ? 'worse' : isLast ? atTheEnd : 'wait';
  return { ...pair, number, looks, pValue, level, ...(enough !== undefined && { enough }), verdict };
}
