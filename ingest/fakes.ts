import { metrics, trace } from '@opentelemetry/api';
import { createManualClock } from '../base/clock.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';
import type { Delivery, PublishedMessage, Subscription } from '../records/topic.ts';
import { createLogger } from '../telemetry/log.ts';
import { createInstruments } from '../telemetry/signals.ts';
import { createReceiver } from './receive.ts';

/** 2026-01-02T03:04:05Z, in microseconds. */
export const NOW = Date.parse('2026-01-02T03:04:05Z') * 1000;

/** A log that nobody reads. */
export const quietLog = createLogger({ service: 'test', level: 'silent' });

/** Spans and metrics that go nowhere. */
export const noTelemetry = {
  tracer: trace.getTracer('test'),
  instruments: createInstruments(metrics.getMeter('test')),
};

/** A message published a second ago with `content` as its data: text as it is, anything else as JSON. */
export function message(messageId: string, content: unknown, publishedAt: number = NOW - 1_000_000): PublishedMessage {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { messageId, data: Buffer.from(text), attributes: {}, publishedAt };
}

/** Real stores in memory, the receiver over them, and a look at what they hold. */
export function createBench({
  wrapWarehouse = w => w,
}: {
  wrapWarehouse?: (warehouse: Stores['warehouse']) => Stores['warehouse'];
} = {}) {
  const clock = createManualClock(NOW / 1000);
  const file = openWarehouseFile({ path: ':memory:', clock });
  const warehouse = wrapWarehouse(file.warehouse);
  const options = { warehouse, deadLetters: file.deadLetters, clock, telemetry: noTelemetry, log: quietLog };
  return {
    ...{ ...file, warehouse, clock },
    receiver: createReceiver({ ...options, subscriptionName: 'test-subscription', appendTimeoutMs: 1000 }),
    records: () => file.reader.page({ limit: 1000, offset: 0 }),
    letters: async () => (await file.deadLetters.list({ limit: 1000, replayed: true })).letters,
  };
}

type Stores = ReturnType<typeof openWarehouseFile>;

/** A subscription that gives what is put in, once, and writes down what it is asked. */
export function createFakeSubscription(batches: PublishedMessage[][], ackDeadlineSeconds = 10) {
  const calls: string[] = [];
  const waiting = batches.map(batch =>
    batch.map((published): Delivery => ({ ...published, ackId: `ack-${published.messageId}`, deliveryAttempt: 1 })),
  );
  const subscription: Subscription = {
    name: 'fake',
    ackDeadlineSeconds,
    async pull({ signal }) {
      calls.push('pull');
      const batch = waiting.shift();
      if (batch) return batch;
      await new Promise(resolve => signal?.addEventListener('abort', resolve));
      return [];
    },
    async ack(ackIds) {
      calls.push(`ack ${ackIds}`);
    },
    async nack(ackIds) {
      calls.push(`nack ${ackIds}`);
    },
    async extend(ackIds, seconds) {
      calls.push(`extend ${ackIds} ${seconds}`);
    },
  };
  return { subscription, calls, add: (batch: Delivery[]) => waiting.push(batch) };
}

/** Resolves when `isSo` is, looking every millisecond; rejects after ten seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks > 10_000) throw new Error(`It never came to be: ${isSo}`);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}
