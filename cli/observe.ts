import { messageOf } from '../base/errors.ts';
import type { DeadLetters } from '../records/dead-letters.ts';
import type { SqliteTopic } from '../records/sqlite/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Instruments } from '../telemetry/signals.ts';

const EXPIRE_EVERY_MS = 3_600_000;

/** Reads the stores' gauges whenever metrics are collected, and lets the topic's retention do its work each hour. Call the answer to end it. */
export function observeStores(options: {
  topic: SqliteTopic;
  deadLetters: DeadLetters;
  instruments: Instruments;
  log: Logger;
}): () => void {
  const { topic, deadLetters, instruments, log } = options;
  let open = true;
  const whileOpen = (read: () => Promise<number>) => async () => (open ? read() : undefined);
  const backlog = () => topic.subscription.backlog();
  instruments.backlogMessages.observe(whileOpen(async () => (await backlog()).messages));
  instruments.oldestUnacked.observe(whileOpen(async () => (await backlog()).oldestUnackedAgeSeconds));
  instruments.deadLettersWaiting.observe(whileOpen(() => deadLetters.count()));

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
