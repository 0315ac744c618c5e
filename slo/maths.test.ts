import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tidy } from '../base/durations.ts';
import {
  budgetSeconds,
  budgetSpent,
  burnRate,
  burnThreshold,
  detectionSeconds,
  errorBudget,
  eventsMin,
  exhaustionSeconds,
  firingRatio,
  resetSeconds,
  seriesAvailability,
} from './maths.ts';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const goal = 0.999;
const periodSeconds = 30 * DAY;

/** When an error ratio is noticed at 99.9 % over 30 days, in minutes. */
const minutesToNotice = (errorRatio: number, threshold: number, hours: number) =>
  tidy((detectionSeconds({ errorRatio, goal, threshold, longSeconds: hours * HOUR }) ?? Number.NaN) / MINUTE);

const fourDigits = (value: number) => Number(value.toPrecision(4));

test('the thresholds of the four tiers follow from share, window and period', () => {
  for (const [share, hours, ...thresholds] of [
    [0.02, 1, 3.36, 6.72, 13.44, 14.4],
    [0.05, 6, 1.4, 2.8, 5.6, 6],
    [0.1, 24, 0.7, 1.4, 2.8, 3],
    [0.1, 72, 0.7 / 3, 1.4 / 3, 2.8 / 3, 1],
  ] as const) {
    const computed = [7, 14, 28, 30].map(days =>
      burnThreshold({ share, periodSeconds: days * DAY, windowSeconds: hours * HOUR }),
    );
    assert.deepEqual(computed, thresholds.map(tidy));
  }
});

test('at 99.9 % over 30 days a total outage is noticed within minutes', () => {
  const noticed = [minutesToNotice(1, 14.4, 1), minutesToNotice(1, 6, 6), minutesToNotice(1, 3, 24)];
  assert.deepEqual(noticed, [0.864, 2.16, 4.32]);
  assert.equal(minutesToNotice(1, 1, 72), 4.32);
});

test('at 99.9 % over 30 days 5 % and 2 % of errors are noticed the later, the fewer they are', () => {
  const noticed = (errorRatio: number) => [
    minutesToNotice(errorRatio, 14.4, 1),
    minutesToNotice(errorRatio, 6, 6),
    minutesToNotice(errorRatio, 3, 24),
  ];
  assert.deepEqual(noticed(0.05), [17.28, 43.2, 86.4]);
  assert.deepEqual(noticed(0.02), [43.2, 108, 216]);
});

test('a burn of 1, 2, 10 and 1000 spends a budget of 30 days in 30 d, 15 d, 3 d and 43.2 min', () => {
  const lasts = [1, 2, 10, 1000].map(burn => exhaustionSeconds({ burn, periodSeconds }));
  assert.deepEqual(lasts, [30 * DAY, 15 * DAY, 3 * DAY, 43.2 * MINUTE]);
});

test('one window that waits notices a total outage only when more than the whole budget is gone', () => {
  const outage = (options: { threshold: number; longSeconds: number }) => {
    const seconds = (detectionSeconds({ errorRatio: 1, goal, ...options }) ?? Number.NaN) + HOUR;
    const spent = budgetSpent({ burn: burnRate({ errorRatio: 1, goal }), seconds, periodSeconds });
    return [fourDigits(seconds / HOUR), tidy(seconds / MINUTE), fourDigits(spent * 100)];
  };
  assert.deepEqual(outage({ threshold: 1, longSeconds: MINUTE }), [1, 60.001, 138.9]);
  assert.deepEqual(outage({ threshold: 14.4, longSeconds: HOUR }), [1.014, 60.864, 140.9]);
});

test('one failure in ten requests an hour is a burn of 100, and a seventh of the month', () => {
  const burn = burnRate({ errorRatio: 1 / 10, goal });
  assert.equal(burn, 100);
  assert.equal(fourDigits(budgetSpent({ burn, seconds: HOUR, periodSeconds }) * 100), 13.89);
});

