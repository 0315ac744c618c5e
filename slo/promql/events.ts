import { toDuration } from '../../base/durations.ts';
import type { Selection } from '../metric.ts';
import type { CutSli, RatioSli } from '../sli.ts';
import { type Part, type PromQlContext, seriesSelector } from './series.ts';

/** Stands for the window of a query, which is asked over many. No label holds it: in JSON it would be `\u0000`. */
export const WINDOW = '\u{0}';

/** The query over a window of so many seconds. */
export function over(query: string, seconds: number): string {
  return query.replaceAll(WINDOW, toDuration(seconds));
}

/** The increase of some series, all of them together. */
export function increaseOf(selection: Selection, context: PromQlContext, part: Part = '', le?: number): string {
  return `sum(increase(${seriesSelector(selection, context, part, le)}[${WINDOW}]))`;
}

// Without it a total outage longer than the window leaves nothing to divide, and the alert closes.
const orZero = (vector: string) => `(${vector} or vector(0))`;

/** Bad and all events of a request-based SLI. */
export function eventsOf(
  sli: RatioSli | CutSli,
  context: PromQlContext,
): { bad: string; total: string; ratio: string } {
  const increase = (selection: Selection, part?: Part, le?: number) => increaseOf(selection, context, part, le);
  // Prometheus records the ratio and averages it over the period: what had no events must be no moment of it, rather than 0 / 0, and
  // what had no bad ones a good moment, rather than none.
  const isRecorded = context.dialect === 'prometheus';
  const some = (total: string) => (isRecorded ? `(${total} > 0)` : total);
  if (sli.form === 'cut') {
    const { distribution, range } = sli;
    const total = increase(distribution, '_count');
    const upTo = increase(distribution, '_bucket', range.max);
    const good = range.min === undefined ? upTo : `(${upTo} - ${increase(distribution, '_bucket', range.min)})`;
    return { bad: `(${total} - ${good})`, total, ratio: `1 - ${good} / ${some(total)}` };
  }
  const good = sli.good && orZero(increase(sli.good));
  if (sli.bad === undefined) {
    const total = increase(sli.total);
    return { bad: `(${total} - ${good})`, total, ratio: `1 - ${good} / ${some(total)}` };
  }
  const bad = isRecorded ? orZero(increase(sli.bad)) : increase(sli.bad);
  const total = sli.total ? increase(sli.total) : `(${good} + ${bad})`;
  return { bad, total, ratio: `${bad} / ${some(total)}` };
}
