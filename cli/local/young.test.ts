import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMonitoring } from '../../monitoring/api/testing.ts';
import { createEvaluator } from '../../monitoring/evaluate/evaluator.ts';
import type { Labels, SeriesIdentity, Value } from '../../monitoring/model.ts';
import { createTestStore } from '../../monitoring/testing.ts';
import { detectionSeconds, firingRatio } from '../../slo/maths.ts';
import { boundaries } from '../../telemetry/boundaries.ts';
import { signals } from '../../telemetry/signals.ts';
import { cloudRunSeries } from './cloud-run.ts';
import { compiled, place } from './testing.ts';
import { checkerLocations, uptimeSeries } from './uptime.ts';

const SAMPLE_SECONDS = 15;
const TOLERANCE_SECONDS = 2 * SAMPLE_SECONDS;
const START_MS = Date.UTC(2026, 0, 5);
const YOUNG_SECONDS = 600;

const { resources, catalogue } = compiled;
const objectives = catalogue.services.flatMap(service => service.objectives.map(slo => ({ ...slo, service })));
const idOf = ({ id, service }: (typeof objectives)[number]) => `${service.id}/${id}`;

/** What a sample tells of so many events of an SLO, of which some are bad. */
type Tell = (events: number, bad: number) => { series: SeriesIdentity; value: Value }[];

function told(
  job: string,
  { name, kind }: { name: string; kind: 'counter' | 'histogram' },
  labels: Labels,
): SeriesIdentity {
  const resource = { type: 'prometheus_target', labels: { project_id: place.project, location: place.location, job } };
  const metric = { type: `prometheus.googleapis.com/${name}/${kind}`, labels };
  return { metric, resource, metricKind: 'CUMULATIVE', valueType: kind === 'counter' ? 'DOUBLE' : 'DISTRIBUTION' };
}

const counts =
  (good: SeriesIdentity, bad: SeriesIdentity): Tell =>
  (events, failed) => [
    ...(events > failed ? [{ series: good, value: events - failed }] : []),
    ...(failed > 0 ? [{ series: bad, value: failed }] : []),
  ];

function slowOrFast(series: SeriesIdentity, name: keyof typeof boundaries): Tell {
  const bounds = boundaries[name];
  return (events, slow) => {
    const counts = [...bounds, 0].map((_, index) => (index === 0 ? events - slow : index === bounds.length ? slow : 0));
    return events === 0 ? [] : [{ series, value: { count: events, sum: 0, bounds, counts } }];
  };
}

const [api, ingest] = ['records-api', 'records-ingest'];
const { requestCount } = cloudRunSeries(place, api);
const outcome = (job: string, signal: Parameters<typeof told>[1], good: string, bad: string) =>
  counts(told(job, signal, { outcome: good }), told(job, signal, { outcome: bad }));
const tells: Record<string, Tell> = {
  'records-api/availability': counts(requestCount(200), requestCount(500)),
  'records-api/latency': slowOrFast(
    told(api, signals.httpServerDuration, { 'http.route': '/records' }),
    signals.httpServerDuration.name,
  ),
  'records-api/freshness': counts(
    told(api, signals.reads, { fresh: 'true' }),
    told(api, signals.reads, { fresh: 'false' }),
  ),
  // Each sample asks once, for all places.
  'records-api/outside': (events, failed) =>
    resources.uptimeChecks.flatMap(check =>
      checkerLocations.map(location => ({ series: uptimeSeries(check, location).passed, value: events > failed })),
    ),
  'ingest/stored': outcome(ingest, signals.messages, 'stored', 'failed'),
  'ingest/publish-to-commit': slowOrFast(told(ingest, signals.publishToCommit, {}), signals.publishToCommit.name),
  'warehouse/appends': outcome(ingest, signals.appendedRows, 'stored', 'failed'),
  'warehouse/append-latency': slowOrFast(
    told(ingest, signals.appendDuration, { outcome: 'ok' }),
    signals.appendDuration.name,
  ),
  'records-path/served': outcome('records-prober', signals.probePaths, 'ok', 'late'),
};

/** Events a second: those of the local traffic source and of the prober, or those of the quietest hour that the spec names. */
const paces = {
  'the light traffic': ({ service }: (typeof objectives)[number]) =>
    ({ 'records-api': 2.25, 'records-path': 1 / 60 })[service.id] ?? 0.75,
  'the quietest hour': ({ service }: (typeof objectives)[number]) => (service.traffic?.quietestHour ?? 0) / 3600,
};

/**
 * A platform that begins with nothing, under our own SLOs and policies: which of those that watch one SLO's budget opened, and when.
 *
 * @param options.badOf how many of a sample's events are bad, by the seconds since the start
 */
function watch(
  slo: (typeof objectives)[number],
  options: { perSecond: number; seconds: number; badOf(second: number, events: number): number },
): { tier: string; severity: string; second: number }[] {
  const store = createTestStore();
  const evaluator = createEvaluator({ project: place.project, store, newId: () => 'i' });
  for (const json of resources.objectives) {
    const service = resources.services.find(({ name }) => json.name.startsWith(`${name}/`)) ?? assert.fail(json.name);
    evaluator.setObjective(json, service);
  }
  const policies = resources.policies.filter(({ name, userLabels }) => {
    return userLabels.slo === slo.id && name.includes(`/${slo.service.id}-`);
  });
  for (const policy of policies) evaluator.setPolicy(policy);
  const opened: ReturnType<typeof watch> = [];
  const tell = tells[idOf(slo)] ?? assert.fail(`nothing is told of ${idOf(slo)}`);
  const until = (second: number) => Math.floor(second * options.perSecond);
  for (let second = SAMPLE_SECONDS; second <= options.seconds; second += SAMPLE_SECONDS) {
    const events = Math.max(slo.sli.form === 'windows' ? 1 : 0, until(second) - until(second - SAMPLE_SECONDS));
    const endMs = START_MS + second * 1000;
    for (const { series, value } of tell(events, Math.min(events, options.badOf(second, events)))) {
      const startMs = series.metricKind === 'GAUGE' ? endMs : endMs - SAMPLE_SECONDS * 1000;
      evaluator.observe(store.add(series, { startMs, endMs, value }));
    }
    for (const { policy } of evaluator.evaluate(endMs).opened) {
      const { tier = '', severity = '' } = policies.find(({ name }) => name === policy)?.userLabels ?? {};
      opened.push({ tier, severity, second });
    }
  }
  return opened;
}

