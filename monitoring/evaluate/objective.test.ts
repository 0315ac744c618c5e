import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IndicatorJson, Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import type { Distribution, Increment, SeriesIdentity, Value } from '../model.ts';
import { createTestStore, requestCount } from '../testing.ts';
import { budgetOf, burnOf, complianceOf, trackObjective } from './objective.ts';
import { periodStart } from './period.ts';
import { parseSelector, selectedValue } from './selector.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 5);
const name = 'projects/local/services/checkout/serviceLevelObjectives/o';
const service: Service = {
  name: 'projects/local/services/checkout',
  displayName: 'checkout',
  userLabels: {},
  basicService: { serviceType: 'CLOUD_RUN', serviceLabels: { service_name: 'checkout', location: 'europe-west1' } },
};
const objectiveOf = (serviceLevelIndicator: IndicatorJson): ServiceLevelObjective => ({
  ...{ name, displayName: 'o', serviceLevelIndicator, goal: 0.9, rollingPeriod: '86400s', userLabels: {} },
});
const gauge: SeriesIdentity = {
  metric: { type: 'custom.googleapis.com/gauge', labels: {} },
  resource: { type: 'global', labels: { project_id: 'local' } },
  metricKind: 'GAUGE',
  valueType: 'DOUBLE',
};
const latencies: SeriesIdentity = {
  ...requestCount(''),
  metric: { type: 'run.googleapis.com/request_latencies', labels: {} },
  valueType: 'DISTRIBUTION',
};
const count = 'metric.type="run.googleapis.com/request_count"';
const ofClass = (responseClass: string) => `${count} AND metric.labels.response_code_class="${responseClass}"`;

/** Tracks an SLO over points given as minute, series and value. */
function track(indicator: IndicatorJson, happened: readonly (readonly [minute: number, SeriesIdentity, Value])[]) {
  const store = createTestStore();
  const objective = trackObjective(objectiveOf(indicator), service, 'local');
  for (const [minute, series, value] of happened) {
    const endMs = START_MS + minute * MINUTE_MS;
    objective.observe(store.add(series, { startMs: endMs - MINUTE_MS, endMs, value }) as Increment);
  }
  return objective;
}

const distribution = (counts: number[]): Distribution => ({
  ...{ count: counts.reduce((all, one) => all + one, 0), sum: 0, bounds: [100, 200, 400], counts },
});
const [good, bad, total] = [requestCount('2xx'), requestCount('5xx'), requestCount('3xx')];
const window = (test: object): IndicatorJson => ({ windowsBased: { windowPeriod: '300s', ...test } }) as IndicatorJson;
const gaugeFilter = 'metric.type="custom.googleapis.com/gauge"';

