import { matches } from '../filter/match.ts';
import type { Filter } from '../filter/parse.ts';
import type { Increment, Series } from '../model.ts';
import { type Counted, type EventCounts, goodAndBad } from './indicator.ts';
import { createLedger } from './ledger.ts';

/** Good and bad events, or windows where the SLI counts those. */
export type Counts = { good: number; bad: number };

/** An SLI that follows its series, and answers for any time of the last 32 days. */
export type Tracker = {
  /** Takes in what one series got, and says whether it is one that counts. */
  observe(increment: Increment): boolean;
  /** What was counted after `fromMs` and until `toMs`. */
  counts(fromMs: number, toMs: number): Counts;
};

/** Counts the events of increments. */
export function trackEvents({ first, second, are }: EventCounts, project: string): Tracker {
  const ledger = createLedger();
  const readsOf = rememberBySeries(series => ({
    first: readerFor(first, series, project),
    second: readerFor(second, series, project),
  }));
  return {
    observe({ series, point: { endMs, value } }) {
      const reads = readsOf(series);
      if (!reads.first && !reads.second) return false;
      ledger.add(endMs, { first: reads.first?.(value) ?? 0, second: reads.second?.(value) ?? 0 });
      return true;
    },
    counts(fromMs, toMs) {
      const sums = ledger.sum(fromMs, toMs);
      return goodAndBad(are, sums.first, sums.second);
    },
  };
}

function readerFor({ filter, read }: Counted, series: Series, project: string): Counted['read'] | undefined {
  return matches(filter, series, project) ? read : undefined;
}

/** A filter is asked once for each series, and not for each point. */
function rememberBySeries<Answer>(ask: (series: Series) => Answer): (series: Series) => Answer {
  const known = new Map<number, Answer>();
  return series => {
    const answer = known.get(series.id) ?? ask(series);
    known.set(series.id, answer);
    return answer;
  };
}

/** Whether a filter selects a series, remembered. */
export function selectedBy(filter: Filter, project: string): (series: Series) => boolean {
  return rememberBySeries(series => matches(filter, series, project));
}