for (const [pace, perSecondOf] of Object.entries(paces)) {
  for (const slo of objectives) {
    const perSecond = perSecondOf(slo);

    test(`${idOf(slo)}: with ${pace}, one bad event of a platform ten minutes old opens nothing`, () => {
      let isOver = false;
      const badOf = (second: number, events: number) => {
        if (isOver || second <= YOUNG_SECONDS || events === 0) return 0;
        isOver = true;
        return 1;
      };
      assert.deepEqual(watch(slo, { perSecond, badOf, seconds: 3 * YOUNG_SECONDS }), []);
      assert.ok(isOver);
    });

    test(`${idOf(slo)}: with ${pace}, an outage after ten minutes pages at the computed time at the latest`, () => {
      const badOf = (second: number, events: number) => (second > YOUNG_SECONDS ? events : 0);
      const [first] = watch(slo, { perSecond, badOf, seconds: 3 * YOUNG_SECONDS }).filter(
        ({ severity }) => severity === 'page',
      );
      const [fast] = slo.tiers;
      const wanted = fast && detectionSeconds({ errorRatio: 1, goal: slo.goal, ...fast });
      assert.ok(first && wanted !== undefined, 'it pages');
      // A rare event is noticed once it is there, and windows once they are over.
      const eventSeconds = slo.sli.form === 'windows' ? slo.sli.windowSeconds : 1 / perSecond;
      const after = first.second - YOUNG_SECONDS;
      assert.ok(after <= wanted + eventSeconds + TOLERANCE_SECONDS, `it pages after ${after} s, not ${wanted} s`);
    });
  }
}

test('not even as the first event of all does a failed request open anything', () => {
  for (const slo of objectives.filter(({ badEventsAbove }) => badEventsAbove !== undefined)) {
    let isOver = false;
    const badOf = () => {
      const bad = isOver ? 0 : 1;
      isOver = true;
      return bad;
    };
    assert.deepEqual(watch(slo, { perSecond: 1, badOf, seconds: 3 * YOUNG_SECONDS }), [], idOf(slo));
  }
});

test('in the quietest hour no tier waits for its least number of bad events', () => {
  for (const { badEventsAbove = 0, tiers, goal, service, name } of objectives) {
    for (const { longSeconds, threshold } of tiers) {
      const events = ((service.traffic?.quietestHour ?? 0) / 3600) * longSeconds;
      assert.ok(firingRatio({ threshold, goal }) * events > badEventsAbove, name);
    }
  }
});

const selectors = {
  ...{ compliance: 1, health: 1, budget_fraction: 1, burn_rate: 0 },
  ...{ budget: undefined, budget_total: undefined, counts: undefined },
};

test('a new install has no figure of any SLO and no open alert; and one good event is a whole budget', async () => {
  await using server = await startMonitoring();
  for (const json of resources.services) server.put('services', json);
  for (const json of resources.objectives) server.put('serviceLevelObjectives', json);
  for (const json of resources.channels) server.put('notificationChannels', json);
  for (const json of resources.policies) server.put('alertPolicies', json);
  const ask = async (path: string) => (await server.ask('GET', `/v3/projects/${place.project}/${path}`)).body;
  const interval = {
    'interval.startTime': new Date(START_MS - 86_400_000).toISOString(),
    'interval.endTime': new Date(START_MS).toISOString(),
  };
  const show = (selector: string, name: string) => {
    const lookBack = selector === 'burn_rate' ? ', "3600s"' : '';
    const filter = `select_slo_${selector}("${name}"${lookBack})`;
    return ask(`timeSeries?${new URLSearchParams({ filter, ...interval })}`);
  };
  for (const { name } of resources.objectives) {
    for (const selector of Object.keys(selectors)) assert.deepEqual(await show(selector, name), {}, selector);
  }
  assert.deepEqual(server.evaluator.evaluate(START_MS), { opened: [], closed: [], failed: [] });
  assert.deepEqual(await ask('alerts'), {});

  const point = { startMs: START_MS - 1000, endMs: START_MS };
  for (const slo of objectives) {
    const told = tells[idOf(slo)]?.(1, 0) ?? [];
    server.store.write(told.map(({ series, value }) => ({ series, points: [{ ...point, value }] })));
    for (const [selector, wanted] of Object.entries(selectors)) {
      const { timeSeries } = (await show(selector, slo.name)) as { timeSeries: { points: Shown[] }[] };
      const values = timeSeries.flatMap(({ points }) => points.map(({ value }) => value.doubleValue));
      // Counts are of good events, and of bad ones.
      assert.equal(values.length, selector === 'counts' ? 2 : 1);
      for (const value of values) assert.ok(value === (wanted ?? value) && value >= 0, selector);
    }
  }
  assert.deepEqual(server.evaluator.evaluate(START_MS), { opened: [], closed: [], failed: [] });
});

type Shown = { value: { doubleValue: number } };
