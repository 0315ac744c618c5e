import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Delivery } from '../records/topic.ts';
import { createFakeSubscription, message, quietLog, until } from './fakes.ts';
import { type PullSettings, startPulling } from './pull.ts';

const batchOf = (...ids: string[]) => ids.map(id => message(id, { id, name: id }));
const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ messageId }) => messageId).join();

function pull(
  t: TestContext,
  fake: ReturnType<typeof createFakeSubscription>,
  handle: (deliveries: readonly Delivery[]) => Promise<void>,
  settings: PullSettings = {},
) {
  const quick = { pullsMax: 1, retryMsMin: 1, retryMsMax: 2, graceMs: 20, ...settings };
  const pulling = startPulling({ subscription: fake.subscription, handle, log: quietLog, ...quick });
  t.after(() => pulling.stop());
  return pulling;
}

const without = (calls: readonly string[], ...kinds: string[]) =>
  calls.filter(call => !kinds.includes(call.split(' ')[0] ?? ''));

test('a batch is acked after it is handled, and never before', async t => {
  const fake = createFakeSubscription([batchOf('1', '2')]);
  const commit = Promise.withResolvers<void>();
  pull(t, fake, () => commit.promise);
  await new Promise(resolve => setTimeout(resolve, 30));
  assert.deepEqual(without(fake.calls, 'pull'), []);
  fake.calls.push('committed');
  commit.resolve();
  await until(() => fake.calls.includes('ack ack-1,ack-2'));
  assert.deepEqual(without(fake.calls, 'pull'), ['committed', 'ack ack-1,ack-2']);
});

test('while a batch fails it is held: tried again, its lease kept, nothing nacked and nothing more pulled', async t => {
  const ids = Array.from({ length: 20 }, (_, index) => String(index));
  const fake = createFakeSubscription(
    ids.map(id => batchOf(id)),
    0.01,
  );
  const tried: string[] = [];
  let down = true;
  const handle = async (deliveries: readonly Delivery[]) => {
    tried.push(idsOf(deliveries));
    if (down) throw new Error('down');
  };
  pull(t, fake, handle, { pullsMax: 2, batchesMax: 20 });
  await until(() => tried.length > 40 && fake.calls.filter(call => call === 'extend ack-0 0.01').length > 2);
  // Each of the two may have pulled once more before the first batch failed.
  assert.ok(new Set(tried).size <= 4, `tried ${new Set(tried).size} batches`);
  assert.deepEqual(without(fake.calls, 'pull', 'extend'), []);
  down = false;
  await until(() => fake.calls.filter(call => call.startsWith('ack')).length === 20);
  assert.deepEqual(without(fake.calls, 'pull', 'extend', 'ack'), []);
});

test('a batch that takes long keeps its lease too', async t => {
  const fake = createFakeSubscription([batchOf('1')], 0.01);
  const commit = Promise.withResolvers<void>();
  pull(t, fake, () => commit.promise);
  await until(() => fake.calls.filter(call => call === 'extend ack-1 0.01').length > 2);
  commit.resolve();
});

test('a lease lasts only so long: then the batch is let go, not acked, and pulling goes on', async t => {
  const fake = createFakeSubscription([batchOf('1'), batchOf('2')], 0.01);
  let down = true;
  const settings = { leaseMsMax: 30, batchesMax: 1 };
  pull(
    t,
    fake,
    deliveries => (down && idsOf(deliveries) === '1' ? Promise.reject(new Error('down')) : Promise.resolve()),
    settings,
  );
  await until(() => fake.calls.includes('ack ack-2'));
  down = false;
  assert.deepEqual(without(fake.calls, 'pull', 'extend'), ['ack ack-2']);
});

test('several batches are under way at once, and no more than that', async t => {
  const fake = createFakeSubscription(Array.from({ length: 10 }, (_, index) => batchOf(String(index))));
  let running = 0;
  let runningMost = 0;
  pull(
    t,
    fake,
    async () => {
      running += 1;
      runningMost = Math.max(runningMost, running);
      await new Promise(resolve => setTimeout(resolve, 5));
      running -= 1;
    },
    { batchesMax: 3 },
  );
  await until(() => fake.calls.filter(call => call.startsWith('ack')).length === 10);
  assert.equal(runningMost, 3);
});

test('above so many unacked bytes nothing more is pulled', async t => {
  const fake = createFakeSubscription([batchOf('1'), batchOf('2')]);
  const commit = Promise.withResolvers<void>();
  const handled: string[] = [];
  const handle = (deliveries: readonly Delivery[]) => {
    handled.push(idsOf(deliveries));
    return commit.promise;
  };
  pull(t, fake, handle, { unackedBytesMax: 10 });
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.deepEqual(handled, ['1']);
  commit.resolve();
  await until(() => fake.calls.includes('ack ack-2'));
});

test('a pull that fails is tried again, and so is one after an ack that failed', async t => {
  const fake = createFakeSubscription([batchOf('1'), batchOf('2')]);
  const { pull: pullOne, ack } = fake.subscription;
  let failures = 0;
  fake.subscription.pull = options => {
    failures += 1;
    return failures < 4 ? Promise.reject(new Error('unreachable')) : pullOne(options);
  };
  fake.subscription.ack = ids => (ids.includes('ack-1') ? Promise.reject(new Error('unreachable')) : ack(ids));
  pull(t, fake, async () => {});
  await until(() => fake.calls.includes('ack ack-2'));
});

test('stop waits for what is being stored, and acks it', async t => {
  const fake = createFakeSubscription([batchOf('1')]);
  const commit = Promise.withResolvers<void>();
  const pulling = pull(t, fake, () => commit.promise, { graceMs: 10_000 });
  await until(() => fake.calls.length > 1);
  const stopped = pulling.stop();
  commit.resolve();
  await stopped;
  assert.deepEqual(without(fake.calls, 'pull'), ['ack ack-1']);
});

test('stop lets go what is held, and acks nothing of it', async t => {
  const fake = createFakeSubscription([batchOf('1')]);
  let tries = 0;
  const pulling = pull(t, fake, () => Promise.reject(new Error(`down ${++tries}`)), {
    graceMs: 10_000,
    retryMsMin: 3_600_000,
    retryMsMax: 3_600_000,
  });
  await until(() => tries === 1);
  await pulling.stop();
  assert.equal(tries, 1);
  assert.deepEqual(without(fake.calls, 'pull'), []);
});

test('stop lets go what outlasts its grace: a commit that comes later is not acked', async t => {
  const fake = createFakeSubscription([batchOf('1')]);
  const commit = Promise.withResolvers<void>();
  const pulling = pull(t, fake, () => commit.promise, { graceMs: 5 });
  await until(() => fake.calls.length > 1);
  await Promise.all([pulling.stop(), pulling.stop()]);
  const { length } = fake.calls;
  commit.resolve();
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.deepEqual(fake.calls.slice(length), []);
});
