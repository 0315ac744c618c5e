import { limits } from '../../base/limits.ts';
import { recordErrors } from '../errors.ts';
import { type TopicNames, topicNames } from '../topic-names.ts';
import { openPubSubClients } from './clients.ts';
import { ACK_DEADLINE_SECONDS, subscriptionPath, topicPath } from './names.ts';

const ALREADY_EXISTS = 6;
const UNREACHABLE = new Set([4, 14]);
const CALL = { timeout: 10_000, retry: null };
/** The emulator refuses more than a week; Google takes a month, which Terraform sets. */
const EMULATOR_RETENTION_DAYS = 7;

/**
 * Makes what `openPubSubTopic` needs where it is not there yet, on the emulator only: in the cloud Terraform does. The settings
 * are those of the cloud but for the retention. Throws `topic_unreachable`.
 */
export async function createEmulatorTopic(options: {
  projectId: string;
  names?: TopicNames;
  /** Where the subscription pushes to; it is pulled where absent. */
  pushEndpoint?: string;
  ackDeadlineSeconds?: number;
  deliveryAttemptsMax?: number;
  backoffSecondsMin?: number;
  backoffSecondsMax?: number;
}): Promise<void> {
  const { projectId, names = topicNames, ackDeadlineSeconds = ACK_DEADLINE_SECONDS } = options;
  const { publisher, subscriber, close } = await openPubSubClients(projectId);
  const topic = topicPath(projectId, names.topic);
  const deadLetterTopic = topicPath(projectId, names.deadLetterTopic);
  const settings = {
    ackDeadlineSeconds,
    messageRetentionDuration: { seconds: EMULATOR_RETENTION_DAYS * 86_400 },
    expirationPolicy: {},
  };
  try {
    await unlessThere(publisher.createTopic({ name: topic }, CALL));
    await unlessThere(publisher.createTopic({ name: deadLetterTopic }, CALL));
    await unlessThere(
      subscriber.createSubscription(
        {
          ...settings,
          name: subscriptionPath(projectId, names.subscription),
          topic,
          ...(options.pushEndpoint && { pushConfig: { pushEndpoint: options.pushEndpoint } }),
          retryPolicy: {
            minimumBackoff: { seconds: options.backoffSecondsMin ?? limits.redelivery_backoff_seconds_min },
            maximumBackoff: { seconds: options.backoffSecondsMax ?? limits.redelivery_backoff_seconds_max },
          },
          deadLetterPolicy: {
            deadLetterTopic,
            maxDeliveryAttempts: options.deliveryAttemptsMax ?? limits.delivery_attempts_max,
          },
        },
        CALL,
      ),
    );
    await unlessThere(
      subscriber.createSubscription(
        {
          ...settings,
          name: subscriptionPath(projectId, names.deadLetterSubscription),
          topic: deadLetterTopic,
        },
        CALL,
      ),
    );
  } finally {
    await close();
  }
}

async function unlessThere(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    const { code = 0 } = error as { code?: number };
    if (code === ALREADY_EXISTS) return;
    if (!UNREACHABLE.has(code)) throw error;
    const detail = `No Pub/Sub emulator answers at ${process.env.PUBSUB_EMULATOR_HOST}, which PUBSUB_EMULATOR_HOST names: start it with \`gcloud beta emulators pubsub start\``;
    throw recordErrors.error('topic_unreachable', detail, { cause: error });
  }
}
