import { tidy } from '../../base/durations.ts';
import type { Period } from '../period.ts';

/** More would be written with an exponent. */
const DECIMALS_MAX = 6;

/**
 * A share for people to three digits of it or of what it lacks, never rounded to the better side: what is not 99.9 % does not read so.
 *
 * @param round `down` for what is at least so much, `up` for what is at most so much
 */
export function describeBound(share: number, round: 'down' | 'up'): string {
  const percent = tidy(share * 100);
  const size = Math.min(Math.abs(percent), Math.abs(100 - percent)) || 1;
  const scale = 10 ** Math.min(DECIMALS_MAX, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const scaled = tidy(percent * scale);
  return `${tidy((round === 'down' ? Math.floor(scaled) : Math.ceil(scaled)) / scale)} %`;
}

/** A count for people: `2,995`. */
export const describeCount = (count: number): string => count.toLocaleString('en-US');

/** An SLO's budget by its period: `28-day budget`, `calendar-month budget`. */
export function describeBudget(period: Period): string {
  return period.rolling ? `${period.seconds / 86_400}-day budget` : `calendar-${period.calendar} budget`;
}
