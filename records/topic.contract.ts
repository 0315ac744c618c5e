import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery, Message, Subscription, Topic } from './topic.ts';

/** A topic under test, with a way to let the time pass that it goes by. */
export type TopicUnderTest = { topic: Topic; pass(ms: number): Promise<void> };

const message = (text: string): Message => ({ data: Buffer.from(text), attributes: { origin: 'test' } });
const textOf = (delivery: Delivery | undefined) => Buffer.from(delivery?.data ?? []).toString();
const ackIdsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ ackId }) => ackId);

/** Pulls until so many have come; a topic may give fewer than are due at a time. */
async function pull(subscription: Subscription, count: number): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (let tries = 0; tries < 10 && deliveries.length < count; tries += 1) {
    deliveries.push(...(await subscription.pull({ messagesMax: 100, waitMs: 0 })));
  }
  assert.equal(deliveries.length, count);
  return deliveries;
}

const nothingDue = async (subscription: Subscription) =>
  assert.deepEqual(await subscription.pull({ messagesMax: 100, waitMs: 0 }), []);

/**
 * What every topic does. `create` gives a fresh one with an ack deadline of 10 s, 5 delivery attempts at the most,
 * and a back-off of at most `backoffMsMax`, after which it may be late by `slackMs`.
 */
export function testTopic(
  kind: string,
  options: {
    create(): Promise<TopicUnderTest>;
    backoffMsMax: number;
    slackMs: number;
  },
): void {
  const { create, backoffMsMax, slackMs } = options;
  const redeliveryMs = 10_000 + backoffMsMax + slackMs;
  const check = (what: string, run: (under: TopicUnderTest) => Promise<void>) =>
    test(`${kind}: ${what}`, async () => run(await create()));

  check('a published message arrives with its bytes, attributes, id and time', async ({ topic }) => {
    const before = Date.now() * 1000;
    const [id] = await topic.publish([{ ...message('hello'), orderingKey: 'k' }]);
    const [delivery] = await pull(topic.subscription, 1);
    assert.equal(textOf(delivery), 'hello');
    assert.deepEqual({ ...delivery?.attributes }, { origin: 'test' });
    assert.equal(delivery?.messageId, id);
    assert.equal(delivery?.deliveryAttempt, 1);
    assert.equal(delivery?.orderingKey, 'k');
    assert.ok(Math.abs((delivery?.publishedAt ?? 0) - before) < 86_400_000_000 * 365);
  });

  check('ids of one publish are distinct and in its order, also with several ordering keys', async ({ topic }) => {
    const messages = Array.from({ length: 20 }, (_, index) => message(String(index)));
    const ids = await topic.publish(messages.map((each, index) => ({ ...each, orderingKey: `k${index % 3}` })));
    assert.equal(new Set(ids).size, 20);
    for (const delivery of await pull(topic.subscription, 20)) {
      assert.equal(delivery.messageId, ids[Number(textOf(delivery))]);
    }
  });

  check('an acked message never comes again, an unacked one does after its deadline', async ({ topic, pass }) => {
    await topic.publish([message('acked'), message('forgotten')]);
    const deliveries = await pull(topic.subscription, 2);
    await topic.subscription.ack(ackIdsOf(deliveries.filter(delivery => textOf(delivery) === 'acked')));
    await nothingDue(topic.subscription);
    await pass(redeliveryMs);
    const [again] = await pull(topic.subscription, 1);
    assert.equal(textOf(again), 'forgotten');
    assert.equal(again?.deliveryAttempt, 2);
  });

  check('an extended lease holds beyond the deadline, and an ack under it too', async ({ topic, pass }) => {
    await topic.publish([message('long work')]);
    const ackIds = ackIdsOf(await pull(topic.subscription, 1));
    await topic.subscription.extend(ackIds, 40);
    await pass(redeliveryMs);
    await nothingDue(topic.subscription);
    await topic.subscription.ack(ackIds);
    await pass(40_000 + backoffMsMax + slackMs);
    await nothingDue(topic.subscription);
  });

  check('after its last attempt a message goes to the dead-letter subscription', async ({ topic, pass }) => {
    await topic.publish([message('poison')]);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const [delivery] = await pull(topic.subscription, 1);
      assert.equal(delivery?.deliveryAttempt, attempt);
      await topic.subscription.nack([delivery?.ackId ?? '']);
      await pass(backoffMsMax + slackMs);
    }
    await nothingDue(topic.subscription);
    const [dead] = await pull(topic.deadLetterSubscription, 1);
    assert.equal(textOf(dead), 'poison');
    assert.equal(dead?.attributes.origin, 'test');
    await topic.deadLetterSubscription.ack([dead?.ackId ?? '']);
    await pass(redeliveryMs);
    await nothingDue(topic.deadLetterSubscription);
  });

  check('a pull that waits is woken by a publish', async ({ topic }) => {
    const waiting = topic.subscription.pull({ messagesMax: 10, waitMs: 30_000 });
    await topic.publish([message('news')]);
    assert.equal((await waiting).length, 1);
  });

  check('a pull that waits ends when its caller gives up', async ({ topic }) => {
    const stop = new AbortController();
    const waiting = topic.subscription.pull({ messagesMax: 10, waitMs: 30_000, signal: stop.signal });
    stop.abort();
    assert.deepEqual(await waiting, []);
  });
}
