import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../base/clock.ts';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import { createBench, message, NOW, noTelemetry, quietLog } from './fakes.ts';
import { startPullWorker } from './pull-worker.ts';
import { createReceiver } from './receive.ts';

const HOUR_S = 3600;

/** An embedded topic and ingest over a warehouse that is down, in a time that the test lets pass second by second. */
function createOutage(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOW / 1000 });
  // What was imported by name before takes the mocked timers only by this.
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.timers.reset();
    syncBuiltinESMExports();
  });
  let isDown = true;
  const bench = createBench({
    wrapWarehouse: warehouse => ({
      ...warehouse,
      append: events => (isDown ? Promise.reject(new Error('down')) : warehouse.append(events)),
    }),
  });
  const topic = createSqliteTopic({ path: ':memory:', clock: systemClock });
  const receiver = createReceiver({
    ...{ warehouse: bench.warehouse, deadLetters: bench.deadLetters, clock: systemClock },
    ...{ telemetry: noTelemetry, log: quietLog, subscriptionName: 'test' },
  });
  return {
    ...{ topic, receiver, records: bench.records, letters: bench.letters },
    repair() {
      isDown = false;
    },
    async pass(seconds: number, each: () => Promise<void> = async () => {}) {
      for (let second = 0; second < seconds; second += 1) {
        t.mock.timers.tick(1000);
        for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
        await each();
      }
    },
  };
}

const given = Array.from({ length: 50 }, (_, n) => message('', { id: `r${n}`, name: 'good' }));

test('an hour of outage costs no record by pull: leases are kept, and no good message becomes a dead letter', async t => {
  const { topic, receiver, records, letters, repair, pass } = createOutage(t);
  await publishAll(topic);
  const worker = startPullWorker({ subscription: topic.subscription, receiver, log: quietLog, graceMs: 10 });
  await pass(HOUR_S);
  assert.deepEqual([await records(), await letters()], [[], []]);
  repair();
  await pass(60);
  assert.equal((await records()).length, given.length);
  assert.deepEqual(await letters(), []);
  assert.equal((await topic.subscription.backlog()).messages, 0);
  assert.equal((await topic.deadLetterSubscription.backlog()).messages, 0);
  const stopped = worker.stop();
  await pass(2);
  await stopped;
});

test('an hour of outage costs no record by push, where every 503 is a delivery attempt', async t => {
  const { topic, receiver, records, letters, repair, pass } = createOutage(t);
  await publishAll(topic);
  let attempts = 0;
  /** What Pub/Sub does: it pushes what is due, and takes anything but a 2xx for a nack. */
  async function push(): Promise<void> {
    for (const delivery of await topic.subscription.pull({ messagesMax: 1000, waitMs: 0 })) {
      attempts = Math.max(attempts, delivery.deliveryAttempt);
      await receiver.receive([delivery], 'push').then(
        () => topic.subscription.ack([delivery.ackId]),
        () => topic.subscription.nack([delivery.ackId]),
      );
    }
  }
  await pass(HOUR_S, push);
  repair();
  await pass(660, push);
  assert.equal((await records()).length, given.length);
  assert.deepEqual(await letters(), []);
  assert.equal((await topic.deadLetterSubscription.backlog()).messages, 0);
  assert.ok(attempts > 5 && attempts < 100, String(attempts));
});

async function publishAll(topic: ReturnType<typeof createSqliteTopic>): Promise<void> {
  await topic.publish(given);
}
