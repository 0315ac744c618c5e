import type { Sli } from '../sli.ts';
import { eventsOver } from './events.ts';
import type { PromQlContext } from './series.ts';
import { errorRatioOfWindows } from './windows.ts';

/**
 * The share of bad events of an SLI over a window, from the raw series. `undefined` where the SLI is Cloud Monitoring's own: its
 * series are not told.
 */
export function errorRatioOver(sli: Sli, seconds: number, context: PromQlContext): string | undefined {
  if (sli.form === 'windows') return errorRatioOfWindows(sli, seconds, context);
  if (sli.form === 'basic') return undefined;
  return eventsOver(sli, seconds, context).ratio;
}

/** How many bad events a window held; of an SLI that counts windows, how many bad windows. */
export function badEventsOver(sli: Sli, seconds: number, context: PromQlContext): string | undefined {
  if (sli.form === 'basic') return undefined;
  if (sli.form !== 'windows') return eventsOver(sli, seconds, context).bad;
  const ratio = errorRatioOfWindows(sli, seconds, context);
  return ratio === undefined ? undefined : `${ratio} * ${seconds / sli.windowSeconds}`;
}
