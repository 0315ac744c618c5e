import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createEvaluator } from '../../monitoring/evaluate/evaluator.ts';
import type { Incident } from '../../monitoring/evaluate/incidents.ts';
import { budgetOf, complianceOf } from '../../monitoring/evaluate/objective.ts';
import type { Point, Series, SeriesIdentity } from '../../monitoring/model.ts';
import { isDistribution } from '../../monitoring/query/distribution.ts';
import { incrementOf } from '../../monitoring/series/increments.ts';
import { createTestStore } from '../../monitoring/testing.ts';
import type { AlertPolicy } from '../../slo/resources/alerting.ts';
import { MINUTE_MS } from './demo/minute.ts';
import { demoHistory } from './demo.ts';
import { compiled, filtersIn, place, selectingNone } from './testing.ts';

const NOW_MS = Date.UTC(2026, 4, 20, 16, 23, 45);
const LAST_MS = Date.UTC(2026, 4, 20, 16, 23);
const INCIDENT = { startMs: Date.UTC(2026, 4, 11, 14, 10), endMs: Date.UTC(2026, 4, 11, 14, 50) };
const DAY_MS = 24 * 60 * MINUTE_MS;
const { resources } = compiled;

const history = (seed: number) => demoHistory({ ...place, uptimeChecks: resources.uptimeChecks, nowMs: NOW_MS, seed });
const isBurn = ({ conditions }: AlertPolicy) => JSON.stringify(conditions).includes('select_slo_burn_rate');

/** A history, taken in hour by hour and evaluated at each minute of it, and of what it holds what the tests look at. */
function replay({ seed, hours = Number.POSITIVE_INFINITY }: { seed: number; hours?: number }) {
  // A burn-rate alert counts bad events besides.
  const counted = createTestStore();
  const evaluator = createEvaluator({ project: place.project, store: counted, newId: () => 'i' });
  for (const slo of resources.objectives) {
    const service = resources.services.find(({ name }) => slo.name.startsWith(`${name}/`));
    assert.ok(service);
    evaluator.setObjective(slo, service);
  }
  for (const policy of resources.policies.filter(isBurn)) evaluator.setPolicy(policy);
  const replayed = { evaluator, batches: 0, points: 0, incidents: [] as Incident[], troubles: [] as string[] };
  const known = new Map<SeriesIdentity, { series: Series; newest?: Point }>();
  const lastDay = createTestStore();
  let nowMs = LAST_MS - 28 * DAY_MS;

  function take(identity: SeriesIdentity, point: Point): void {
    const { series, newest } = known.get(identity) ?? { series: { ...identity, id: known.size + 1 } };
    known.set(identity, { series, newest: point });
    replayed.points += 1;
    const isInHour = point.endMs > nowMs && point.endMs <= nowMs + 60 * MINUTE_MS && point.endMs % MINUTE_MS === 0;
    const isNext = point.endMs > (newest?.endMs ?? 0);
    const overlaps = identity.metricKind === 'DELTA' && point.startMs < (newest?.endMs ?? 0);
    if (!isInHour || !isNext || overlaps) replayed.troubles.push(`${identity.metric.type} at ${point.endMs}`);
    const added = incrementOf(identity, newest, point);
    if (!added) return;
    evaluator.observe({ series, point: added });
    if (identity.metricKind !== 'GAUGE' && added.value !== 0 && !isDistribution(added.value)) {
      counted.add(identity, added);
    }
    if (point.endMs > LAST_MS - DAY_MS) lastDay.add(identity, added);
  }

  for (const batch of history(seed).take(hours)) {
    replayed.batches += 1;
    for (const { series, points } of batch) for (const point of points) take(series, point);
    for (const endMs = nowMs + 60 * MINUTE_MS; nowMs < endMs; ) {
      nowMs += MINUTE_MS;
      replayed.incidents.push(...evaluator.evaluate(nowMs).opened);
    }
  }
  return { ...replayed, nowMs, lastDay, series: [...known.keys()] };
}

