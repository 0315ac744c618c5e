import { listen } from '../../base/http/server.ts';
import { limits } from '../../base/limits.ts';
import { startPullWorker } from '../../ingest/pull-worker.ts';
import type { SqliteTopic } from '../../records/sqlite/topic.ts';
import type { Topic } from '../../records/topic.ts';
import { createHealthHandler } from '../health.ts';
import { tendEmbeddedTopic } from '../observe.ts';
import { addressOf } from './address.ts';
import { startDrain } from './drain.ts';
import type { Part, PartOptions } from './part.ts';
import { createPartReceiver } from './receiver.ts';

/** The pull worker, and the drain of what the subscription gave up on. Alone it answers for its health. */
export async function startWorker(options: PartOptions & { topic: Topic; embedded?: SqliteTopic }): Promise<Part> {
  const { settings, topic, embedded, telemetry, log, isOpen, only } = options;
  const receiver = createPartReceiver(options);
  const listening =
    only &&
    (await listen({ ...addressOf('worker', settings, only), handler: createHealthHandler({ isReady: isOpen }) }));
  const worker = startPullWorker({ subscription: topic.subscription, receiver, log });
  const drain = startDrain(options);
  const { instruments } = telemetry;
  const untend = embedded && tendEmbeddedTopic({ topic: embedded, instruments, log });
  return {
    ...(listening && { listening }),
    async stop() {
      await Promise.all([worker.stop(), drain.stop(), listening?.drain(limits.drain_ms_max)]);
      untend?.();
    },
  };
}
