import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stairs, stepAt, toScenario } from './shapes.ts';

test('stairs divide their time, and multiply their rate where they climb', () => {
  assert.deepEqual(stairs({ perSecond: 5, seconds: 30, steps: 3, times: 2 }), [
    { perSecond: 5, seconds: 10 },
    { perSecond: 10, seconds: 10 },
    { perSecond: 20, seconds: 10 },
  ]);
  assert.deepEqual(
    new Set(stairs({ perSecond: 5, seconds: 30, steps: 3 }).map(({ perSecond }) => perSecond)),
    new Set([5]),
  );
});

test('a step is under way from its start to just before its end; the last one also after it', () => {
  const steps = [1, 2, 3].map(seconds => ({ perSecond: 1, seconds }));
  assert.deepEqual(
    [0, 999, 1000, 2999, 3000, 6000, 9000].map(ms => stepAt(steps, ms)),
    [0, 0, 1, 1, 2, 2, 2],
  );
});

test('one step is a constant arrival rate, by the hour, with as many VUs as iterations may be under way', () => {
  const steps = [{ perSecond: 0.5, seconds: 20.5 }];
  assert.deepEqual(toScenario(steps, { eventsEach: 1.8, secondsMax: 1 }), {
    executor: 'constant-arrival-rate',
    rate: 1000,
    duration: '20500ms',
    timeUnit: '1h',
    preAllocatedVUs: 5,
    maxVUs: 5,
  });
});

test('several are jumps to rates that are held, with VUs for the fastest', () => {
  const steps = [
    { perSecond: 10, seconds: 1 },
    { perSecond: 100, seconds: 2 },
  ];
  assert.deepEqual(toScenario(steps, { eventsEach: 1, secondsMax: 2 }), {
    executor: 'ramping-arrival-rate',
    startRate: 36_000,
    stages: [
      { target: 36_000, duration: '0s' },
      { target: 36_000, duration: '1000ms' },
      { target: 360_000, duration: '0s' },
      { target: 360_000, duration: '2000ms' },
    ],
    timeUnit: '1h',
    preAllocatedVUs: 204,
    maxVUs: 204,
  });
});

test('VUs have a limit, and a rate is never nothing', () => {
  const scenario = toScenario([{ perSecond: 1e6, seconds: 1 }], { eventsEach: 1, secondsMax: 10 });
  assert.equal(scenario.maxVUs, 1000);
  const slow = toScenario([{ perSecond: 1e-9, seconds: 1 }], { eventsEach: 1, secondsMax: 1 });
  assert.ok('rate' in slow && slow.rate === 1);
});
