import { type Duration, describeSeconds, secondsOf } from '../base/durations.ts';

/** The calendar periods that Cloud Monitoring has. */
export type Calendar = 'day' | 'week' | 'fortnight' | 'month';

/** What an SLO counts over: the last days, or the current calendar period. Never both. */
export type PeriodChoice = { period: `${number}d`; calendar?: never } | { calendar: Calendar; period?: never };

/** A period with its length; a calendar month counts with its shortest, 28 days. */
export type Period = { seconds: number } & ({ rolling: true } | { rolling: false; calendar: Calendar });

const DAY = 86_400;
const CALENDAR_DAYS: Readonly<Record<Calendar, number>> = { day: 1, week: 7, fortnight: 14, month: 28 };

export function toPeriod(choice: { period?: Duration; calendar?: Calendar }): Period {
  if (choice.calendar !== undefined) {
    if (choice.period !== undefined) throw new TypeError('must have a period or a calendar, and not both');
    return { rolling: false, calendar: choice.calendar, seconds: CALENDAR_DAYS[choice.calendar] * DAY };
  }
  if (choice.period === undefined) throw new TypeError('must have a period such as 28d, or a calendar such as month');
  return { rolling: true, seconds: secondsOf(choice.period) };
}

/** For people: `28 d`, `calendar month`. */
export function describePeriod(period: Period): string {
  return period.rolling ? describeSeconds(period.seconds) : `calendar ${period.calendar}`;
}
