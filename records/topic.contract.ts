import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Topic } from './topic.ts';

/** A topic under test with ways to let time pass and the process die. */
export type TopicUnderTest = {
  topic: Topic;
  /** Lets the time pass that the topic goes by. */
  pass(ms: number): Promise<void>;
  /** The same topic as a new process finds it. */
  restart(): Promise<Topic>;
};

const message = (text: string): Message => ({ data: Buffer.from(text), attributes: { origin: 'test' } });
const pullNow = (topic: Topic) => topic.subscription.pull({ messagesMax: 100, waitMs: 0 });

/**
 * What every topic does. `create` gives a fresh one with an ack deadline of 10 s, a back-off of 10 to 40 s and 3 delivery
 * attempts at the most.
 */
export function testTopic(kind: string, create: () => Promise<TopicUnderTest>): void {
  test(`${kind}: a published message arrives with its bytes, attributes, id and time`, async () => {
    const { topic } = await create();
    const [id] = await topic.publish([{ ...message('hello'), orderingKey: 'k' }]);
    const [delivery] = await pullNow(topic);
    assert.equal(Buffer.from(delivery?.data ?? []).toString(), 'hello');
    assert.deepEqual({ ...delivery?.attributes }, { origin: 'test' });
    assert.equal(delivery?.messageId, id);
    assert.equal(delivery?.deliveryAttempt, 1);
    assert.equal(delivery?.orderingKey, 'k');
    assert.ok((delivery?.publishedAt ?? 0) > 1e15);
  });

  test(`${kind}: ids of one publish are distinct and later ones sort later`, async () => {
    const { topic } = await create();
    const ids = await topic.publish(Array.from({ length: 20 }, (_, index) => message(String(index))));
    const sorted = ids.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
    assert.deepEqual(ids, sorted);
    assert.equal(new Set(ids).size, 20);
  });

  test(`${kind}: an acked message never comes again, an unacked one does after its deadline and back-off`, async () => {
    const { topic, pass } = await create();
    await topic.publish([message('acked'), message('forgotten')]);
    const deliveries = await pullNow(topic);
    await topic.subscription.ack([deliveries[0]?.ackId ?? '']);
    assert.deepEqual(await pullNow(topic), []);
    await pass(20_001);
    const again = await pullNow(topic);
    assert.deepEqual(
      again.map(({ data }) => Buffer.from(data).toString()),
      ['forgotten'],
    );
    assert.equal(again[0]?.deliveryAttempt, 2);
  });

  test(`${kind}: an ack after the deadline does not hold, for the message may be with another`, async () => {
    const { topic, pass } = await create();
    await topic.publish([message('late')]);
    const [delivery] = await pullNow(topic);
    await pass(10_001);
    await topic.subscription.ack([delivery?.ackId ?? '']);
    await pass(10_000);
    assert.equal((await pullNow(topic)).length, 1);
  });

  test(`${kind}: a nacked message waits for its back-off, which doubles`, async () => {
    const { topic, pass } = await create();
    await topic.publish([message('again')]);
    for (const backoffMs of [10_000, 20_000]) {
      const [delivery] = await pullNow(topic);
      await topic.subscription.nack([delivery?.ackId ?? '']);
      await pass(backoffMs - 1);
      assert.deepEqual(await pullNow(topic), []);
      await pass(1);
    }
    assert.equal((await pullNow(topic))[0]?.deliveryAttempt, 3);
  });

  test(`${kind}: an extended lease holds`, async () => {
    const { topic, pass } = await create();
    await topic.publish([message('long work')]);
    const [delivery] = await pullNow(topic);
    await topic.subscription.extend([delivery?.ackId ?? ''], 60);
    await pass(59_000);
    assert.deepEqual(await pullNow(topic), []);
    await topic.subscription.ack([delivery?.ackId ?? '']);
    await pass(600_000);
    assert.deepEqual(await pullNow(topic), []);
  });

  test(`${kind}: after its last attempt a message goes to the dead-letter subscription, and stays there until it is acked`, async () => {
    const { topic, pass } = await create();
    const [id] = await topic.publish([message('poison')]);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      assert.equal((await pullNow(topic)).length, 1);
      await pass(60_000);
    }
    assert.deepEqual(await pullNow(topic), []);
    const [dead] = await topic.deadLetterSubscription.pull({ messagesMax: 10, waitMs: 0 });
    assert.equal(dead?.messageId, id);
    assert.equal(Buffer.from(dead?.data ?? []).toString(), 'poison');
    assert.deepEqual({ ...dead?.attributes }, { origin: 'test', CloudPubSubDeadLetterSourceDeliveryCount: '3' });
    await pass(60_000);
    const [again] = await topic.deadLetterSubscription.pull({ messagesMax: 10, waitMs: 0 });
    await topic.deadLetterSubscription.ack([again?.ackId ?? '']);
    await pass(60_000);
    assert.deepEqual(await topic.deadLetterSubscription.pull({ messagesMax: 10, waitMs: 0 }), []);
  });

  test(`${kind}: what was on lease when the process died comes again at once, and its attempt has counted`, async () => {
    const { topic, restart } = await create();
    await topic.publish([message('held')]);
    await pullNow(topic);
    const restarted = await restart();
    const [delivery] = await pullNow(restarted);
    assert.equal(Buffer.from(delivery?.data ?? []).toString(), 'held');
    assert.equal(delivery?.deliveryAttempt, 2);
  });

  test(`${kind}: a pull that waits is woken by a publish`, async () => {
    const { topic } = await create();
    const waiting = topic.subscription.pull({ messagesMax: 10, waitMs: 30_000 });
    await topic.publish([message('news')]);
    assert.equal((await waiting).length, 1);
  });

  test(`${kind}: a pull that waits ends when its caller gives up`, async () => {
    const { topic } = await create();
    const stop = new AbortController();
    const waiting = topic.subscription.pull({ messagesMax: 10, waitMs: 30_000, signal: stop.signal });
    stop.abort();
    assert.deepEqual(await waiting, []);
  });

  test(`${kind}: the backlog tells how many wait and how old the oldest is`, async () => {
    const { topic, pass } = await create();
    assert.deepEqual(await topic.subscription.backlog(), { messages: 0, oldestUnackedAgeSeconds: 0 });
    await topic.publish([message('a'), message('b')]);
    await pass(5000);
    const { messages, oldestUnackedAgeSeconds } = await topic.subscription.backlog();
    assert.equal(messages, 2);
    assert.equal(Math.round(oldestUnackedAgeSeconds), 5);
  });
}
