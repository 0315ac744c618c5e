import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import { startDeadLetterDrain } from './dead-letter-drain.ts';
import { createBench, createFakeSubscription, message, NOW, noTelemetry, quietLog, until } from './fakes.ts';

const settings = { log: quietLog, telemetry: noTelemetry, retryMsMin: 1, retryMsMax: 2, graceMs: 10 };

test('what ran out of attempts becomes a dead letter that can be replayed as it was', async t => {
  const { deadLetters, letters, clock } = createBench();
  const topic = createSqliteTopic({ path: ':memory:', clock, deliveryAttemptsMax: 1 });
  await topic.publish([message('', { id: 'a', name: 'Ada' })]);
  await topic.subscription.pull({ messagesMax: 1, waitMs: 0 });
  clock.advance(3_600_000);
  await topic.subscription.pull({ messagesMax: 1, waitMs: 0 });

  const drain = startDeadLetterDrain({ ...settings, subscription: topic.deadLetterSubscription, deadLetters, clock });
  t.after(() => drain.stop());
  await until(async () => (await topic.deadLetterSubscription.backlog()).messages === 0);
  const [letter] = await letters();
  assert.equal(letter?.reason, 'attempts_exhausted');
  assert.equal(letter?.publishedAt, NOW);
  assert.equal(letter?.recordId, 'a');
  assert.equal(Buffer.from(letter?.data ?? []).toString(), '{"id":"a","name":"Ada"}');
});

test('it keeps the publish time and the count of attempts that Pub/Sub hands on', async t => {
  const { deadLetters, letters, clock } = createBench();
  const attributes = {
    CloudPubSubDeadLetterSourceDeliveryCount: '100',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00Z',
  };
  const fake = createFakeSubscription([[{ ...message('77', 'x'), attributes }]]);
  const drain = startDeadLetterDrain({ ...settings, subscription: fake.subscription, deadLetters, clock });
  t.after(() => drain.stop());
  await until(() => fake.calls.includes('ack ack-77'));
  const [letter] = await letters();
  assert.match(letter?.detail ?? '', /after 100 delivery attempts/);
  assert.equal(letter?.publishedAt, Date.parse('2026-01-01T00:00:00Z') * 1000);
});

test('a message that Pub/Sub forwards twice, under two ids, is one dead letter, and another one with other bytes is not', async t => {
  const { deadLetters, letters, clock } = createBench();
  const forwarded = (id: string, attempts: string, content: string) => ({
    ...message(id, content),
    attributes: {
      origin: 'test',
      CloudPubSubDeadLetterSourceDeliveryCount: attempts,
      CloudPubSubDeadLetterSourceTopicPublishTime: '2026-01-01T00:00:00Z',
    },
  });
  const fake = createFakeSubscription([
    [forwarded('77', '100', 'x'), forwarded('78', '100', 'y')],
    [forwarded('79', '101', 'x')],
  ]);
  const drain = startDeadLetterDrain({ ...settings, subscription: fake.subscription, deadLetters, clock });
  t.after(() => drain.stop());
  await until(() => fake.calls.includes('ack ack-79'));
  assert.deepEqual(
    (await letters()).map(({ data }) => Buffer.from(data).toString()),
    ['x', 'y'],
  );
});

test('nothing is acked before the dead letter is durable', async t => {
  const { deadLetters, letters, clock } = createBench();
  let fails = 3;
  const failing = {
    ...deadLetters,
    async add(added: Parameters<typeof deadLetters.add>[0]) {
      fails -= 1;
      if (fails >= 0) throw new Error('disk full');
      return deadLetters.add(added);
    },
  };
  const fake = createFakeSubscription([[message('1', 'x')]]);
  const { ack } = fake.subscription;
  fake.subscription.ack = async ids => {
    assert.equal((await letters()).length, 1);
    await ack(ids);
  };
  const drain = startDeadLetterDrain({ ...settings, subscription: fake.subscription, deadLetters: failing, clock });
  t.after(() => drain.stop());
  await until(() => fake.calls.includes('ack ack-1'));
  assert.deepEqual(
    fake.calls.filter(call => call.startsWith('nack')),
    [],
  );
});
