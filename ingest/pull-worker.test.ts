import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../base/clock.ts';
import { temporaryFolder } from '../base/testing.ts';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import type { Subscription } from '../records/topic.ts';
import { createBench, message, quietLog, until } from './fakes.ts';
import { startPullWorker } from './pull-worker.ts';

const newPath = () => join(temporaryFolder(), 'topic.sqlite');
const records = (count: number) =>
  Array.from({ length: count }, (_, index) => message('', { id: `r${index}`, name: `n${index}` }));

/** Fails the test where an ack comes before its records are readable. */
function watchAcks(subscription: Subscription, readable: () => Promise<number>): Subscription & { acked: number } {
  const watched = {
    ...subscription,
    acked: 0,
    async ack(ackIds: readonly string[]) {
      watched.acked += ackIds.length;
      assert.ok((await readable()) >= watched.acked, 'acked before the commit');
      await subscription.ack(ackIds);
    },
  };
  return watched;
}

test('what is published becomes records and dead letters, acked after the commit, and the topic is empty', async t => {
  const bench = createBench();
  const topic = createSqliteTopic({ path: newPath(), clock: systemClock });
  const readable = async () => (await bench.records()).length + (await bench.letters()).length;
  const subscription = watchAcks(topic.subscription, readable);
  const worker = startPullWorker({ subscription, receiver: bench.receiver, log: quietLog, messagesMax: 30 });
  t.after(() => worker.stop());
  await topic.publish([...records(100), message('', 'broken')]);
  await until(async () => (await topic.subscription.backlog()).messages === 0);
  assert.equal((await bench.records()).length, 100);
  assert.equal((await bench.letters()).length, 1);
  assert.equal(subscription.acked, 101);
});

test('an outage of the warehouse costs no delivery attempt, and nothing is lost', async t => {
  let down = true;
  const bench = createBench({
    wrapWarehouse: warehouse => ({
      ...warehouse,
      append: events => (down ? Promise.reject(new Error('down')) : warehouse.append(events)),
    }),
  });
  // The lease would end, and the only attempt be used up, many times over while the outage lasts.
  const topic = createSqliteTopic({
    ...{ path: newPath(), clock: systemClock, ackDeadlineSeconds: 0.1, deliveryAttemptsMax: 1 },
    ...{ backoffSecondsMin: 0.001, backoffSecondsMax: 0.001 },
  });
  await topic.publish(records(20));
  const settings = { retryMsMin: 5, retryMsMax: 20, batchesMax: 2 };
  const worker = startPullWorker({
    subscription: topic.subscription,
    receiver: bench.receiver,
    log: quietLog,
    ...settings,
  });
  t.after(() => worker.stop());
  await new Promise(resolve => setTimeout(resolve, 500));
  down = false;
  await until(async () => (await bench.records()).length === 20);
  await until(async () => (await topic.subscription.backlog()).messages === 0);
  assert.equal((await topic.deadLetterSubscription.backlog()).messages, 0);
});

test('what was held when the worker stopped is delivered again after a restart', async t => {
  const path = newPath();
  const broken = createBench({
    wrapWarehouse: warehouse => ({ ...warehouse, append: () => Promise.reject(new Error('down')) }),
  });
  const topic = createSqliteTopic({ path, clock: systemClock });
  await topic.publish(records(10));
  let tries = 0;
  const receive = (...given: Parameters<typeof broken.receiver.receive>) => {
    tries += 1;
    return broken.receiver.receive(...given);
  };
  const first = startPullWorker({ subscription: topic.subscription, receiver: { receive }, log: quietLog });
  await until(() => tries > 0);
  await first.stop();
  await topic.close();

  const bench = createBench();
  const reopened = createSqliteTopic({ path, clock: systemClock });
  const second = startPullWorker({ subscription: reopened.subscription, receiver: bench.receiver, log: quietLog });
  t.after(() => second.stop());
  await until(async () => (await bench.records()).length === 10);
});
