import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiGoals, busyPerSecond, quietPerSecond } from './goals.ts';
import {
  counts,
  plannedEvents,
  type RequestKind,
  requestKinds,
  requestsPerRound,
  requestsPerVisit,
  visitOf,
  visits,
} from './mix.ts';

const round = Array.from({ length: requestsPerRound / requestsPerVisit }, (_, number) => visitOf(number));
const sent = round.flatMap((name): readonly RequestKind[] => visits[name]);

test('a round has every visit, and its requests are those that are planned', () => {
  assert.deepEqual(new Set(round), new Set(Object.keys(visits)));
  assert.equal(sent.length, requestsPerRound);
  assert.deepEqual(new Set(sent), new Set(Object.keys(requestKinds)));
  assert.equal(visitOf(round.length), visitOf(0));
});

test('a goal counts the requests of its routes, or all of them', () => {
  const goal = { kind: 'latency', goal: 0.99, metric: 'slo_latency', eventsToProve: 299 };
  assert.ok(counts({ ...goal, routes: [] }, 'page'));
  assert.ok(counts({ ...goal, routes: ['/records'] }, 'page'));
  assert.ok(!counts({ ...goal, routes: ['/records'] }, 'record'));
  const steps = [
    { perSecond: 9, seconds: 10 },
    { perSecond: 18, seconds: 10 },
  ];
  const pages = sent.filter(kind => requestKinds[kind].route === '/records').length;
  assert.deepEqual(plannedEvents({ ...goal, routes: [] }, steps), [90, 180]);
  const [planned] = plannedEvents({ ...goal, routes: ['/records'] }, steps);
  assert.ok(Math.abs((planned ?? 0) - (90 * pages) / sent.length) < 1e-9);
});

test('the API’s own goals are those of its requests, and every request counts for each', () => {
  assert.deepEqual(
    apiGoals.map(({ metric }) => metric),
    ['slo_availability', 'slo_latency'],
  );
  for (const goal of apiGoals)
    assert.ok(
      sent.every(kind => counts(goal, kind)),
      goal.metric,
    );
});

test('a busy hour is ten quiet ones, or what proves the goals twice over where the run is short', () => {
  assert.equal(busyPerSecond(1e9), 10 * quietPerSecond('records-api'));
  const toProve = Math.max(...apiGoals.map(({ eventsToProve }) => eventsToProve));
  assert.equal(busyPerSecond(10) * 10, 2 * toProve);
});
