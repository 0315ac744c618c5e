// Exact binomial tails and the Clopper-Pearson bounds that follow from them. Nothing is approximated by a normal distribution: at
// 99.9 % and a few thousand requests that would be wrong where it matters.

/** How sure a one-sided bound is. */
export const CONFIDENCE = 0.95;

/** The chance of at most `bad` bad events in `total`, each bad with the chance `share`. */
export function chanceOfAtMost(bad: number, { total, share }: { total: number; share: number }): number {
  if (bad >= total) return 1;
  if (bad >= total * share) return 1 - sumUp(bad + 1, total, share);
  return sumDown(bad, total, share);
}

/** The chance of at least `bad` bad events in `total`, each bad with the chance `share`. */
export function chanceOfAtLeast(bad: number, { total, share }: { total: number; share: number }): number {
  if (bad <= 0) return 1;
  if (bad <= total * share) return 1 - sumDown(bad - 1, total, share);
  return sumUp(bad, total, share);
}

/**
 * The one-sided 95 % bounds of the true share of good events: it is at least `lower`, and it is at most `upper`.
 *
 * @see C. Clopper, E. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, 1934
 */
export function goodShareBounds({ good, total }: { good: number; total: number }): { lower: number; upper: number } {
  const bad = total - good;
  return {
    lower: good === 0 ? 0 : 1 - crossing(share => chanceOfAtMost(bad, { total, share }) > 1 - CONFIDENCE),
    upper: bad === 0 ? 1 : 1 - crossing(share => chanceOfAtLeast(bad, { total, share }) < 1 - CONFIDENCE),
  };
}

/** The fewest events that prove, with so many bad ones among them, that a share of at most `budget` is bad. */
export function eventsToProve({ bad, budget }: { bad: number; budget: number }): number {
  if (!(budget > 0 && budget < 1)) throw new RangeError(`must be a budget above 0 and below 1, not ${budget}`);
  const proves = (total: number) => chanceOfAtMost(bad, { total, share: budget }) <= 1 - CONFIDENCE;
  let above = bad + 1;
  while (!proves(above)) above *= 2;
  let below = Math.floor(above / 2);
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (proves(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The share at which something that holds for small ones stops to hold, to the last digit. */
function crossing(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (holds(middle)) low = middle;
    else high = middle;
  }
}

/** Sums the chances of `from` bad events and fewer; from below the mean on, each is smaller than the one before. */
function sumDown(from: number, total: number, share: number): number {
  let term = chanceOf(from, total, share);
  let sum = term;
  for (let bad = from; bad > 0 && term > sum * Number.EPSILON; bad -= 1) {
    term *= ((bad / (total - bad + 1)) * (1 - share)) / share;
    sum += term;
  }
  return sum;
}

/** Sums the chances of `from` bad events and more; from above the mean on, each is smaller than the one before. */
function sumUp(from: number, total: number, share: number): number {
  let term = chanceOf(from, total, share);
  let sum = term;
  for (let bad = from; bad < total && term > sum * Number.EPSILON; bad += 1) {
    term *= (((total - bad) / (bad + 1)) * share) / (1 - share);
    sum += term;
  }
  return sum;
}

/**
 * The chance of exactly `bad` bad events, by the saddle-point expansion: without the loss of digits that logarithms of factorials
 * would bring at millions of events.
 *
 * @see C. Loader, Fast and accurate computation of binomial probabilities, 2000
 */
function chanceOf(bad: number, total: number, share: number): number {
  if (bad === 0) return Math.exp(total * Math.log1p(-share));
  if (bad === total) return share ** total;
  const good = total - bad;
  const exponent =
    stirlingError(total) -
    stirlingError(bad) -
    stirlingError(good) -
    deviance(bad, total * share) -
    deviance(good, total * (1 - share));
  return Math.exp(exponent) * Math.sqrt(total / (2 * Math.PI * bad * good));
}

/** What Stirling's formula lacks of the logarithm of n!. */
function stirlingError(n: number): number {
  if (n < 16) {
    let factorial = 1;
    for (let factor = 2; factor <= n; factor += 1) factorial *= factor;
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2;
  }
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n;
}

/** `x ln(x / mean) + mean - x`, also where the two are so close that the terms cancel out. */
function deviance(x: number, mean: number): number {
  const ratio = (x - mean) / (x + mean);
  if (Math.abs(ratio) > 0.1) return x * Math.log(x / mean) + mean - x;
  let sum = (x - mean) * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= ratio * ratio;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}
