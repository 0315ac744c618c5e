import { limits } from '../../base/limits.ts';
import { recordErrors } from '../errors.ts';
import type { Message, Topic } from '../topic.ts';
import { type TopicNames, topicNames } from '../topic-names.ts';
import { openPubSubClients } from './clients.ts';
import { ACK_DEADLINE_SECONDS, topicPath } from './names.ts';
import { createPubSubSubscription } from './subscription.ts';

/**
 * A topic of Pub/Sub with its subscription and its dead-letter subscription, which must be there. A publish resolves when
 * Pub/Sub has answered with the ids. The messages not answered yet are limited: beyond it a publish is refused with
 * `queue_full`.
 *
 * @param options.ackDeadlineSeconds that of the subscriptions: leases are extended by it
 */
export async function openPubSubTopic(options: {
  projectId: string;
  names?: TopicNames;
  ackDeadlineSeconds?: number;
}): Promise<Topic> {
  const { projectId, names = topicNames, ackDeadlineSeconds = ACK_DEADLINE_SECONDS } = options;
  const { publisher, subscriber, close } = await openPubSubClients(projectId);
  const topic = topicPath(projectId, names.topic);
  const subscribe = (subscription: string) =>
    createPubSubSubscription({ client: subscriber, projectId, name: subscription, ackDeadlineSeconds });
  let unanswered = 0;

  async function publishOfOneKey(messages: readonly Message[]): Promise<string[]> {
    const sent = messages.map(({ data, attributes, orderingKey }) => ({
      data,
      attributes: { ...attributes },
      ...(orderingKey !== undefined && { orderingKey }),
    }));
    const [{ messageIds }] = await publisher.publish({ topic, messages: sent });
    return messageIds ?? [];
  }

  return {
    name: names.topic,
    async publish(messages) {
      if (unanswered + messages.length > limits.publish_unanswered_messages_max) throw queueFull(unanswered);
      unanswered += messages.length;
      try {
        // The messages of one request must share their ordering key.
        const groups = [...Map.groupBy(messages.keys(), index => messages[index]?.orderingKey).values()];
        const ids: string[] = [];
        const publishing = groups.map(async indexes => {
          const answered = await publishOfOneKey(indexes.map(index => messages[index] as Message));
          indexes.forEach((index, n) => {
            ids[index] = answered[n] ?? '';
          });
        });
        await Promise.all(publishing);
        return ids;
      } finally {
        unanswered -= messages.length;
      }
    },
    subscription: subscribe(names.subscription),
    deadLetterSubscription: subscribe(names.deadLetterSubscription),
    close,
  };
}

function queueFull(unanswered: number) {
  const detail = `${unanswered} messages of at most ${limits.publish_unanswered_messages_max} wait for Pub/Sub's answer: publish again in a second`;
  return recordErrors.error('queue_full', detail);
}