test('at 90 % a total outage spends 1.389 % of the budget in an hour, so that 2 % in 1 h never fires', () => {
  const burn = burnRate({ errorRatio: 1, goal: 0.9 });
  assert.equal(fourDigits(budgetSpent({ burn, seconds: HOUR, periodSeconds }) * 100), 1.389);
  const threshold = burnThreshold({ share: 0.02, periodSeconds, windowSeconds: HOUR });
  assert.equal(firingRatio({ threshold, goal: 0.9 }), 1.44);
  assert.equal(detectionSeconds({ errorRatio: 1, goal: 0.9, threshold, longSeconds: HOUR }), undefined);
  assert.equal(resetSeconds({ errorRatio: 1, goal: 0.9, threshold, shortSeconds: 300 }), undefined);
});

test('the budget of a period is told without the noise of binary fractions', () => {
  assert.deepEqual([0.9, 0.99, 0.995, 0.999, 0.9999].map(errorBudget), [0.1, 0.01, 0.005, 0.001, 0.0001]);
  assert.equal(budgetSeconds({ goal: 0.99999, periodSeconds }), 25.92);
  assert.equal(budgetSeconds({ goal, periodSeconds: 28 * DAY }), 40.32 * MINUTE);
});

test('one failure fires a tier of 99.9 % over 28 days below 75, 179, 358 and 1,000 events', () => {
  const thresholds = [13.44, 5.6, 2.8, 1];
  assert.deepEqual(
    thresholds.map(threshold => eventsMin({ threshold, goal })),
    [75, 179, 358, 1000],
  );
});

test('one bad minute of sixty is a burn of 16.7 at 99.9 %', () => {
  assert.equal(Number(burnRate({ errorRatio: 1 / 60, goal }).toPrecision(3)), 16.7);
});

test('Pub/Sub, Cloud Run and BigQuery in series promise 99.89 %', () => {
  assert.equal(fourDigits(seriesAvailability([0.9995, 0.9995, 0.9999]) * 100), 99.89);
  assert.equal(seriesAvailability([]), 1);
});

// Whole events, a thousand a second, so that the sums of the simulation are exact.
const PER_SECOND = 1000;
const goals = fc.constantFrom(0.9, 0.95, 0.99, 0.995, 0.999, 0.9999);
const thresholds = fc.double({ min: 1, max: 20, noNaN: true });
const ratios = fc.integer({ min: 1, max: PER_SECOND }).map(bad => bad / PER_SECOND);
const windows = fc.integer({ min: 1, max: 120 }).map(twelfth => ({ longSeconds: 12 * twelfth, shortSeconds: twelfth }));

test('an error ratio is noticed exactly where it is above threshold × budget', () => {
  fc.assert(
    fc.property(goals, thresholds, ratios, (of, threshold, errorRatio) => {
      const firesAbove = threshold * (1 - of);
      fc.pre(Math.abs(errorRatio - firesAbove) > 1e-9);
      const detection = detectionSeconds({ errorRatio, goal: of, threshold, longSeconds: HOUR });
      assert.equal(detection !== undefined, errorRatio > firesAbove);
    }),
  );
  // 14.4 × 0.001 exactly.
  assert.equal(detectionSeconds({ errorRatio: 0.0144, goal, threshold: 14.4, longSeconds: HOUR }), undefined);
});

test('the more errors, the sooner they are noticed, and never later than after a whole window', () => {
  fc.assert(
    fc.property(goals, thresholds, ratios, ratios, (of, threshold, a, b) => {
      const [fewer, more] = [Math.min(a, b), Math.max(a, b)].map(errorRatio =>
        detectionSeconds({ errorRatio, goal: of, threshold, longSeconds: HOUR }),
      );
      if (fewer === undefined) return;
      assert.ok(more !== undefined && more <= fewer && fewer <= HOUR);
      if (a !== b) assert.ok(more < fewer);
    }),
  );
});

