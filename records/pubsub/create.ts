import { limits } from '../../base/limits.ts';
import { openPubSubClients, pubSubNames, subscriptionPath, topicPath } from './clients.ts';

const ALREADY_EXISTS = 6;
/** The emulator refuses more than a week; Google takes a month, which Terraform sets. */
const EMULATOR_RETENTION_DAYS = 7;

/**
 * Makes what `openPubSubTopic` needs where it is not there yet, on the emulator only: in the cloud Terraform does. The settings
 * are those of the cloud but for the retention.
 */
export async function createEmulatorTopic(options: {
  projectId: string;
  name?: string;
  ackDeadlineSeconds?: number;
  deliveryAttemptsMax?: number;
  backoffSecondsMin?: number;
  backoffSecondsMax?: number;
}): Promise<void> {
  const { projectId, name = 'data-ingestion', ackDeadlineSeconds = 60 } = options;
  const names = pubSubNames(name);
  const { publisher, subscriber, close } = await openPubSubClients(projectId);
  const topic = topicPath(projectId, name);
  const deadLetterTopic = topicPath(projectId, names.deadLetterTopic);
  const settings = {
    ackDeadlineSeconds,
    messageRetentionDuration: { seconds: EMULATOR_RETENTION_DAYS * 86_400 },
    expirationPolicy: {},
  };
  await unlessThere(publisher.createTopic({ name: topic }));
  await unlessThere(publisher.createTopic({ name: deadLetterTopic }));
  await unlessThere(
    subscriber.createSubscription({
      ...settings,
      name: subscriptionPath(projectId, names.subscription),
      topic,
      retryPolicy: {
        minimumBackoff: { seconds: options.backoffSecondsMin ?? limits.redelivery_backoff_seconds_min },
        maximumBackoff: { seconds: options.backoffSecondsMax ?? limits.redelivery_backoff_seconds_max },
      },
      deadLetterPolicy: {
        deadLetterTopic,
        maxDeliveryAttempts: options.deliveryAttemptsMax ?? limits.delivery_attempts_max,
      },
    }),
  );
  await unlessThere(
    subscriber.createSubscription({
      ...settings,
      name: subscriptionPath(projectId, names.deadLetterSubscription),
      topic: deadLetterTopic,
    }),
  );
  await close();
}

async function unlessThere(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
  }
}
