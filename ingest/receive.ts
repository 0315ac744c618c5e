import type { Span } from '@opentelemetry/api';
import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { nowMicros } from '../base/time.ts';
import { within } from '../base/within.ts';
import type { DeadLetter, DeadLetters } from '../records/dead-letters.ts';
import type { PublishedMessage } from '../records/topic.ts';
import type { RecordEvent, Warehouse } from '../records/warehouse.ts';
import type { Logger } from '../telemetry/log.ts';
import { endSpan, startProcessSpan, traceparentOf } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { createAppend } from './append.ts';
import { type Decoded, decodeMessage, toDeadLetter } from './decode.ts';
import { ingestErrors } from './errors.ts';

type Delivered = 'push' | 'pull';

/** A message on its way: what it is, and the span that ends when it is durable. */
type Receipt = { message: PublishedMessage; span: Span; decoded: Decoded };

/** Where messages become records or dead letters. */
export type Receiver = {
  /** Resolves once each message is durable as one or the other. Rejects where a store did not answer: deliver them all again. */
  receive(messages: readonly PublishedMessage[], delivery: Delivered): Promise<void>;
  /** Resolves once the dead letter is durable, for a delivery that holds no message to decode. */
  refuse(deadLetter: DeadLetter, delivery: Delivered): Promise<void>;
};

/**
 * Makes a receiver that appends the valid messages of a batch and keeps the others as dead letters, at the same time. A row
 * that the warehouse refuses becomes a dead letter too, and the rest of its batch is stored.
 */
export function createReceiver({
  warehouse,
  deadLetters,
  clock,
  telemetry,
  log,
  subscriptionName,
  appendTimeoutMs = limits.receive_answer_ms_max,
}: {
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  clock: Clock;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
  log: Pick<Logger, 'warn'>;
  subscriptionName: string;
  appendTimeoutMs?: number;
}): Receiver {
  const { tracer, instruments } = telemetry;
  const append = createAppend({ warehouse, telemetry, timeoutMs: appendTimeoutMs });

  const startSpan = (message: Pick<PublishedMessage, 'messageId' | 'attributes'>) =>
    startProcessSpan({ tracer, subscriptionName, message });

  async function addDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const added = await within(appendTimeoutMs, () => deadLetters.add(letters), silentDeadLetters(appendTimeoutMs));
    if (added.length === 0) return;
    for (const { reason } of added) instruments.deadLettered.add(1, { reason });
    const reasons = Object.groupBy(added, ({ reason }) => reason);
    const counts = Object.fromEntries(Object.entries(reasons).map(([reason, { length }]) => [reason, length]));
    log.warn({ reasons: counts, messageId: added[0]?.messageId }, `${added.length} messages became dead letters`);
  }

  /** Resolves with the dead letters of the rows that were refused, and those are durable too. */
  async function appendEvents(receipts: readonly (Receipt & { event: RecordEvent })[]): Promise<DeadLetter[]> {
    if (receipts.length === 0) return [];
    const errors = await append(
      receipts.map(({ event }) => event),
      receipts.map(({ span }) => span),
    );
    const refusedAt = nowMicros(clock);
    const letters = errors.flatMap(({ index, reason }) => {
      const receipt = receipts[index];
      if (!receipt) return [];
      const detail = `The warehouse refused the row: ${reason}`;
      return toDeadLetter(receipt.message, {
        reason: 'row_refused',
        detail,
        refusedAt,
        recordId: receipt.event.record.id,
      });
    });
    const storedAt = nowMicros(clock);
    const refused = new Set(errors.map(({ index }) => index));
    for (const [index, { message }] of receipts.entries()) {
      if (!refused.has(index)) instruments.publishToCommit.record(Math.max(0, storedAt - message.publishedAt) / 1e6);
    }
    await addDeadLetters(letters);
    return letters;
  }

  async function settle(receipts: readonly Receipt[], delivery: Delivered): Promise<void> {
    const valid = receipts.flatMap(receipt => ('event' in receipt.decoded ? { ...receipt, ...receipt.decoded } : []));
    const invalid = receipts.flatMap(({ decoded }) => ('deadLetter' in decoded ? decoded.deadLetter : []));
    // Both are waited for, so that nothing of a batch is under way when it is said to have failed.
    const [appended, added] = await Promise.allSettled([appendEvents(valid), addDeadLetters(invalid)]);
    const rejected = [appended, added].find(result => result.status === 'rejected');
    for (const { span } of receipts) endSpan(span, rejected?.reason);
    if (rejected) {
      instruments.messages.add(receipts.length, { delivery, outcome: 'failed' });
      throw rejected.reason;
    }
    const deadLettered = invalid.length + (appended.status === 'fulfilled' ? appended.value.length : 0);
    const stored = receipts.length - deadLettered;
    if (stored > 0) instruments.messages.add(stored, { delivery, outcome: 'stored' });
    if (deadLettered > 0) instruments.messages.add(deadLettered, { delivery, outcome: 'dead_lettered' });
  }

  return {
    async receive(messages, delivery) {
      const now = nowMicros(clock);
      const receipts = messages.map(message => {
        const span = startSpan(message);
        return { message, span, decoded: decodeMessage(message, { now, traceparent: traceparentOf(span) }) };
      });
      await settle(receipts, delivery);
    },
    async refuse(deadLetter, delivery) {
      await settle(
        [{ message: deadLetter, span: startSpan(deadLetter), decoded: { deadLetter, problems: [] } }],
        delivery,
      );
    },
  };
}

function silentDeadLetters(timeoutMs: number) {
  return () =>
    ingestErrors.error(
      'store_silent',
      `The dead-letter store has not answered for ${timeoutMs / 1000} s: send it again`,
    );
}