let whole: ReturnType<typeof replay>;
before(() => {
  whole = replay({ seed: 7 });
});

test('a history has a batch for each hour of 28 days, oldest first, until the last full minute', () => {
  assert.deepEqual([whole.batches, whole.nowMs], [28 * 24, LAST_MS]);
  assert.deepEqual(whole.troubles, []);
  assert.ok(whole.points > 800_000 && whole.points < 1_000_000, `${whole.points} points`);
});

test('the fast page opens in the incident and nowhere else, and is closed within the hour', () => {
  const pages = whole.incidents.filter(({ policy }) => policy.endsWith('-page-fast'));
  assert.deepEqual(
    pages.map(({ policy }) => policy),
    ['projects/local/alertPolicies/records-api-availability-page-fast'],
  );
  for (const { openedAtMs, closedAtMs = Number.POSITIVE_INFINITY } of pages) {
    assert.ok(openedAtMs > INCIDENT.startMs && openedAtMs <= INCIDENT.startMs + 10 * MINUTE_MS);
    assert.ok(closedAtMs > INCIDENT.endMs && closedAtMs <= INCIDENT.endMs + 10 * MINUTE_MS);
  }
});

test('no other burn-rate alert opens before the incident or long after it, and all are closed at the end', () => {
  const strays = whole.incidents.filter(
    ({ openedAtMs, closedAtMs }) => openedAtMs <= INCIDENT.startMs || openedAtMs > INCIDENT.endMs || !closedAtMs,
  );
  assert.deepEqual(strays, []);
});

test('a history that has just begun alerts nobody, whatever its seed', () => {
  for (let seed = 0; seed < 5; seed += 1) assert.deepEqual(replay({ seed, hours: 8 }).incidents, []);
});

test('every objective has data, and has spent some of its budget but not all', () => {
  for (const { name, goal } of resources.objectives) {
    const counts = whole.evaluator.objective(name)?.countsOfPeriod(LAST_MS) ?? { good: 0, bad: 0 };
    const compliance = complianceOf(counts) ?? 0;
    const left = budgetOf(counts, goal)?.fraction ?? Number.NaN;
    assert.ok(compliance > 0.99, `${name} is at ${compliance}`);
    assert.ok(left > 0 && left <= 1, `${name} has ${left} of its budget left`);
  }
});

test('at the end nothing fires, not even what looks at causes', () => {
  const { evaluator, lastDay } = whole;
  const all = createEvaluator({ project: place.project, store: lastDay, newId: () => 'i' });
  for (const policy of resources.policies.filter(policy => !isBurn(policy))) all.setPolicy(policy);
  const [later, atLast] = [all.evaluate(LAST_MS - 2 * 60 * MINUTE_MS), all.evaluate(LAST_MS)];
  assert.deepEqual([later.opened, atLast.opened, evaluator.evaluate(LAST_MS).opened], [[], [], []]);
});

test('every filter of our objectives, alerts and dashboards selects a series, but for what has not happened and what is not told', () => {
  const filters = filtersIn(resources);
  assert.ok(filters.length > 20);
  const missed = selectingNone(filters, whole.series).map(filter => /metric.type="([^"]+)"/.exec(filter)?.[1]);
  assert.deepEqual([...new Set(missed)].sort(), [
    'prometheus.googleapis.com/ingest.dead_letters/counter',
    'run.googleapis.com/container/cpu/utilizations',
    'run.googleapis.com/container/memory/utilizations',
  ]);
});

test('every series says that it is a demo, and none is one that the platform writes', () => {
  for (const { metric, resource } of whole.series) {
    assert.equal(metric.labels.demo, 'true');
    const { instance = 'demo', revision_name: revision = 'demo' } = resource.labels;
    assert.match(`${instance} ${revision}`, /^demo .*demo$/);
  }
});

test('the same seed gives the same history, and another seed another', () => {
  const hours = (seed: number) => JSON.stringify([...history(seed).take(7)]);
  const [first, again, other] = [hours(1), hours(1), hours(2)];
  assert.ok(first === again);
  assert.ok(first !== other);
});
