import type { Clock } from './clock.ts';

/**
 * Microseconds since the Unix epoch: what BigQuery's TIMESTAMP holds, and a safe integer until the year 2255.
 * Pub/Sub's nanoseconds are cut to this.
 */
export type Micros = number;

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** The clock's time in microseconds. */
export function nowMicros(clock: Clock): Micros {
  return clock.now() * 1000;
}

/** Reads an RFC 3339 date-time with its offset; `undefined` where it is none, or names a day or hour that does not exist. */
export function parseRfc3339(text: string): Micros | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, date, time, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const utcMs = Date.parse(`${date}T${time}Z`);
  // Date.parse rolls 30 February over into March, and hour 24 into the next day: only a day that comes back as it went in exists.
  if (Number.isNaN(utcMs) || new Date(utcMs).getUTCDate() !== Number(date?.slice(8))) return undefined;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return (utcMs - offsetMs) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Writes UTC with as few decimals as the value needs: `2024-10-10T10:00:00Z`, `2024-10-10T10:00:00.5Z`. */
export function formatRfc3339(micros: Micros): string {
  const seconds = Math.floor(micros / 1_000_000);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = micros - seconds * 1_000_000;
  if (fraction === 0) return `${whole}Z`;
  return `${whole}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
}
