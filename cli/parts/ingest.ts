import { listen } from '../../base/http/server.ts';
import { limits } from '../../base/limits.ts';
import { createPushApp } from '../../ingest/push.ts';
import { createPushAuth } from '../../ingest/push-auth.ts';
import type { Topic } from '../../records/topic.ts';
import { addressOf } from './address.ts';
import { startDrain } from './drain.ts';
import type { Part, PartOptions } from './part.ts';
import { createPartReceiver } from './receiver.ts';

/**
 * The push endpoint. With the rest of the platform it also takes what is to be published; alone it drains what the
 * subscription gave up on, for no worker does.
 */
export async function startIngest(options: PartOptions & { topic: Topic | undefined }): Promise<Part> {
  const { settings, telemetry, log, topic, isOpen, only, observe } = options;
  const app = createPushApp({
    receiver: createPartReceiver(options),
    authenticate: createPushAuth(settings.pushAuth),
    ...{ log, telemetry, isReady: isOpen },
    ...(topic && only === undefined && { topic }),
  });
  const listening = await listen({
    ...addressOf('ingest', settings, only),
    handler: observe('ingest', app.callback()),
  });
  const drain = topic && only === 'ingest' ? startDrain({ ...options, topic }) : undefined;
  return {
    listening,
    async stop() {
      await Promise.all([listening.drain(limits.drain_ms_max), drain?.stop()]);
    },
  };
}
