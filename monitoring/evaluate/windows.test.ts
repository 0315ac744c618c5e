import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Service, WindowsBasedJson } from '../../slo/resources/service.ts';
import type { Series, Value } from '../model.ts';
import { requestCount } from '../testing.ts';
import { type Indicator, toIndicator } from './indicator.ts';
import { createWindows } from './windows.ts';

const WINDOW_MS = 300_000;
const START_MS = Date.UTC(2026, 0, 5);
const filterOf = (code: string) =>
  `metric.type="run.googleapis.com/request_count" AND metric.labels.response_code_class="${code}"`;
const seriesOf = (code: string, id: number): Series => ({ ...requestCount(code), id });
const [good, bad] = [seriesOf('2xx', 1), seriesOf('5xx', 2)];

function windowsOf(test: object) {
  const json = { windowsBased: { windowPeriod: `${WINDOW_MS / 1000}s`, ...test } as WindowsBasedJson };
  return createWindows(toIndicator(json, {} as Service) as Extract<Indicator, { counts: 'windows' }>, 'local');
}

/** A point of one of two series, so many minutes after the start. */
type Happened = { of: Series; minute: number; value: number };
const happenings = fc.array(
  fc.record({ of: fc.constantFrom(good, bad), minute: fc.nat(50 * 1440), value: fc.nat(20) }),
  { maxLength: 60 },
);
/** A few windows close to each other, so that there are several points in one. */
const crowded = fc.array(fc.record({ of: fc.constantFrom(good, bad), minute: fc.nat(30), value: fc.nat(20) }), {
  maxLength: 60,
});

const sumOf = (points: readonly Happened[]) => points.reduce((sum, { value }) => sum + value, 0);
const ofGood = (points: readonly Happened[]) => points.filter(({ of }) => of === good);

for (const [title, json, isGood] of [
  [
    'by the share of good events',
    {
      goodTotalRatioThreshold: {
        threshold: 0.6,
        performance: { goodTotalRatio: { goodServiceFilter: filterOf('2xx'), badServiceFilter: filterOf('5xx') } },
      },
    },
    points => (sumOf(points) > 0 ? sumOf(ofGood(points)) / sumOf(points) >= 0.6 : undefined),
  ],
  [
    'by a mean',
    { metricMeanInRange: { timeSeries: filterOf('2xx'), range: { min: 5, max: 10 } } },
    points => {
      const mean = sumOf(ofGood(points)) / ofGood(points).length;
      return Number.isNaN(mean) ? undefined : mean >= 5 && mean <= 10;
    },
  ],
] as [string, object, (points: readonly Happened[]) => boolean | undefined][]) {
  test(`windows ${title}: in whatever order points come, each window is judged by all of its points`, () => {
    fc.assert(
      fc.property(fc.oneof(happenings, crowded), fc.nat(32 * 288 - 1), (happened, windowsBack) => {
        const windows = windowsOf(json);
        for (const { of, minute, value } of happened) {
          const endMs = START_MS + minute * 60_000;
          windows.observe({ series: of, point: { startMs: endMs - 60_000, endMs, value: value as Value } });
        }
        const windowOf = ({ minute }: Happened) => Math.ceil((minute * 60_000) / WINDOW_MS);
        const newest = Math.max(0, ...happened.map(windowOf));
        const judged = [...Map.groupBy(happened, windowOf)]
          .filter(([window]) => window > newest - windowsBack)
          .map(([, points]) => isGood(points));
        const toMs = START_MS + newest * WINDOW_MS;
        assert.deepEqual(windows.counts(toMs - windowsBack * WINDOW_MS, toMs), {
          good: judged.filter(verdict => verdict === true).length,
          bad: judged.filter(verdict => verdict === false).length,
        });
      }),
      { numRuns: 300 },
    );
  });
}
