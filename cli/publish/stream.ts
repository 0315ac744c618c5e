import { limits } from '../../base/limits.ts';
import type { Publisher } from '../../records/topic.ts';
import { forEachInFlight } from '../in-flight.ts';
import type { Retry } from '../retry.ts';
import { createPace } from './pace.ts';
import type { Outgoing } from './source.ts';

const REQUESTS_IN_FLIGHT_MAX = 4;
// A paced stream is cut into this many requests a second, so that it is even.
const PACED_REQUESTS_PER_SECOND = 20;

/**
 * Publishes groups of messages in requests within the limits, a few at once. Resolves when all were accepted, or, after an
 * abort, what was under way. Rejects with the first failure once nothing is under way any more.
 *
 * @param perSecond messages a second; as fast as they are taken where it is left out
 * @param onAccepted called for each request that was accepted, with its messages
 */
export async function publishStream(options: {
  groups: AsyncIterable<Outgoing[]>;
  publisher: Publisher;
  retry: Retry;
  signal: AbortSignal;
  perSecond?: number | undefined;
  onAccepted(batch: readonly Outgoing[]): void;
}): Promise<void> {
  const { groups, publisher, retry, signal, perSecond, onAccepted } = options;
  const pace = perSecond === undefined ? undefined : createPace({ perSecond, signal });
  const pacedMessages = Math.ceil((perSecond ?? Number.POSITIVE_INFINITY) / PACED_REQUESTS_PER_SECOND);
  const messagesMax = Math.min(pacedMessages, limits.publish_messages_max);

  async function* batchesWhenDue(): AsyncGenerator<Outgoing[]> {
    try {
      for await (const group of groups) {
        for (const batch of splitGroup(group, { messagesMax, bytesMax: limits.publish_batch_bytes_max })) {
          await pace?.(batch.length);
          if (signal.aborted) return;
          yield batch;
        }
      }
    } catch (error) {
      // An abort also ends the stream that the groups come from.
      if (!signal.aborted) throw error;
    }
  }
  await forEachInFlight(batchesWhenDue(), { tasksMax: REQUESTS_IN_FLIGHT_MAX }, async batch => {
    const messages = batch.map(({ data, orderingKey }) => ({
      ...{ data, attributes: {} },
      ...(orderingKey !== undefined && { orderingKey }),
    }));
    await retry(() => publisher.publish(messages));
    onAccepted(batch);
  });
}

function* splitGroup(
  group: readonly Outgoing[],
  { messagesMax, bytesMax }: { messagesMax: number; bytesMax: number },
): Generator<Outgoing[]> {
  let batch: Outgoing[] = [];
  let bytes = 0;
  for (const message of group) {
    if (batch.length > 0 && (batch.length === messagesMax || bytes + message.data.length > bytesMax)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += message.data.length;
  }
  if (batch.length > 0) yield batch;
}
