import type { protos, v1 } from '@google-cloud/pubsub';
import type { Delivery, Subscription } from '../topic.ts';
import { subscriptionPath } from './names.ts';

/** Google refuses a request with more than 512 KiB, and its ack ids have about 200 bytes. */
const ACK_IDS_MAX = 1000;
/** A pull is given this long at the least: one that asks for what is there already still has to travel. */
const PULL_MS_MIN = 1000;
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

/**
 * A subscription of Pub/Sub, pulled request by request: what is on lease is then exactly what the puller holds, which keeps the
 * leases and the limits in one place (ingest/pull.ts) for every topic. Redelivery, back-off and attempts are Pub/Sub's own.
 */
export function createPubSubSubscription(options: {
  client: Pick<v1.SubscriberClient, 'pull' | 'acknowledge' | 'modifyAckDeadline'>;
  projectId: string;
  name: string;
  ackDeadlineSeconds: number;
}): Subscription {
  const { client, name, ackDeadlineSeconds } = options;
  const subscription = subscriptionPath(options.projectId, name);

  /** Sends ack ids in requests of a size that Google takes. Rejects where one failed: those messages come again. */
  async function inRequests(ackIds: readonly string[], send: (ackIds: string[]) => Promise<unknown>): Promise<void> {
    const requests = Array.from({ length: Math.ceil(ackIds.length / ACK_IDS_MAX) }, (_, index) =>
      send(ackIds.slice(index * ACK_IDS_MAX, (index + 1) * ACK_IDS_MAX)),
    );
    await Promise.all(requests);
  }

  const setDeadline = (ackIds: readonly string[], ackDeadlineSeconds: number) =>
    inRequests(ackIds, each => client.modifyAckDeadline({ subscription, ackIds: each, ackDeadlineSeconds }));

  return {
    name,
    ackDeadlineSeconds,
    async pull({ messagesMax, waitMs, signal }) {
      if (signal?.aborted) return [];
      const timeout = Math.max(waitMs, PULL_MS_MIN);
      // Once only: the library's own retries would go on beyond the wait.
      const call = { timeout, retry: null, ...(signal && { signal }) };
      try {
        const [{ receivedMessages }] = await client.pull({ subscription, maxMessages: messagesMax }, call);
        return (receivedMessages ?? []).map(toDelivery);
      } catch (error) {
        if (isEndOfWait(error)) return [];
        throw error;
      }
    },
    ack: ackIds => inRequests(ackIds, each => client.acknowledge({ subscription, ackIds: each })),
    nack: ackIds => setDeadline(ackIds, 0),
    extend: (ackIds, seconds) => setDeadline(ackIds, seconds),
  };
}

function isEndOfWait(error: unknown): boolean {
  const { code } = error as { code?: number };
  return code === CANCELLED || code === DEADLINE_EXCEEDED;
}

function toDelivery({ ackId, message, deliveryAttempt }: protos.google.pubsub.v1.IReceivedMessage): Delivery {
  const { seconds, nanos } = message?.publishTime ?? {};
  return {
    messageId: message?.messageId ?? '',
    ackId: ackId ?? '',
    data: typeof message?.data === 'string' ? Buffer.from(message.data, 'base64') : (message?.data ?? new Uint8Array()),
    attributes: message?.attributes ?? {},
    publishedAt: Number(seconds ?? 0) * 1_000_000 + Math.floor((nanos ?? 0) / 1000),
    // 0 where the subscription has no dead-letter policy.
    deliveryAttempt: deliveryAttempt || 1,
    ...(message?.orderingKey && { orderingKey: message.orderingKey }),
  };
}
