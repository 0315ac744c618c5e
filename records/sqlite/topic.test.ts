import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { testTopic } from '../topic.contract.ts';
import { createSqliteTopic } from './topic.ts';

const message = (text: string) => ({ data: Buffer.from(text), attributes: { origin: 'test' } });

function create(settings: Partial<Parameters<typeof createSqliteTopic>[0]> = {}) {
  const clock = createManualClock(Date.now());
  const all = { path: join(temporaryFolder(), 'topic.sqlite'), clock, ...settings };
  const topic = createSqliteTopic(all);
  const pullNow = (from = topic) => from.subscription.pull({ messagesMax: 100, waitMs: 0 });
  return { topic, clock, pullNow, restart: () => createSqliteTopic(all) };
}

testTopic('SQLite', {
  backoffMsMax: 10_000,
  slackMs: 0,
  async create() {
    const { topic, clock } = create({ deliveryAttemptsMax: 5, backoffSecondsMax: 10 });
    return { topic, pass: async ms => clock.advance(ms) };
  },
});

// What Pub/Sub does at best, a queue in our own hands does exactly.

test('ids of later messages sort later', async () => {
  const { topic } = create();
  const ids = await topic.publish(Array.from({ length: 20 }, (_, index) => message(String(index))));
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1)),
  );
});

test('an ack after the deadline does not hold, for the message may be with another', async () => {
  const { topic, clock, pullNow } = create();
  await topic.publish([message('late')]);
  const [delivery] = await pullNow();
  clock.advance(10_001);
  await topic.subscription.ack([delivery?.ackId ?? '']);
  clock.advance(10_000);
  assert.equal((await pullNow()).length, 1);
});

test('a nacked message waits for its back-off, which doubles', async () => {
  const { topic, clock, pullNow } = create();
  await topic.publish([message('again')]);
  for (const backoffMs of [10_000, 20_000, 40_000]) {
    const [delivery] = await pullNow();
    await topic.subscription.nack([delivery?.ackId ?? '']);
    clock.advance(backoffMs - 1);
    assert.deepEqual(await pullNow(), []);
    clock.advance(1);
  }
  assert.equal((await pullNow())[0]?.deliveryAttempt, 4);
});

test('a dead-lettered message keeps its id, tells its attempts, and stays until it is acked', async () => {
  const { topic, clock, pullNow } = create({ deliveryAttemptsMax: 3 });
  const [id] = await topic.publish([message('poison')]);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    assert.equal((await pullNow()).length, 1);
    clock.advance(60_000);
  }
  assert.deepEqual(await pullNow(), []);
  for (let time = 0; time < 2; time += 1) {
    const [dead] = await topic.deadLetterSubscription.pull({ messagesMax: 10, waitMs: 0 });
    assert.equal(dead?.messageId, id);
    assert.deepEqual({ ...dead?.attributes }, { origin: 'test', CloudPubSubDeadLetterSourceDeliveryCount: '3' });
    clock.advance(60_000);
  }
});

test('what was on lease when the process died comes again at once, and its attempt has counted', async () => {
  const { topic, pullNow, restart } = create();
  await topic.publish([message('held')]);
  await pullNow();
  const [delivery] = await pullNow(restart());
  assert.equal(Buffer.from(delivery?.data ?? []).toString(), 'held');
  assert.equal(delivery?.deliveryAttempt, 2);
});

test('a full topic refuses a publish instead of dropping', async () => {
  const { topic, pullNow } = create({ messagesMax: 2 });
  await topic.publish([message('a'), message('b')]);
  await assert.rejects(topic.publish([message('c')]), { code: 'queue_full' });
  const [delivery] = await pullNow();
  await topic.subscription.ack([delivery?.ackId ?? '']);
  await topic.publish([message('c')]);
});

test('messages older than the retention are dropped and counted', async () => {
  const { topic, clock, pullNow } = create();
  await topic.publish([message('old')]);
  clock.advance(31 * 86_400_000 + 1);
  assert.equal(await topic.expire(), 1);
  assert.deepEqual(await pullNow(), []);
});

test('the backlog tells how many wait and how old the oldest is', async () => {
  const { topic, clock } = create();
  assert.deepEqual(await topic.subscription.backlog(), { messages: 0, oldestUnackedAgeSeconds: 0 });
  await topic.publish([message('a'), message('b')]);
  clock.advance(5000);
  assert.deepEqual(await topic.subscription.backlog(), { messages: 2, oldestUnackedAgeSeconds: 5 });
});

test('the log is rid of messages that were acknowledged', async () => {
  const path = join(temporaryFolder(), 'topic.sqlite');
  const { topic, pullNow } = create({ path });
  await topic.publish([message('Secret-Name-42')]);
  const [delivery] = await pullNow();
  await topic.subscription.ack([delivery?.ackId ?? '']);
  topic.truncateLog();
  for (const suffix of ['', '-wal']) assert.ok(!readFileSync(path + suffix).includes('Secret-Name-42'), suffix);
});
