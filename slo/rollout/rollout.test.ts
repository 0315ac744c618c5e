import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { BurnlineError } from '../../base/errors.ts';
import type { Count } from '../statistics/two-sample.ts';
import { createFakeCounts, createFakeService, createFakeTraffic } from './fakes.ts';
import type { Look } from './judge.ts';
import { rollOut } from './rollout.ts';
import { BY_REVISION, isSameSplit, type TrafficTarget } from './traffic.ts';

const START = Date.UTC(2026, 0, 1, 12, 0, 20);
const MINUTE_MS = 60_000;
const to = (revision: string, percent: number, tag?: string): TrafficTarget => ({
  ...{ type: BY_REVISION, revision, percent },
  ...(tag !== undefined && { tag }),
});
const BEFORE: TrafficTarget[] = [
  to('api-1', 100, 'stable'),
  { type: BY_REVISION, revision: 'api-2', tag: 'next' },
  { type: BY_REVISION, revision: 'api-0', tag: 'old' },
];
const SPLIT = [to('api-1', 90, 'stable'), to('api-2', 10, 'next'), BEFORE[2]];
const WHOLE = [{ type: BY_REVISION, revision: 'api-1', tag: 'stable' }, to('api-2', 100, 'next'), BEFORE[2]];
const PLAN = { revision: 'api-2', sharePercent: 10, soakSeconds: 1800, alarmingShare: 0.01344 };

/** A rollout at 500 requests a minute in a world where time passes only while somebody waits. */
function createWorld(bad: (revision: string, minute: number) => number, targets = BEFORE) {
  const clock = createManualClock(START);
  const service = createFakeService({ targets, revisions: ['api-0', 'api-1', 'api-2'], latestRevision: 'api-2' });
  const traffic = createFakeTraffic(service);
  const perMinute = (revision: string, startMs: number): Count => {
    const minute = (startMs - START) / MINUTE_MS;
    return { total: revision === 'api-2' ? 50 : 450, bad: bad(revision, minute) };
  };
  const counts = createFakeCounts(clock, perMinute);
  const controller = new AbortController();
  const looks: Look[] = [];
  const world = {
    ...{ clock, service, traffic, counts, controller, looks },
    minutes: () => (clock.now() - START) / MINUTE_MS,
    onSleep: (_minutes: number): void => {},
    run: (plan = PLAN) =>
      rollOut(
        {
          ...{ traffic, clock, counts: world.counts, signal: controller.signal },
          sleep: async ms => {
            clock.advance(ms);
            world.onSleep(world.minutes());
          },
          onSplit: () => {},
          onLook: look => looks.push(look),
        },
        plan,
      ),
  };
  return world;
}

test('a healthy revision gets its share, is looked at once a minute, and all the traffic after the soak', async () => {
  const { run, service, looks, minutes } = createWorld((revision, minute) =>
    revision === 'api-1' && minute % 9 < 1 ? 1 : 0,
  );
  const outcome = await run();
  assert.deepEqual([outcome.decision, outcome.traffic, outcome.oldRevision], ['promoted', 'new', 'api-1']);
  assert.deepEqual(service.history, [BEFORE, SPLIT, WHOLE]);
  assert.deepEqual([looks.length, looks[0]?.new.total, minutes()], [30, 50, 33]);
  assert.deepEqual(outcome.look?.new, { total: 1500, bad: 0 });
  assert.ok((outcome.look?.enough ?? 0) > 300);
});

test('a revision that fails is rolled back at the first look that shows it, to exactly what was there before', async () => {
  const { run, service, looks, minutes } = createWorld(revision => (revision === 'api-2' ? 6 : 0));
  const outcome = await run();
  assert.deepEqual([outcome.decision, outcome.traffic], ['worse', 'old']);
  assert.deepEqual(service.history, [BEFORE, SPLIT, BEFORE]);
  assert.deepEqual([looks.length, minutes()], [1, 4]);
});

