import { startDeadLetterDrain } from '../../ingest/dead-letter-drain.ts';
import type { Pulling } from '../../ingest/pull.ts';
import type { Topic } from '../../records/topic.ts';
import type { PartOptions } from './part.ts';

/** Keeps what the subscription gave up on, whether it pushes or is pulled. */
export function startDrain({ stores, topic, clock, telemetry, log }: PartOptions & { topic: Topic }): Pulling {
  const { deadLetters } = stores;
  return startDeadLetterDrain({ subscription: topic.deadLetterSubscription, deadLetters, clock, telemetry, log });
}