for (const [title, indicator, happened, expected] of [
  [
    'good and bad',
    { requestBased: { goodTotalRatio: { goodServiceFilter: ofClass('2xx'), badServiceFilter: ofClass('5xx') } } },
    [
      [1, good, 90],
      [2, bad, 10],
      [2, total, 1000],
    ],
    { good: 90, bad: 10 },
  ],
  [
    'good and total',
    { requestBased: { goodTotalRatio: { goodServiceFilter: ofClass('2xx'), totalServiceFilter: count } } },
    [
      [1, good, 90],
      [1, bad, 8],
      [2, total, 2],
    ],
    { good: 90, bad: 10 },
  ],
  [
    'bad and total',
    { requestBased: { goodTotalRatio: { badServiceFilter: ofClass('5xx'), totalServiceFilter: count } } },
    [
      [1, good, 90],
      [2, bad, 10],
    ],
    { good: 90, bad: 10 },
  ],
  [
    'a distribution cut at a bound',
    {
      requestBased: {
        distributionCut: {
          distributionFilter: 'metric.type="run.googleapis.com/request_latencies"',
          range: { max: 200 },
        },
      },
    },
    [[1, latencies, distribution([50, 40, 6, 4])]],
    { good: 90, bad: 10 },
  ],
  [
    'a distribution cut between two bounds, by the share of the bucket',
    {
      requestBased: {
        distributionCut: {
          distributionFilter: 'metric.type="run.googleapis.com/request_latencies"',
          range: { min: 50, max: 300 },
        },
      },
    },
    [[1, latencies, distribution([50, 40, 6, 4])]],
    { good: 68, bad: 32 },
  ],
  [
    'availability as Google counts it',
    { basicSli: { availability: {} } },
    [
      [1, good, 90],
      [1, bad, 10],
      [1, requestCount('5xx', 'other'), 99],
    ],
    { good: 90, bad: 10 },
  ],
  [
    'latency as Google counts it',
    { basicSli: { latency: { threshold: '0.2s' } } },
    [[1, latencies, distribution([50, 40, 6, 4])]],
    { good: 90, bad: 10 },
  ],
  [
    'windows in which any point is true',
    window({ goodBadMetricFilter: gaugeFilter }),
    [
      [1, gauge, false],
      [2, gauge, true],
      [6, gauge, false],
      [17, gauge, true],
    ],
    { good: 2, bad: 1 },
  ],
  [
    'windows whose mean is in range',
    window({ metricMeanInRange: { timeSeries: gaugeFilter, range: { max: 10 } } }),
    [
      [1, gauge, 4],
      [2, gauge, 14],
      [6, gauge, 40],
    ],
    { good: 1, bad: 1 },
  ],
  [
    'windows whose sum is in range',
    window({ metricSumInRange: { timeSeries: gaugeFilter, range: { min: 10 } } }),
    [
      [1, gauge, 4],
      [2, gauge, 14],
      [6, gauge, 4],
    ],
    { good: 1, bad: 1 },
  ],
  [
    'windows by the share of good events',
    window({
      goodTotalRatioThreshold: {
        threshold: 0.9,
        performance: { goodTotalRatio: { goodServiceFilter: ofClass('2xx'), badServiceFilter: ofClass('5xx') } },
      },
    }),
    [
      [1, good, 90],
      [3, bad, 10],
      [6, good, 80],
      [7, bad, 20],
    ],
    { good: 1, bad: 1 },
  ],
  [
    'windows by a basic SLI',
    window({ goodTotalRatioThreshold: { threshold: 0.9, basicSliPerformance: { availability: {} } } }),
    [
      [1, good, 90],
      [3, bad, 10],
      [6, good, 80],
      [7, bad, 20],
    ],
    { good: 1, bad: 1 },
  ],
] as [string, IndicatorJson, [number, SeriesIdentity, Value][], { good: number; bad: number }][]) {
  test(`${title} are counted`, () => {
    assert.deepEqual(track(indicator, happened).counts(START_MS - MINUTE_MS, START_MS + 60 * MINUTE_MS), expected);
  });
}

test('a window is judged anew by a point that comes late', () => {
  const mean = window({ metricMeanInRange: { timeSeries: gaugeFilter, range: { max: 10 } } });
  const happened: [number, SeriesIdentity, Value][] = [
    [1, gauge, 20],
    [7, gauge, 1],
    [2, gauge, 0],
  ];
  assert.deepEqual(track(mean, happened.slice(0, 2)).counts(START_MS, START_MS + 60 * MINUTE_MS), { good: 1, bad: 1 });
  assert.deepEqual(track(mean, happened).counts(START_MS, START_MS + 60 * MINUTE_MS), { good: 2, bad: 0 });
});

test('a window counts at its end, and not while it is under way', () => {
  const objective = track(window({ goodBadMetricFilter: gaugeFilter }), [[1, gauge, true]]);
  assert.deepEqual(objective.counts(START_MS, START_MS + 4 * MINUTE_MS), { good: 0, bad: 0 });
  assert.deepEqual(objective.counts(START_MS, START_MS + 5 * MINUTE_MS), { good: 1, bad: 0 });
});

