import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badAllowed, testOptions } from './budget.ts';

const available = { kind: 'availability', goal: 0.999, metric: 'slo_availability', eventsToProve: 2995, routes: [] };
const fast = { kind: 'latency', goal: 0.99, thresholdMs: 200, metric: 'slo_latency', eventsToProve: 299, routes: [] };

test('so many may be bad as the goal leaves of what is planned, and none of too few', () => {
  assert.deepEqual(
    [999, 1000, 3000, 2_999_999].map(planned => badAllowed(available, planned)),
    [0, 1, 3, 2999],
  );
});

test('a test keeps its goals, and ends where the budget of a step is gone or load is dropped', () => {
  const steps = [10, 100].map(perSecond => ({ perSecond, seconds: 50 }));
  const goals = [available, fast].map(goal => ({ goal, events: [500, 5000] }));
  const plan = { test: 'load', service: 'api', steps, goals, trend: 'http_req_duration', eventsEach: 2, secondsMax: 1 };
  const ending = (threshold: string) => [{ threshold, abortOnFail: true }];
  assert.deepEqual(testOptions(plan).thresholds, {
    checks: ['rate>=1'],
    dropped_iterations: ending('count<=27'),
    slo_availability: ['rate>=0.999'],
    'slo_availability{step:0}': ['rate>=0.999'],
    'slo_availability_bad{step:0}': ending('count<=0'),
    'slo_availability{step:1}': ['rate>=0.999'],
    'slo_availability_bad{step:1}': ending('count<=5'),
    slo_latency: ['rate>=0.99'],
    'slo_latency{step:0}': ['rate>=0.99'],
    'slo_latency_bad{step:0}': ending('count<=5'),
    'http_req_duration{step:0}': ['p(99)<200'],
    'slo_latency{step:1}': ['rate>=0.99'],
    'slo_latency_bad{step:1}': ending('count<=50'),
    'http_req_duration{step:1}': ['p(99)<200'],
  });
});
