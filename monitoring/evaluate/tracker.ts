import { matches, metricTypeOf } from '../filter/match.ts';
import type { Filter } from '../filter/parse.ts';
import type { Counter, Increment, Series } from '../model.ts';
import { type EventCounts, goodAndBad } from './indicator.ts';
import { createLedger } from './ledger.ts';

/** Good and bad events, or windows where the SLI counts those. */
export type Counts = { good: number; bad: number };

/** An SLI that follows its series, and answers for any time of the last 32 days. */
export type Tracker = {
  /** Takes in what one series got, and says whether it is one that counts. */
  observe(increment: Increment): boolean;
  /** What counts a series, for what was there before; none where it is not one that counts. */
  countersOf(series: Series): readonly Counter[];
  /** What was counted after `fromMs` and until `toMs`. */
  counts(fromMs: number, toMs: number): Counts;
};

/** Counts the events of increments. */
export function trackEvents({ first, second, are }: EventCounts, project: string): Tracker {
  const [ofFirst, ofSecond] = [createLedger(), createLedger()];
  const counters = [
    { ...first, ...ofFirst },
    { ...second, ...ofSecond },
  ];
  return {
    ...followSeries(counters, project),
    counts: (fromMs, toMs) => goodAndBad(are, ofFirst.sum(fromMs, toMs), ofSecond.sum(fromMs, toMs)),
  };
}

const NONE: readonly Counter[] = [];

/** Has counters follow the series that their filters select. */
export function followSeries(
  counters: readonly (Counter & { filter: Filter })[],
  project: string,
): Pick<Tracker, 'observe' | 'countersOf'> {
  const types = new Set(counters.map(({ filter }) => metricTypeOf(filter)));
  const selecting = rememberBySeries(series => counters.filter(({ filter }) => matches(filter, series, project)));
  // Most series are of other metrics, of which nothing has to be remembered.
  const countersOf = (series: Series) =>
    types.has(series.metric.type) || types.has(undefined) ? selecting(series) : NONE;
  return {
    countersOf,
    observe({ series, point: { endMs, value } }) {
      const found = countersOf(series);
      for (const { read, add } of found) add(endMs, read(value));
      return found.length > 0;
    },
  };
}

/** A filter is asked once for each series, and not for each point. */
function rememberBySeries<Answer>(ask: (series: Series) => Answer): (series: Series) => Answer {
  const known = new Map<number, Answer>();
  return series => {
    const before = known.get(series.id);
    if (before !== undefined) return before;
    const answer = ask(series);
    known.set(series.id, answer);
    return answer;
  };
}

/** Whether a filter selects a series, remembered. */
export function selectedBy(filter: Filter, project: string): (series: Series) => boolean {
  return rememberBySeries(series => matches(filter, series, project));
}
