import type { ServiceLevelObjective } from '../../slo/resources/service.ts';

const DAY_MS = 86_400_000;
/** A Monday, at midnight UTC: the epoch was a Thursday. */
const MONDAY_MS = 4 * DAY_MS;

/**
 * When the period that an SLO counts over began: a rolling one at its length before now, a calendar one at midnight UTC of its
 * first day. Weeks begin on Monday, and the first fortnight of a year with its first week by ISO 8601.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/type/calendar_period.proto
 */
export function periodStart(objective: ServiceLevelObjective, nowMs: number): number {
  if (objective.rollingPeriod !== undefined) return nowMs - Number.parseFloat(objective.rollingPeriod) * 1000;
  switch (objective.calendarPeriod) {
    case 'DAY':
      return floorTo(nowMs, DAY_MS, 0);
    case 'WEEK':
      return floorTo(nowMs, 7 * DAY_MS, MONDAY_MS);
    case 'FORTNIGHT':
      return floorTo(nowMs, 14 * DAY_MS, firstWeekMs(nowMs));
    default: {
      const now = new Date(nowMs);
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    }
  }
}

function floorTo(atMs: number, lengthMs: number, originMs: number): number {
  return Math.floor((atMs - originMs) / lengthMs) * lengthMs + originMs;
}

/** When the first week began of the year that a time's week is of: that of its Thursday. */
function firstWeekMs(nowMs: number): number {
  const thursday = new Date(floorTo(nowMs, 7 * DAY_MS, MONDAY_MS) + 3 * DAY_MS);
  // The fourth of January is always in the first week.
  return floorTo(Date.UTC(thursday.getUTCFullYear(), 0, 4), 7 * DAY_MS, MONDAY_MS);
}
