import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPubSubSubscription } from './subscription.ts';

type Client = Parameters<typeof createPubSubSubscription>[0]['client'];
type Request = { subscription: string; ackIds?: string[]; ackDeadlineSeconds?: number };

/** A subscription over a client that keeps what it was asked, and answers as it is told. */
function subscriptionOver(answer: (request: Request) => unknown = () => ({})) {
  const requests: Request[] = [];
  const call = async (request: Request) => {
    requests.push(request);
    return [answer(request)];
  };
  const client = { pull: call, acknowledge: call, modifyAckDeadline: call } as unknown as Client;
  const subscription = createPubSubSubscription({ client, projectId: 'p', name: 's', ackDeadlineSeconds: 60 });
  return { subscription, requests };
}

const fail = (code: number) => () => {
  throw Object.assign(new Error(`status ${code}`), { code });
};
const pullOne = { messagesMax: 1, waitMs: 0 };

test('acks, nacks and extensions go out in requests that Google takes, each id in one of them', async () => {
  const { subscription, requests } = subscriptionOver();
  const ackIds = Array.from({ length: 2500 }, (_, index) => String(index));
  await subscription.ack(ackIds);
  assert.deepEqual(
    requests.map(request => request.ackIds?.length),
    [1000, 1000, 500],
  );
  assert.deepEqual(
    requests.flatMap(request => request.ackIds),
    ackIds,
  );
  await subscription.nack(['a']);
  await subscription.extend(['a'], 30);
  assert.deepEqual(requests.slice(3), [
    { subscription: 'projects/p/subscriptions/s', ackIds: ['a'], ackDeadlineSeconds: 0 },
    { subscription: 'projects/p/subscriptions/s', ackIds: ['a'], ackDeadlineSeconds: 30 },
  ]);
});

test('an ack that fails in one of its requests is told', async () => {
  const { subscription } = subscriptionOver(({ ackIds }) => ackIds?.includes('1500') && fail(14)());
  const ackIds = Array.from({ length: 2500 }, (_, index) => String(index));
  await assert.rejects(subscription.ack(ackIds), { code: 14 });
});

test('a pull that ran out of time or was cancelled found nothing; any other failure is told', async () => {
  for (const code of [1, 4]) assert.deepEqual(await subscriptionOver(fail(code)).subscription.pull(pullOne), []);
  for (const code of [5, 7, 14])
    await assert.rejects(subscriptionOver(fail(code)).subscription.pull(pullOne), { code });
});

test('times of Pub/Sub become microseconds, and a message without data or attributes is an empty one', async () => {
  const message = { messageId: '7', publishTime: { seconds: '1767323045', nanos: 123_456_789 } };
  const { subscription } = subscriptionOver(() => ({ receivedMessages: [{ ackId: 'a', message }] }));
  const [delivery] = await subscription.pull(pullOne);
  assert.deepEqual(delivery, {
    ...{ messageId: '7', ackId: 'a', data: new Uint8Array(), attributes: {} },
    ...{ publishedAt: 1_767_323_045_123_456, deliveryAttempt: 1 },
  });
});

test('a pull whose caller has given up already asks nothing', async () => {
  const { subscription, requests } = subscriptionOver();
  assert.deepEqual(await subscription.pull({ ...pullOne, signal: AbortSignal.abort() }), []);
  assert.deepEqual(requests, []);
});
