import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { inTransaction, openDatabase } from '../../base/sqlite/database.ts';
import { nowMicros } from '../../base/time.ts';
import { createBatcher } from '../batcher.ts';
import { recordErrors } from '../errors.ts';
import type { Message, Topic } from '../topic.ts';
import { topicNames } from '../topic-names.ts';
import { createSqliteSubscription, createWakeup, type SqliteSubscription } from './subscription.ts';
import { topicMigrations } from './topic-schema.ts';

/** The embedded topic: what `Topic` promises, and what only a queue in our own hands can do. */
export type SqliteTopic = Topic & {
  readonly subscription: SqliteSubscription;
  readonly deadLetterSubscription: SqliteSubscription;
  /** Drops what is older than the retention, as Pub/Sub does. Resolves with how many messages that were. */
  expire(): Promise<number>;
  /** Leaves nothing in the log of messages that were acknowledged. */
  truncateLog(): void;
};

/**
 * A durable queue in one SQLite file with Pub/Sub's semantics: at-least-once, ack deadlines, exponential back-off, delivery
 * attempts, a dead-letter subscription, retention. One process at a time: leases of an earlier one are void.
 */
export function createSqliteTopic({
  path,
  clock,
  ackDeadlineSeconds = 10,
  deliveryAttemptsMax = limits.delivery_attempts_max,
  backoffSecondsMin = limits.redelivery_backoff_seconds_min,
  backoffSecondsMax = limits.redelivery_backoff_seconds_max,
  messagesMax = limits.topic_messages_max,
}: {
  path: string;
  clock: Clock;
  ackDeadlineSeconds?: number;
  deliveryAttemptsMax?: number;
  backoffSecondsMin?: number;
  backoffSecondsMax?: number;
  messagesMax?: number;
}): SqliteTopic {
  const database = openDatabase({ path, migrations: topicMigrations });
  const wakeup = createWakeup();
  // Counted once, then kept: a count over a long backlog would cost every publish.
  const held = { messages: Number(database.prepare('SELECT count(*) AS messages FROM messages').get()?.messages) };
  const shared = { database, clock, wakeup, held, ackDeadlineSeconds, backoffSecondsMin, backoffSecondsMax };
  releaseLeases(database, clock);

  const insert = database.prepare(
    'INSERT INTO messages (data, attributes, ordering_key, published_at, due_at) VALUES (?, ?, ?, ?, ?)',
  );

  function insertAll(requests: readonly (readonly Message[])[]): string[][] {
    const publishedAt = nowMicros(clock);
    const added = requests.flat().length;
    if (held.messages + added > messagesMax) throw queueFull(held.messages, messagesMax);
    const ids = inTransaction(database, () =>
      requests.map(messages =>
        messages.map(({ data, attributes, orderingKey = null }) =>
          String(insert.run(data, JSON.stringify(attributes), orderingKey, publishedAt, clock.now()).lastInsertRowid),
        ),
      ),
    );
    held.messages += added;
    wakeup.wake();
    return ids;
  }

  return {
    name: topicNames.topic,
    publish: createBatcher({
      run: insertAll,
      weigh: messages => messages.length,
      unit: 'messages',
      batchWeightMax: limits.append_batch_events_max,
      waitingWeightMax: limits.append_queue_events_max,
    }),
    subscription: createSqliteSubscription({ ...shared, name: topicNames.subscription, dead: 0, deliveryAttemptsMax }),
    deadLetterSubscription: createSqliteSubscription({ ...shared, name: topicNames.deadLetterSubscription, dead: 1 }),
    async expire() {
      const before = nowMicros(clock) - limits.topic_retention_days * 86_400_000_000;
      const expired = Number(database.prepare('DELETE FROM messages WHERE published_at < ?').run(before).changes);
      held.messages -= expired;
      return expired;
    },
    truncateLog: () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    async close() {
      wakeup.wake();
      database.close();
    },
  };
}

/** The process that held them is gone, or there would be two on one file. */
function releaseLeases(database: DatabaseSync, clock: Clock): void {
  database.prepare('UPDATE messages SET lease_until = 0, due_at = ? WHERE lease_until > 0').run(clock.now());
}

function queueFull(waiting: number, messagesMax: number) {
  const detail = `The topic holds ${waiting} messages of at most ${messagesMax}: wait until ingest has caught up, then publish again`;
  return recordErrors.error('queue_full', detail);
}
