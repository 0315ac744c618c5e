import { formatRfc3339 } from '../../base/time.ts';

/** Milliseconds since the epoch as the API writes a time. */
export function toTime(ms: number): string {
  return formatRfc3339(Math.round(ms * 1000));
}
