import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { type Micros, nowMicros, parseRfc3339 } from '../base/time.ts';
import { within } from '../base/within.ts';
import type { DeadLetter, DeadLetters } from '../records/dead-letters.ts';
import type { PublishedMessage, Subscription } from '../records/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { findRecordId, toDeadLetter } from './decode.ts';
import { ingestErrors } from './errors.ts';
import { type Pulling, type PullSettings, startPulling } from './pull.ts';

/**
 * Keeps what the subscription gave up on as dead letters, from the subscription of its dead-letter topic. They are most
 * likely good messages that met a long outage, to be replayed unchanged when it is over.
 */
export function startDeadLetterDrain({
  subscription,
  deadLetters,
  clock,
  telemetry,
  log,
  ...settings
}: {
  subscription: Subscription;
  deadLetters: DeadLetters;
  clock: Clock;
  telemetry: Pick<Telemetry, 'instruments'>;
  log: Pick<Logger, 'warn' | 'info'>;
} & PullSettings): Pulling {
  const timeoutMs = limits.receive_answer_ms_max;
  const silent = () =>
    ingestErrors.error('store_silent', `The dead-letter store has not answered for ${timeoutMs / 1000} s`);

  return startPulling({
    ...settings,
    subscription,
    log,
    async handle(deliveries) {
      const refusedAt = nowMicros(clock);
      const letters = deliveries.map(delivery => toExhausted(delivery, refusedAt));
      const added = await within(timeoutMs, () => deadLetters.add(letters), silent);
      if (added.length === 0) return;
      telemetry.instruments.deadLettered.add(added.length, { reason: 'attempts_exhausted' });
      log.warn({ messages: added.length, messageId: added[0]?.messageId }, 'Messages ran out of delivery attempts');
    },
  });
}

/** Pub/Sub publishes a message anew to the dead-letter topic; what it was before stands in these attributes, but for its id. */
const ADDED = 'CloudPubSubDeadLetterSource';
const ATTEMPTS = `${ADDED}DeliveryCount`;
const PUBLISHED_AT = `${ADDED}TopicPublishTime`;

function toExhausted(message: PublishedMessage, refusedAt: Micros): DeadLetter {
  const attempts = message.attributes[ATTEMPTS];
  const publishedAt = parseRfc3339(message.attributes[PUBLISHED_AT] ?? '') ?? message.publishedAt;
  const after = attempts === undefined ? 'its maximum of delivery attempts' : `${attempts} delivery attempts`;
  const detail = `The subscription gave up after ${after}: replay it once the cause is gone`;
  const recordId = findRecordId(message.data);
  const source = { ...message, publishedAt, messageId: sourceIdOf(message) };
  return toDeadLetter(source, { reason: 'attempts_exhausted', detail, refusedAt, recordId });
}

/**
 * One message may be forwarded several times, each time under a new id: what it was before tells that they are one. Where
 * nothing was added (the embedded topic) the id is the message's own.
 */
function sourceIdOf({ messageId, attributes, orderingKey = '', data }: PublishedMessage): string {
  const publishedAt = attributes[PUBLISHED_AT];
  if (publishedAt === undefined) return messageId;
  const own = Object.entries(attributes).filter(([name]) => !name.startsWith(ADDED));
  const before = JSON.stringify([publishedAt, orderingKey, own.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return `exhausted-${createHash('sha256').update(before).update(data).digest('hex')}`;
}