test('one that fails a little more is rolled back before the soak ends, one that fails as the old one does is not', async () => {
  const often = (every: number) => (minute: number) => (Math.floor(minute) % every === 0 ? 1 : 0);
  const worse = createWorld((revision, minute) => (revision === 'api-2' ? often(3)(minute) : 0));
  assert.equal((await worse.run()).decision, 'worse');
  assert.ok(worse.looks.length > 3 && worse.looks.length < 30, `${worse.looks.length}`);
  const alike = createWorld((revision, minute) => (revision === 'api-2' ? often(9)(minute) : 1));
  assert.equal((await alike.run()).decision, 'promoted');
});

test('too few requests at the end of the soak are back', async () => {
  const { run, service, minutes } = createWorld(() => 0);
  const outcome = await run({ ...PLAN, soakSeconds: 300 });
  assert.deepEqual([outcome.decision, outcome.traffic, minutes()], ['not-enough', 'old', 8]);
  assert.ok((outcome.look?.enough ?? 0) > (outcome.look?.new.total ?? 0));
  assert.deepEqual(service.history, [BEFORE, SPLIT, BEFORE]);
});

test('requests from before the split count for neither', async () => {
  const { run, looks } = createWorld((_, minute) => (minute < 0 ? 20 : 0));
  assert.equal((await run()).decision, 'promoted');
  assert.deepEqual([looks[0]?.new.bad, looks[0]?.old.bad], [0, 0]);
});

test('Cloud Monitoring that is not there at the start changes nothing, later it is asked again, and then it goes back', async () => {
  const failing = (callsThatFail: (call: number) => boolean) => {
    const world = createWorld(() => 0);
    const { counts } = world;
    let calls = 0;
    world.counts = {
      between(...asked) {
        calls += 1;
        return callsThatFail(calls) ? Promise.reject(new Error('nobody answers')) : counts.between(...asked);
      },
    };
    return world;
  };
  const atOnce = failing(() => true);
  await assert.rejects(atOnce.run(), /nobody answers/);
  assert.deepEqual(atOnce.service.history, [BEFORE]);
  assert.equal((await failing(call => call === 5 || call === 6).run()).decision, 'promoted');
  const later = failing(call => call >= 5);
  const { decision, traffic, trouble, look } = await later.run();
  assert.deepEqual([decision, traffic, trouble, look?.number], ['broken', 'old', 'nobody answers', 3]);
  assert.deepEqual(later.service.history, [BEFORE, SPLIT, BEFORE]);
});

test('a split that Cloud Run refuses changes nothing, not even what another rollout has done meanwhile', async () => {
  const { run, service, counts } = Object.assign(createWorld(() => 0));
  const { between } = counts;
  counts.between = async (...asked: Parameters<typeof between>) => {
    if (service.history.length === 1) service.put(SPLIT);
    return between(...asked);
  };
  await assert.rejects(run(), error => error instanceof BurnlineError && error.code === 'cloud_run_refused');
  assert.deepEqual(service.history, [BEFORE, SPLIT]);
});

test('a split that fails on its way leaves all as it is, one that fails after it was begun is undone', async () => {
  for (const [when, history] of [
    ['before', [BEFORE]],
    ['after', [BEFORE, SPLIT, BEFORE]],
  ] as const) {
    const { run, service } = createWorld(() => 0);
    service.control.trouble = (targets, at) => {
      if (at === when && targets !== BEFORE) throw new Error('the zone is down');
    };
    const outcome = await run();
    assert.deepEqual([outcome.decision, outcome.traffic, outcome.trouble], ['broken', 'old', 'the zone is down']);
    assert.deepEqual(service.history, history);
  }
});

