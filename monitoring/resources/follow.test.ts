import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import { createTestStore, requestCount } from '../testing.ts';
import { followResources } from './follow.ts';
import { openResources } from './resources.ts';

const MINUTE_MS = 60_000;
const nowMs = Date.UTC(2026, 0, 5);
const service = 'projects/local/services/checkout';
const name = `${service}/serviceLevelObjectives/a`;
const basicService = { serviceType: 'CLOUD_RUN', serviceLabels: { service_name: 'checkout' } };
const objective = {
  name,
  goal: 0.9,
  rollingPeriod: '2592000s',
  serviceLevelIndicator: { basicSli: { availability: {} } },
};

function setUp() {
  const clock = createManualClock(nowMs);
  const store = createTestStore();
  const resources = openResources({ path: ':memory:', clock });
  const evaluator = createEvaluator({ project: 'local', store, newId: () => 'i' });
  resources.put('services', service, { name: service, basicService });
  return {
    resources,
    store,
    evaluator,
    follow: () => followResources({ resources, evaluator, store }),
  };
}

test('what was there before is followed, with all that was counted in its time, however the series lie', () => {
  const { resources, store, evaluator, follow } = setUp();
  // One series after the other, each over the whole period, and points before it.
  for (const code of ['5xx', '2xx']) {
    for (let day = 40; day >= 0; day -= 1) {
      const endMs = nowMs - day * 86_400_000;
      store.add(requestCount(code), { startMs: endMs - MINUTE_MS, endMs, value: code === '5xx' ? 1 : 9 });
    }
  }
  store.add(requestCount('5xx', 'another'), { startMs: nowMs - MINUTE_MS, endMs: nowMs, value: 1000 });
  resources.put('serviceLevelObjectives', name, objective);
  const other = `${service}/serviceLevelObjectives/b`;
  resources.put('serviceLevelObjectives', other, { ...objective, name: other, rollingPeriod: '86400s' });
  follow();
  assert.deepEqual(evaluator.objective(name)?.countsOfPeriod(nowMs), { good: 270, bad: 30 });
  assert.deepEqual(evaluator.objective(other)?.countsOfPeriod(nowMs), { good: 9, bad: 1 });
});

test('a basic SLI counts by what its service says now', () => {
  const { resources, store, evaluator, follow } = setUp();
  store.add(requestCount('2xx', 'another'), { startMs: nowMs - MINUTE_MS, endMs: nowMs, value: 7 });
  follow();
  resources.put('serviceLevelObjectives', name, objective);
  assert.deepEqual(evaluator.objective(name)?.countsOfPeriod(nowMs), { good: 0, bad: 0 });
  const other = { ...basicService, serviceLabels: { service_name: 'another' } };
  resources.put('services', service, { name: service, basicService: other });
  assert.deepEqual(evaluator.objective(name)?.countsOfPeriod(nowMs), { good: 7, bad: 0 });
});

test('an SLO whose service is not there is not followed', () => {
  const { resources, evaluator, follow } = setUp();
  resources.put('serviceLevelObjectives', name, objective);
  resources.remove('services', service);
  follow();
  assert.equal(evaluator.objective(name), undefined);
});
