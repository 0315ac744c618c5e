import { chanceOfAtLeast } from './binomial.ts';

/** Events, and how many of them were bad. */
export type Count = { total: number; bad: number };

/** Above so many bad events of a sample nobody waits for a test. */
const BAD_MAX = 1000;

/**
 * Fisher's exact test, one-sided: the chance that of all bad events of two samples so many or more fall into the first, if both have
 * the same true share. Small means that the first is worse. 1 where either sample is empty.
 *
 * @see R. A. Fisher, The logic of inductive inference, 1935
 */
export function chanceIfNoWorse(first: Count, second: Count): number {
  const bad = first.bad + second.bad;
  // How much likelier one more of the bad events is in the first sample than so many as now.
  const odds = (at: number) => ((bad - at) * (first.total - at)) / ((at + 1) * (second.total - bad + at + 1));
  const least = Math.max(0, bad - second.total);
  const most = Math.min(bad, first.total);
  // Relative to the chance of exactly so many as there are, so that no factorial is needed.
  let [atLeast, fewer] = [1, 0];
  for (let at = first.bad, term = 1; at < most && Number.isFinite(atLeast); at += 1) {
    term *= odds(at);
    if (odds(at) < 1 && term < atLeast * Number.EPSILON) break;
    atLeast += term;
  }
  for (let at = first.bad - 1, term = 1; at >= least && Number.isFinite(fewer); at -= 1) {
    term /= odds(at);
    if (odds(at) > 1 && term < fewer * Number.EPSILON) break;
    fewer += term;
  }
  return atLeast === Number.POSITIVE_INFINITY ? 1 : atLeast / (atLeast + fewer);
}

/**
 * The fewest events of a first sample from which on the test finds, with the chance `power` or more and at the level `level`, that a
 * share of `share` of them is bad. `undefined` where no number does: the second sample is too small, or hardly better than that.
 */
export function eventsToFind(options: {
  share: number;
  second: Count;
  level: number;
  power: number;
}): number | undefined {
  const { share, second, level, power } = options;
  const isFound = (bad: number, total: number) => chanceOfAtLeast(bad, { total, share }) >= power;
  const isWorse = (bad: number, total: number) => chanceIfNoWorse({ bad, total }, second) <= level;
  // More events need more bad ones among them to be called worse, and where they do, the power falls back: it is a saw. Each tooth is
  // the events for which one number of bad ones is the least.
  let from = 1;
  let enough: number | undefined;
  for (let bad = 1; bad <= BAD_MAX; bad += 1) {
    const start = Math.max(from, bad);
    if (!isWorse(bad, start)) continue;
    if (isFound(bad, start)) return enough ?? start;
    const end = firstFrom(start, total => !isWorse(bad, total)) - 1;
    enough = isFound(bad, end) ? firstFrom(start, total => isFound(bad, total)) : undefined;
    from = end + 1;
  }
  return undefined;
}

/** The first number from `start`, where it does not hold, for which something holds that goes on to hold. */
function firstFrom(start: number, holds: (value: number) => boolean): number {
  let [below, above] = [start, start + 1];
  while (!holds(above)) [below, above] = [above, above + (above - start) * 2];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