test('a promotion that fails is undone, whether or not it was begun', async () => {
  for (const [when, history] of [
    ['before', [BEFORE, SPLIT, BEFORE]],
    ['after', [BEFORE, SPLIT, WHOLE, BEFORE]],
  ] as const) {
    const { run, service } = createWorld(() => 0);
    service.control.trouble = (targets, at) => {
      if (at === when && isSameSplit(targets, [to('api-2', 100)])) throw new Error('the zone is down');
    };
    const outcome = await run();
    assert.deepEqual([outcome.decision, outcome.traffic, outcome.trouble], ['broken', 'old', 'the zone is down']);
    assert.deepEqual(service.history, history);
  }
});

test('an interruption puts the traffic back: before the split, during it, between two looks and during one', async () => {
  const before = createWorld(() => 0);
  before.controller.abort('SIGINT');
  await assert.rejects(before.run(), /it was interrupted by SIGINT/);
  assert.deepEqual(before.service.history, [BEFORE]);

  const during = createWorld(() => 0);
  during.service.control.trouble = (targets, at) => {
    if (at === 'after' && targets !== BEFORE) during.controller.abort('SIGTERM');
  };
  const between = createWorld(() => 0);
  between.onSleep = minutes => {
    if (minutes > 10) between.controller.abort('SIGTERM');
  };
  const within = createWorld(() => 0);
  const { counts } = within;
  within.counts = {
    between(...asked) {
      if (within.minutes() < 10) return counts.between(...asked);
      within.controller.abort('SIGTERM');
      return new Promise(() => {});
    },
  };
  for (const { run, service, looks } of [during, between, within]) {
    const outcome = await run();
    assert.deepEqual(
      [outcome.decision, outcome.traffic, outcome.trouble],
      ['broken', 'old', 'it was interrupted by SIGTERM'],
    );
    assert.deepEqual(service.history, [BEFORE, SPLIT, BEFORE]);
    assert.ok(looks.length < 10);
  }
});

test('traffic that somebody else has changed meanwhile is left to them', async () => {
  const theirs = [to('api-0', 100)];
  for (const bad of [0, 6]) {
    const { run, service, ...world } = Object.assign(createWorld(revision => (revision === 'api-2' ? bad : 0)));
    world.counts.between = async () => {
      if (service.history.length === 2) service.put(theirs);
      return { new: { total: 1000, bad: bad * 50 }, old: { total: 9000, bad: 0 } };
    };
    const outcome = await run();
    assert.deepEqual([outcome.decision, outcome.traffic], ['broken', 'unknown']);
    assert.match(outcome.trouble ?? '', /^somebody else has changed the traffic meanwhile, and it was left as it is$/);
    assert.deepEqual(service.history, [BEFORE, SPLIT, theirs]);
  }
});

test('putting back is tried again while it fails, and told where it fails for good', async () => {
  const attempts = async (failures: number) => {
    const { run, service } = createWorld(revision => (revision === 'api-2' ? 6 : 0));
    let made = 0;
    service.control.trouble = (targets, at) => {
      if (targets !== BEFORE || at !== 'before') return;
      made += 1;
      if (made <= failures) throw new Error('the zone is down');
    };
    const { decision, traffic, trouble } = await run();
    return { decision, traffic, trouble, made };
  };
  assert.deepEqual(await attempts(5), { decision: 'worse', traffic: 'old', trouble: undefined, made: 6 });
  assert.deepEqual(await attempts(6), {
    ...{ decision: 'broken', traffic: 'unknown', trouble: 'the zone is down', made: 6 },
  });
});

test('a second rollout while one is under way, and one of the revision that serves, are refused', async () => {
  for (const [targets, said] of [
    [SPLIT as TrafficTarget[], /the traffic is split already \(api-1 90 %, api-2 10 %\)/],
    [WHOLE as TrafficTarget[], /api-2 has all the traffic/],
  ] as const) {
    const { run, service } = createWorld(() => 0, targets);
    await assert.rejects(run(), said);
    assert.equal(service.history.length, 1);
  }
});
