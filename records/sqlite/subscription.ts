import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { inTransaction } from '../../base/sqlite/database.ts';
import type { Delivery, Subscription } from '../topic.ts';

/** What only a queue in our own hands can tell; Pub/Sub reports it to Cloud Monitoring. */
export type SqliteSubscription = Subscription & {
  backlog(): Promise<{ messages: number; oldestUnackedAgeSeconds: number }>;
};

export type SubscriptionSettings = {
  name: string;
  ackDeadlineSeconds: number;
  /** Beyond it a message goes to the dead-letter subscription; `undefined` for that subscription itself, which never gives up. */
  deliveryAttemptsMax?: number;
  backoffSecondsMin: number;
  backoffSecondsMax: number;
};

/** What the topic and its subscriptions tell each other. */
export type Wakeup = { wake(): void; wait(ms: number, signal?: AbortSignal): Promise<void> };

/** Doubles from the least to the most: 10 s, 20 s, 40 s, … 600 s. */
function backoffMs(attempts: number, { backoffSecondsMin, backoffSecondsMax }: SubscriptionSettings): number {
  return Math.min(backoffSecondsMax, backoffSecondsMin * 2 ** Math.min(attempts - 1, 30)) * 1000;
}

/**
 * A subscription over the topic's table. Leases and attempts are durable when `pull` answers, so that a process that dies
 * over one message again and again runs out of attempts for it.
 */
export function createSqliteSubscription(
  options: {
    database: DatabaseSync;
    clock: Clock;
    dead: 0 | 1;
    wakeup: Wakeup;
    /** How many messages the topic holds, kept by all who add and remove. */
    held: { messages: number };
  } & SubscriptionSettings,
): SqliteSubscription {
  const { database, clock, dead, wakeup, held, ackDeadlineSeconds } = options;
  const due = database.prepare(
    `SELECT * FROM messages WHERE dead = ${dead} AND due_at <= ? ORDER BY due_at, seq LIMIT ?`,
  );
  const nextDue = database.prepare(`SELECT min(due_at) AS due_at FROM messages WHERE dead = ${dead}`);
  const lease = database.prepare(
    'UPDATE messages SET attempts = attempts + 1, lease_until = ?, due_at = ? WHERE seq = ?',
  );
  // The attribute in which Pub/Sub hands over the number of attempts.
  const bury = database.prepare(`
    UPDATE messages SET dead = 1, attempts = 0, due_at = ?, lease_until = 0,
      attributes = json_set(attributes, '$.CloudPubSubDeadLetterSourceDeliveryCount', CAST(attempts AS TEXT))
    WHERE seq = ?`);
  const remove = database.prepare('DELETE FROM messages WHERE seq = ? AND attempts = ? AND lease_until >= ?');
  const postpone = database.prepare(
    'UPDATE messages SET lease_until = ?, due_at = ? WHERE seq = ? AND attempts = ? AND lease_until >= ?',
  );
  const counts = database.prepare(
    `SELECT count(*) AS messages, min(published_at) AS oldest FROM messages WHERE dead = ${dead}`,
  );

  function takeDue(messagesMax: number): Delivery[] {
    const now = clock.now();
    const rows = due.all(now, messagesMax);
    if (rows.length === 0) return [];
    return inTransaction(database, () => rows.flatMap(row => leaseOne(row, now)));
  }

  function leaseOne(row: Readonly<Record<string, SQLOutputValue>>, now: number): Delivery[] {
    const seq = row.seq as number;
    const attempt = (row.attempts as number) + 1;
    if (attempt > (options.deliveryAttemptsMax ?? Number.POSITIVE_INFINITY)) {
      bury.run(now, seq);
      wakeup.wake();
      return [];
    }
    const leaseUntil = now + ackDeadlineSeconds * 1000;
    lease.run(leaseUntil, leaseUntil + backoffMs(attempt, options), seq);
    return [toDelivery(row, attempt)];
  }

  /** Ends or moves leases that still count, all in one commit. */
  function onLeases(ackIds: readonly string[], change: (seq: number, attempt: number, now: number) => void): void {
    if (ackIds.length === 0) return;
    const now = clock.now();
    inTransaction(database, () => {
      for (const ackId of ackIds) {
        const [seq, attempt] = ackId.split('.').map(Number);
        change(seq as number, attempt as number, now);
      }
    });
  }

  return {
    name: options.name,
    ackDeadlineSeconds,
    async pull({ messagesMax, waitMs, signal }) {
      const until = clock.now() + waitMs;
      for (;;) {
        const deliveries = takeDue(messagesMax);
        const leftMs = until - clock.now();
        if (deliveries.length > 0 || leftMs <= 0 || signal?.aborted) return deliveries;
        const dueInMs = ((nextDue.get()?.due_at as number | null) ?? Number.POSITIVE_INFINITY) - clock.now();
        await wakeup.wait(Math.max(1, Math.min(leftMs, dueInMs)), signal);
      }
    },
    async ack(ackIds) {
      onLeases(ackIds, (seq, attempt, now) => {
        held.messages -= Number(remove.run(seq, attempt, now).changes);
      });
    },
    async nack(ackIds) {
      onLeases(ackIds, (seq, attempt, now) => postpone.run(0, now + backoffMs(attempt, options), seq, attempt, now));
      wakeup.wake();
    },
    async extend(ackIds, seconds) {
      onLeases(ackIds, (seq, attempt, now) => {
        const leaseUntil = now + seconds * 1000;
        postpone.run(leaseUntil, leaseUntil + backoffMs(attempt, options), seq, attempt, now);
      });
    },
    async backlog() {
      const { messages, oldest } = counts.get() as { messages: number; oldest: number | null };
      return {
        messages,
        oldestUnackedAgeSeconds: oldest === null ? 0 : Math.max(0, clock.now() - oldest / 1000) / 1000,
      };
    },
  };
}

function toDelivery(row: Readonly<Record<string, SQLOutputValue>>, attempt: number): Delivery {
  return {
    messageId: String(row.seq),
    ackId: `${row.seq}.${attempt}`,
    data: row.data as Uint8Array,
    attributes: JSON.parse(row.attributes as string),
    publishedAt: row.published_at as number,
    deliveryAttempt: attempt,
    ...(row.ordering_key !== null && { orderingKey: row.ordering_key as string }),
  };
}

/** Lets a waiting pull sleep until something is published, a time has passed, or its caller gives up. */
export function createWakeup(): Wakeup {
  let sleepers = new AbortController();
  return {
    wake() {
      sleepers.abort();
      sleepers = new AbortController();
    },
    async wait(ms, signal) {
      const signals = [sleepers.signal, ...(signal ? [signal] : [])];
      await sleep(Math.min(ms, 2 ** 31 - 1), undefined, { signal: AbortSignal.any(signals) }).catch(() => {});
    },
  };
}
