import { setTimeout as sleep } from 'node:timers/promises';
import { PubSub } from '@google-cloud/pubsub';
import { systemClock } from '../base/clock.ts';
import { startPullWorker } from '../ingest/pull-worker.ts';
import { createReceiver } from '../ingest/receive.ts';
import type { DeadLetters } from '../records/dead-letters.ts';
import { generateRecords } from '../records/generate.ts';
import type { Subscription, Topic } from '../records/topic.ts';
import { topicNames } from '../records/topic-names.ts';
import type { Warehouse } from '../records/warehouse.ts';
import { createLogger } from '../telemetry/log.ts';
import { startTelemetry } from '../telemetry/start.ts';

const REQUEST_MESSAGES = 500;
const REQUESTS_AT_ONCE = 4;
const log = createLogger({ service: 'bench', level: 'error' });

/** Publishes so many valid records. */
export async function fillTopic(topic: Topic, count: number): Promise<void> {
  const records = generateRecords({ seed: 1, now: Date.now() });
  for (let left = count; left > 0; left -= REQUEST_MESSAGES) {
    const messages = Array.from({ length: Math.min(left, REQUEST_MESSAGES) }, () => ({
      data: Buffer.from(records.next().value.text),
      attributes: {},
    }));
    await topic.publish(messages);
  }
}

/** Messages a second that Google's own subscriber takes, as it is set up by default, which does nothing but ack. */
export async function drainByClient({ projectId, count }: { projectId: string; count: number }): Promise<number> {
  const pubsub = new PubSub({ projectId });
  const subscription = pubsub.subscription(topicNames.subscription);
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    let taken = 0;
    subscription.on('error', reject);
    subscription.on('message', message => {
      message.ack();
      taken += 1;
      if (taken === count) resolve();
    });
  });
  const perSecond = (count / (performance.now() - startedAt)) * 1000;
  await subscription.close();
  await pubsub.close();
  return perSecond;
}

/** Messages a second that pulls take, as many at once as ingest has batches, which do nothing but ack. */
export async function drainByPulls(subscription: Subscription, count: number): Promise<number> {
  let taken = 0;
  const startedAt = performance.now();
  async function pull(): Promise<void> {
    while (taken < count) {
      const deliveries = await subscription.pull({ messagesMax: REQUEST_MESSAGES, waitMs: 100 });
      taken += deliveries.length;
      await subscription.ack(deliveries.map(({ ackId }) => ackId));
    }
  }
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, pull));
  return (count / (performance.now() - startedAt)) * 1000;
}

/** Messages a second that ingest takes: validated, traced, measured, committed and then acked. */
export async function drainByIngest(options: {
  subscription: Subscription;
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  count: number;
}): Promise<number> {
  const { subscription, warehouse, deadLetters, count } = options;
  const telemetry = await startTelemetry({ service: 'bench' });
  let acked = 0;
  const counting: Subscription = {
    ...subscription,
    async ack(ackIds) {
      await subscription.ack(ackIds);
      acked += ackIds.length;
    },
  };
  const receiver = createReceiver({
    ...{ warehouse, deadLetters, clock: systemClock, telemetry, log },
    subscriptionName: topicNames.subscription,
  });
  const startedAt = performance.now();
  const worker = startPullWorker({ subscription: counting, receiver, log });
  while (acked < count) await sleep(1);
  const perSecond = (acked / (performance.now() - startedAt)) * 1000;
  await worker.stop();
  await telemetry.shutdown();
  return perSecond;
}
