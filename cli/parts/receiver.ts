import { createReceiver, type Receiver } from '../../ingest/receive.ts';
import type { PartOptions } from './part.ts';

/** Where messages become records or dead letters, by push and by pull alike. */
export function createPartReceiver({ settings, stores, clock, telemetry, log }: PartOptions): Receiver {
  const { warehouse, deadLetters } = stores;
  const subscriptionName = settings.topic.names.subscription;
  return createReceiver({ warehouse, deadLetters, clock, telemetry, log, subscriptionName });
}
