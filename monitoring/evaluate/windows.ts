import type { Counter, Value } from '../model.ts';
import { numberOf } from '../query/align.ts';
import { goodAndBad, type Indicator, type WindowTest } from './indicator.ts';
import { KEPT_MS } from './ledger.ts';
import { createRing } from './ring.ts';
import { followSeries, type Tracker } from './tracker.ts';

/**
 * Counts windows: good ones, and bad ones. A window without a point is neither. A window counts at its end, and is judged anew with
 * each point of it, in whatever order they come.
 */
export function createWindows(
  { windowMs, window }: Extract<Indicator, { counts: 'windows' }>,
  project: string,
): Tracker {
  const createCounts = () => createRing({ bucketMs: windowMs, buckets: Math.ceil(KEPT_MS / windowMs) });
  // What each window is judged by: its good or bad events and so on, or the sum of a gauge and how many points it has.
  const [first, second] = [createCounts(), createCounts()];
  const [good, bad] = [createCounts(), createCounts()];
  const countOf = (isGood: boolean) => (isGood ? good : bad);

  function verdict(endMs: number): boolean | undefined {
    const fromMs = endMs - windowMs;
    return isGood(window, first.sum(fromMs, endMs), second.sum(fromMs, endMs));
  }

  /** Has points change what their windows are judged by. */
  function judging(change: (endMs: number, count: number) => void): Pick<Counter, 'add' | 'addAll'> {
    function add(pointMs: number, count: number): void {
      const endMs = Math.ceil(pointMs / windowMs) * windowMs;
      const before = verdict(endMs);
      change(endMs, count);
      const after = verdict(endMs);
      if (after === before) return;
      if (before !== undefined) countOf(before).add(endMs, -1);
      if (after !== undefined) countOf(after).add(endMs, 1);
    }
    return {
      add,
      addAll(ends, counts) {
        for (const [index, count] of counts.entries()) add(ends.ms[index] as number, count);
      },
    };
  }

  function addPoint(endMs: number, value: number): void {
    first.add(endMs, value);
    second.add(endMs, 1);
  }

  const counters =
    window.test === 'ratio'
      ? [
          { ...window.events.first, ...judging(first.add) },
          { ...window.events.second, ...judging(second.add) },
        ]
      : [{ filter: window.gauge, read: (value: Value) => numberOf(value) ?? 0, ...judging(addPoint) }];

  return {
    ...followSeries(counters, project),
    counts: (fromMs, toMs) => ({ good: good.sum(fromMs, toMs), bad: bad.sum(fromMs, toMs) }),
  };
}

/** Whether a window is good; `undefined` without a point, or an event. */
function isGood(window: WindowTest, first: number, second: number): boolean | undefined {
  if (window.test === 'ratio') {
    const { good, bad } = goodAndBad(window.events.are, first, second);
    return good + bad > 0 ? good / (good + bad) >= window.threshold : undefined;
  }
  if (second === 0) return undefined;
  if (window.test === 'any-true') return first > 0;
  const value = window.test === 'mean' ? first / second : first;
  return value >= window.min && value <= window.max;
}
