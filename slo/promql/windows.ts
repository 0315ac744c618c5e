import { tidy, toDuration } from '../../base/durations.ts';
import { type Sli, selectionsOf, type WindowsSli } from '../sli.ts';
import { eventsOf, over, WINDOW } from './events.ts';
import { type PromQlContext, seriesSelector } from './series.ts';

/** The share of bad windows in a longer window: what is bad is 1, what is good 0, and the mean of that is the share. */
export function errorRatioOfWindows(sli: WindowsSli, context: PromQlContext): string | undefined {
  const bad = badNow(sli, context);
  return bad === undefined ? undefined : `avg_over_time((${bad})[${WINDOW}:${toDuration(sli.windowSeconds)}])`;
}

/** 1 where the window that ends now is bad, else 0. */
function badNow({ good, windowSeconds }: WindowsSli, context: PromQlContext): string | undefined {
  const window = `[${toDuration(windowSeconds)}]`;
  switch (good.test) {
    case 'good-bad-metric':
      return `max(max_over_time(${seriesSelector(good.metric, context)}${window})) < bool 1`;
    case 'mean-in-range':
      return outside(`avg(avg_over_time(${seriesSelector(good.gauge, context)}${window}))`, good.range);
    case 'sum-in-range':
      return outside(`sum(sum_over_time(${seriesSelector(good.gauge, context)}${window}))`, good.range);
    case 'performance': {
      if (good.sli.form === 'basic') return undefined;
      const seconds = context.dialect === 'prometheus' ? withTwoSamples(good.sli, windowSeconds) : windowSeconds;
      return `${over(eventsOf(good.sli, context).ratio, seconds)} > bool ${tidy(1 - good.threshold)}`;
    }
  }
}

/** Prometheus tells an increase from two samples. Two that are a window apart hold the events of that window, and no others. */
function withTwoSamples(sli: Sli, windowSeconds: number): number {
  return Math.max(windowSeconds, ...selectionsOf(sli).map(({ metric }) => 2 * metric.sampleSeconds));
}

function outside(value: string, { min, max }: { min?: number; max?: number }): string {
  const above = max === undefined ? undefined : `${value} > bool ${max}`;
  const below = min === undefined ? undefined : `${value} < bool ${min}`;
  if (above !== undefined && below !== undefined) return `clamp_max((${above}) + (${below}), 1)`;
  return above ?? below ?? 'vector(0)';
}