test('each selector has its value, and none where nothing was counted', () => {
  const ratio: IndicatorJson = {
    requestBased: { goodTotalRatio: { goodServiceFilter: ofClass('2xx'), badServiceFilter: ofClass('5xx') } },
  };
  const objective = track(ratio, [
    [1, good, 80],
    [1, bad, 20],
    [30, good, 100],
  ]);
  const value = (selector: string, minute: number) => {
    const parsed = parseSelector(selector);
    return parsed && selectedValue(parsed, objective, START_MS + minute * MINUTE_MS);
  };
  const of = (selector: string) => `select_slo_${selector}("${name}")`;
  assert.equal(value(of('compliance'), 30), 0.9);
  assert.equal(value(of('budget_total'), 30), 20);
  assert.equal(value(of('budget'), 30), 0);
  assert.equal(value(of('budget_fraction'), 30), 0);
  assert.equal(value(of('budget_fraction'), 1), -1, 'an overspent budget is below 0');
  assert.equal(value(of('health'), 1), 0.8);
  assert.equal(value(of('counts'), 1), 100);
  assert.equal(value(`select_slo_burn_rate("${name}", "120s")`, 1), 2);
  assert.equal(value(`select_slo_burn_rate('${name}', '5m')`, 30), 0);
  for (const selector of ['compliance', 'budget', 'budget_fraction', 'budget_total', 'health', 'counts']) {
    assert.equal(value(of(selector), -60), undefined, selector);
  }
  assert.equal(value(`select_slo_burn_rate("${name}", "1h")`, 24 * 60), undefined);
});

for (const [selector, message] of [
  ['select_slo_other("o")', /must be one of select_slo_compliance/],
  ['select_slo_burn_rate("o")', /takes a look-back such as "3600s"/],
  ['select_slo_budget("o", "60s")', /takes a look-back such as "3600s"/],
  ['select_slo_burn_rate("o", "25h")', /looks back 25h, and at most 24h are taken/],
  ['select_slo_burn_rate("o", "0s")', /takes a look-back/],
  ['select_slo_budget(o)', /must be one of/],
] as const) {
  test(`${selector} is refused`, () =>
    assert.throws(() => parseSelector(selector), { code: 'filter_invalid', message }));
}

test('a filter that is no selector is none', () => assert.equal(parseSelector(count), undefined));

for (const [calendarPeriod, expected] of [
  ['DAY', '2026-02-19T00:00:00.000Z'],
  ['WEEK', '2026-02-16T00:00:00.000Z'],
  ['MONTH', '2026-02-01T00:00:00.000Z'],
] as const) {
  test(`a calendar ${calendarPeriod.toLowerCase()} began at ${expected}`, () => {
    const { rollingPeriod: _, ...json } = objectiveOf({ basicSli: { availability: {} } });
    const start = periodStart({ ...json, calendarPeriod } as ServiceLevelObjective, Date.UTC(2026, 1, 19, 13, 30));
    assert.equal(new Date(start).toISOString(), expected);
  });
}

for (const [now, start] of [
  ['2025-12-28', '2025-12-15'],
  ['2025-12-29', '2025-12-29'],
  ['2026-01-11', '2025-12-29'],
  ['2026-01-12', '2026-01-12'],
  ['2026-11-28', '2026-11-16'],
  // 2026 has 53 weeks: its last fortnight is one week long.
  ['2027-01-03', '2026-12-28'],
  ['2027-01-04', '2027-01-04'],
] as const) {
  test(`the fortnight of ${now} began on ${start}`, () => {
    const { rollingPeriod: _, ...json } = objectiveOf({ basicSli: { availability: {} } });
    const objective = { ...json, calendarPeriod: 'FORTNIGHT' } as ServiceLevelObjective;
    const [first, last] = [0, DAY_MS - 1].map(ofDay => periodStart(objective, Date.parse(now) + ofDay));
    assert.deepEqual([first, last], [Date.parse(start), Date.parse(start)]);
  });
}

test('whatever comes, in whatever order and with gaps, compliance is from 0 to 1 or unknown, and no number is NaN', () => {
  const ratio: IndicatorJson = {
    requestBased: { goodTotalRatio: { goodServiceFilter: ofClass('2xx'), totalServiceFilter: count } },
  };
  const point = fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.constantFrom(good, bad, total), fc.nat({ max: 1000 }));
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40 }), fc.integer({ min: 0, max: 2100 }), (happened, minute) => {
      const counts = track(ratio, happened).countsOfPeriod(START_MS + minute * MINUTE_MS);
      const compliance = complianceOf(counts);
      assert.ok(compliance === undefined || (compliance >= 0 && compliance <= 1));
      for (const number of [burnOf(counts, 0.9), budgetOf(counts, 0.9)?.fraction, budgetOf(counts, 0.9)?.left]) {
        assert.ok(number === undefined || Number.isFinite(number));
      }
      assert.equal(compliance === undefined, counts.good + counts.bad === 0);
    }),
    { numRuns: 60 },
  );
});
