import type { Sli } from '../sli.ts';
import { eventsOf, over } from './events.ts';
import type { PromQlContext } from './series.ts';
import { errorRatioOfWindows } from './windows.ts';

/**
 * The share of bad events of an SLI over any window, in seconds, from the raw series. `undefined` where the SLI is Cloud Monitoring's
 * own: its series are not told.
 */
export function errorRatioOf(sli: Sli, context: PromQlContext): ((seconds: number) => string) | undefined {
  if (sli.form === 'basic') return undefined;
  const ratio = sli.form === 'windows' ? errorRatioOfWindows(sli, context) : eventsOf(sli, context).ratio;
  return ratio === undefined ? undefined : seconds => over(ratio, seconds);
}

/** How many bad events a window held; of an SLI that counts windows, how many bad windows. */
export function badEventsOver(sli: Sli, seconds: number, context: PromQlContext): string | undefined {
  if (sli.form === 'basic') return undefined;
  if (sli.form !== 'windows') return over(eventsOf(sli, context).bad, seconds);
  const ratio = errorRatioOfWindows(sli, context);
  return ratio === undefined ? undefined : `${over(ratio, seconds)} * ${seconds / sli.windowSeconds}`;
}
