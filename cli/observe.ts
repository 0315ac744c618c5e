import { messageOf } from '../base/errors.ts';
import type { DeadLetters } from '../records/dead-letters.ts';
import type { Replica } from '../records/replica/replica.ts';
import type { SqliteTopic } from '../records/sqlite/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Instruments } from '../telemetry/signals.ts';

const EXPIRE_EVERY_MS = 3_600_000;

/** Reads the gauge of the dead letters whenever metrics are collected. Call the answer to end it. */
export function observeDeadLetters(options: { deadLetters: DeadLetters; instruments: Instruments }): () => void {
  const { deadLetters, instruments } = options;
  let open = true;
  instruments.deadLettersWaiting.observe(async () => (open ? deadLetters.count() : undefined));
  return () => {
    open = false;
  };
}

/** Reads the gauges of the replica whenever metrics are collected; nothing until it is loaded. Call the answer to end it. */
export function observeReplica(options: { replica: Replica; instruments: Instruments }): () => void {
  const { replica, instruments } = options;
  let open = true;
  const loaded = () => open && Number.isFinite(replica.ageMs());
  instruments.replicaAge.observe(() => (loaded() ? replica.ageMs() / 1000 : undefined));
  instruments.replicaRecords.observe(() => (loaded() ? replica.capacity().records : undefined));
  return () => {
    open = false;
  };
}

/**
 * Reads the embedded topic's gauges whenever metrics are collected, and lets its retention do its work each hour: what Pub/Sub
 * does and reports by itself. Call the answer to end it.
 */
export function tendEmbeddedTopic(options: { topic: SqliteTopic; instruments: Instruments; log: Logger }): () => void {
  const { topic, instruments, log } = options;
  let open = true;
  const backlog = async () => (open ? topic.subscription.backlog() : undefined);
  instruments.backlogMessages.observe(async () => (await backlog())?.messages);
  instruments.oldestUnacked.observe(async () => (await backlog())?.oldestUnackedAgeSeconds);

  async function expire(): Promise<void> {
    try {
      const messages = await topic.expire();
      instruments.expired.add(messages);
      if (messages > 0) log.error({ messages }, 'Messages were dropped: they had waited longer than the retention');
    } catch (error) {
      log.error({ err: error }, `Old messages could not be dropped: ${messageOf(error)}`);
    }
  }
  void expire();
  const timer = setInterval(expire, EXPIRE_EVERY_MS).unref();
  return () => {
    open = false;
    clearInterval(timer);
  };
}