test('when a tier notices, the share of the budget that it stands for is spent, whatever the error ratio', () => {
  const shares = fc.double({ min: 0.001, max: 0.2, noNaN: true });
  fc.assert(
    fc.property(goals, shares, ratios, (of, share, errorRatio) => {
      const threshold = burnThreshold({ share, periodSeconds, windowSeconds: HOUR });
      const seconds = detectionSeconds({ errorRatio, goal: of, threshold, longSeconds: HOUR });
      if (seconds === undefined) return;
      const spent = budgetSpent({ burn: burnRate({ errorRatio, goal: of }), seconds, periodSeconds });
      assert.ok(Math.abs(spent - share) < 1e-9);
    }),
  );
});

test('a budget is spent whole when it is exhausted', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 10_000, noNaN: true }), burn => {
      const spent = budgetSpent({ burn, seconds: exhaustionSeconds({ burn, periodSeconds }), periodSeconds });
      assert.ok(Math.abs(spent - 1) < 1e-9);
    }),
  );
});

test('one failure among the fewest events does not fire, and among one event fewer it does', () => {
  fc.assert(
    fc.property(goals, thresholds, (of, threshold) => {
      const bears = 1 / (threshold * (1 - of));
      fc.pre(Math.abs(bears - Math.round(bears)) > 1e-6);
      const events = eventsMin({ threshold, goal: of });
      assert.ok(events > bears && events - 1 < bears);
    }),
  );
});

test('windows that slide over every event find the same times to notice and to close, to a second', () => {
  fc.assert(
    fc.property(goals, thresholds, ratios, windows, (of, threshold, errorRatio, { longSeconds, shortSeconds }) => {
      fc.pre(Math.abs(errorRatio - firingRatio({ threshold, goal: of })) > 1e-9);
      const computed = detectionSeconds({ errorRatio, goal: of, threshold, longSeconds });
      const found = simulate({ goal: of, threshold, errorRatio, longSeconds, shortSeconds });
      assert.equal(found === undefined, computed === undefined);
      if (found === undefined || computed === undefined) return;
      const reset = resetSeconds({ errorRatio, goal: of, threshold, shortSeconds }) ?? Number.NaN;
      assert.ok(found.firesAfter >= computed && found.firesAfter - computed <= 1, `${found.firesAfter} ${computed}`);
      assert.ok(found.closesAfter >= reset && found.closesAfter - reset <= 1, `${found.closesAfter} ${reset}`);
    }),
  );
});

/**
 * Looks at both windows every second, from the start of an outage that lasts as long as the long window, and after its end. What came
 * before it was good. `undefined` where the alert never fires.
 */
function simulate(options: {
  goal: number;
  threshold: number;
  errorRatio: number;
  longSeconds: number;
  shortSeconds: number;
}): { firesAfter: number; closesAfter: number } | undefined {
  const { longSeconds, shortSeconds } = options;
  const badPerSecond = Math.round(options.errorRatio * PER_SECOND);
  const badAt = (second: number) => (second >= 0 && second < longSeconds ? badPerSecond : 0);
  let [badInLong, badInShort] = [0, 0];
  let firesAfter: number | undefined;
  for (let now = 1; now <= 2 * longSeconds + 1; now += 1) {
    badInLong += badAt(now - 1) - badAt(now - 1 - longSeconds);
    badInShort += badAt(now - 1) - badAt(now - 1 - shortSeconds);
    const isAbove = (bad: number, seconds: number) =>
      bad > options.threshold * (1 - options.goal) * seconds * PER_SECOND;
    const isFiring = isAbove(badInLong, longSeconds) && isAbove(badInShort, shortSeconds);
    if (isFiring) firesAfter ??= now;
    else if (firesAfter !== undefined) return { firesAfter, closesAfter: now - longSeconds };
  }
  return undefined;
}
