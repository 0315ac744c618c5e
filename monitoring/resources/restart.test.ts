import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { IndicatorJson } from '../../slo/resources/service.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import type { Point, SeriesIdentity } from '../model.ts';
import { openSeriesStore } from '../series/store.ts';
import { distributionOf, MINUTE_MS, START_MS, seriesOf } from '../series/testing.ts';
import { followResources } from './follow.ts';
import { openResources } from './resources.ts';

const filterOf = ({ metric }: SeriesIdentity, name: string) =>
  `metric.type="${metric.type}" AND metric.labels.name="${name}"`;
const names = ['good', 'bad'] as const;
type Name = (typeof names)[number];
const ofName = (name: Name) => ({
  count: seriesOf('CUMULATIVE', 'INT64', { name }),
  delta: seriesOf('DELTA', 'INT64', { name }),
  latency: seriesOf('CUMULATIVE', 'DISTRIBUTION', { name }),
  gauge: seriesOf('GAUGE', 'DOUBLE', { name }),
});
const series = { good: ofName('good'), bad: ofName('bad') };
type Kind = keyof typeof series.good;

const ratioOf = (kind: Kind) => {
  const [good, bad] = names.map(name => filterOf(series[name][kind], name));
  return { goodTotalRatio: { goodServiceFilter: good, badServiceFilter: bad } };
};
const cut = { distributionFilter: filterOf(series.good.latency, 'good'), range: { min: 0, max: 0.3 } };
const windowed = (test: object) => ({ windowsBased: { windowPeriod: '300s', ...test } });
const indicators = [
  { requestBased: ratioOf('count') },
  { requestBased: ratioOf('delta') },
  { requestBased: { distributionCut: cut } },
  windowed({ goodTotalRatioThreshold: { threshold: 0.5, performance: ratioOf('count') } }),
  windowed({ metricMeanInRange: { timeSeries: filterOf(series.good.gauge, 'good'), range: { min: 3, max: 9 } } }),
] as IndicatorJson[];

/** What a process tells of: how much came since it last did, or that it began anew; and what befalls the store meanwhile. */
const event = fc.record({
  name: fc.constantFrom(...names),
  counts: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)),
  afterMs: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constant(MINUTE_MS), fc.integer({ min: 1, max: 5e7 })),
  times: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 600 }) }),
  restarts: fc.boolean(),
  tidies: fc.boolean(),
});

test('after a restart each SLO says what it said before, whatever came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async events => {
      const path = join(temporaryFolder(), 'series.sqlite');
      const clock = createManualClock(START_MS);
      const resources = openResources({ path: ':memory:', clock });
      const service = 'projects/local/services/s';
      resources.put('services', service, { name: service });
      const objectives = indicators.map((serviceLevelIndicator, index) => {
        const name = `${service}/serviceLevelObjectives/o${index}`;
        const json = { name, serviceLevelIndicator, goal: 0.9, rollingPeriod: '2419200s' };
        resources.put('serviceLevelObjectives', name, json);
        return name;
      });
      const open = () => {
        const store = openSeriesStore({ path, clock });
        const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i' });
        followResources({ resources, evaluator, store });
        store.onIncrement(evaluator.observe, evaluator.isFollowed);
        return { store, evaluator };
      };

      const live = open();
      const processes = { good: begin(clock.now()), bad: begin(clock.now()) };
      for (const { name, counts, afterMs, times, restarts, tidies } of events) {
        if (restarts) processes[name] = begin(clock.now());
        for (let time = 0; time < times; time += 1) {
          clock.advance(afterMs / times < 1 ? 1 : Math.floor(afterMs / times));
          live.store.write(tellOf(name, processes[name], counts, clock.now()));
        }
        if (tidies) await live.store.tidy();
      }
      const nowMs = clock.now();
      const answers = (evaluator: typeof live.evaluator) =>
        objectives.map(name => {
          const objective = evaluator.objective(name);
          const backMs = [MINUTE_MS, 3_600_000, 86_400_000, 10 * 86_400_000];
          return [objective?.countsOfPeriod(nowMs), ...backMs.map(back => objective?.counts(nowMs - back, nowMs))];
        });
      const before = answers(live.evaluator);
      live.store.close();
      const again = open();
      assert.deepEqual(answers(again.evaluator), before);
      again.store.close();
      resources.close();
    }),
    { numRuns: 40 },
  );
});

type Process = { startMs: number; toldMs: number; counts: [number, number, number] };

function begin(nowMs: number): Process {
  return { startMs: nowMs, toldMs: nowMs, counts: [0, 0, 0] };
}

function tellOf(name: Name, process: Process, came: readonly [number, number, number], endMs: number) {
  process.counts = process.counts.map((count, bucket) => count + (came[bucket] ?? 0)) as Process['counts'];
  const [first, second, third] = process.counts;
  const point = (of: Partial<Point>) => [{ startMs: process.startMs, endMs, value: 0, ...of }];
  const { count, delta, latency, gauge } = series[name];
  const writes = [
    { series: count, points: point({ value: first + second + third }) },
    { series: delta, points: point({ startMs: process.toldMs, value: came[0] }) },
    { series: latency, points: point({ value: distributionOf([first, second, third]) }) },
    { series: gauge, points: point({ startMs: endMs, value: came[1] }) },
  ];
  process.toldMs = endMs;
  return writes;
}
