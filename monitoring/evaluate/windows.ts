import type { Increment } from '../model.ts';
import type { Indicator, WindowTest } from './indicator.ts';
import { createLedger } from './ledger.ts';
import { type Counts, selectedBy, type Tracker, trackEvents } from './tracker.ts';

/** How long after its end a window is looked at again, for points that come late. */
const LATE_MS = 10 * 60_000;

/**
 * Counts windows: good ones, and bad ones. A window without a point is neither. A window counts at its end, and is judged anew
 * while points of it may still come.
 */
export function createWindows(
  { windowMs, window }: Extract<Indicator, { counts: 'windows' }>,
  project: string,
): Tracker {
  const judged = createLedger();
  const verdicts = new Map<number, boolean>();
  const { observe, isGood } = createWindowTest(window, project);

  function judge(endMs: number): void {
    const good = isGood(endMs - windowMs, endMs);
    const before = verdicts.get(endMs);
    if (good === undefined || good === before) return;
    if (before !== undefined) judged.add(endMs, countOf(before, -1));
    judged.add(endMs, countOf(good, 1));
    verdicts.set(endMs, good);
  }

  function forget(beforeMs: number): void {
    for (const endMs of verdicts.keys()) {
      if (endMs >= beforeMs) return;
      verdicts.delete(endMs);
    }
  }

  return {
    observe(increment) {
      if (!observe(increment)) return false;
      const { endMs } = increment.point;
      judge(Math.ceil(endMs / windowMs) * windowMs);
      forget(endMs - LATE_MS - windowMs);
      return true;
    },
    counts(fromMs, toMs): Counts {
      const { first, second } = judged.sum(fromMs, toMs);
      return { good: first, bad: second };
    },
  };
}

function countOf(good: boolean, by: number) {
  return good ? { first: by } : { second: by };
}

type OneWindow = {
  /** Takes in a point; whether it was one of those that are looked at. */
  observe(increment: Increment): boolean;
  /** Whether the window after `fromMs` until `toMs` was good; `undefined` without a point. */
  isGood(fromMs: number, toMs: number): boolean | undefined;
};

function createWindowTest(window: WindowTest, project: string): OneWindow {
  if (window.test === 'ratio') return ratioTest(window, project);
  const isSelected = selectedBy(window.gauge, project);
  // Of a window's points: their sum, and how many there are.
  const ledger = createLedger();
  const toNumber = (value: unknown) => (typeof value === 'number' ? value : value === true ? 1 : 0);
  return {
    observe({ series, point }) {
      if (!isSelected(series)) return false;
      ledger.add(point.endMs, { first: toNumber(point.value), second: 1 });
      return true;
    },
    isGood(fromMs, toMs) {
      const { first: sum, second: points } = ledger.sum(fromMs, toMs);
      if (points === 0) return undefined;
      if (window.test === 'any-true') return sum > 0;
      const value = window.test === 'mean' ? sum / points : sum;
      return value >= window.min && value <= window.max;
    },
  };
}

function ratioTest({ events, threshold }: Extract<WindowTest, { test: 'ratio' }>, project: string): OneWindow {
  const tracked = trackEvents(events, project);
  return {
    observe: tracked.observe,
    isGood(fromMs, toMs) {
      const { good, bad } = tracked.counts(fromMs, toMs);
      return good + bad > 0 ? good / (good + bad) >= threshold : undefined;
    },
  };
}
