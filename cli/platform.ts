import { createApi } from '../app/api.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Listening, listen } from '../base/http/server.ts';
import { randomId } from '../base/ids.ts';
import { startDeadLetterDrain } from '../ingest/dead-letter-drain.ts';
import { startPullWorker } from '../ingest/pull-worker.ts';
import { createPushApp } from '../ingest/push.ts';
import { createPushAuth } from '../ingest/push-auth.ts';
import { createReceiver } from '../ingest/receive.ts';
import { createReplay } from '../ingest/replay.ts';
import { lockFolder } from '../records/sqlite/lock.ts';
import { openWarehouseFile, type WarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { createWriteClock } from '../records/version.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { observeDeadLetters, tendEmbeddedTopic } from './observe.ts';
import { openTopic } from './open-topic.ts';
import type { Settings } from './settings.ts';

const DRAIN_MS_MAX = 10_000;

export type Platform = {
  api: Listening;
  ingest: Listening;
  /** Ends what runs, in the order in which nothing is lost: intake, worker, API, files. */
  stop(): Promise<void>;
};

/** What a test or a failure flag puts between the platform and its stores. */
export type Wrap = {
  warehouse?(warehouse: WarehouseFile['warehouse']): WarehouseFile['warehouse'];
};

/** The whole records platform in this process, on one data folder and the topic that the settings name. */
export async function startPlatform(options: {
  settings: Settings;
  telemetry: Telemetry;
  log: Logger;
  clock?: Clock;
  wrap?: Wrap;
}): Promise<Platform> {
  const { settings, telemetry, log, clock = systemClock, wrap = {} } = options;
  const authenticate = createPushAuth(settings.pushAuth);
  const unlock = lockFolder(settings.dataFolder);
  const file = openWarehouseFile({ path: settings.warehousePath, clock });
  const { topic, embedded } = await openTopic({ settings, clock });
  const warehouse = wrap.warehouse?.(file.warehouse) ?? file.warehouse;
  const { deadLetters, reader } = file;
  const writeClock = createWriteClock({ clock, last: file.lastWriteAt() });
  let draining = false;
  const isReady = () => !draining;

  const receiver = createReceiver({
    warehouse,
    deadLetters,
    clock,
    telemetry,
    log,
    subscriptionName: topic.subscription.name,
  });
  const replay = createReplay({ deadLetters, warehouse, writeClock, clock, newId: randomId, telemetry });
  const erase = async (id: string) => ({ deadLetters: await deadLetters.erase(id), events: await warehouse.erase(id) });

  const { apiKeys, requestsPerSecondMax } = settings;
  const api = await listen({
    port: settings.apiPort,
    portVariable: 'BURNLINE_API_PORT',
    handler: createApi({
      ...{ reader, warehouse, deadLetters, writeClock, newId: randomId, clock, replay, erase, log, telemetry, isReady },
      settings: { apiKeys, ...(requestsPerSecondMax && { requestsPerSecondMax }) },
    }).callback(),
  });
  const ingest = await listen({
    port: settings.ingestPort,
    portVariable: 'BURNLINE_INGEST_PORT',
    handler: createPushApp({ receiver, authenticate, log, telemetry, isReady, topic }).callback(),
  });
  const worker = startPullWorker({ subscription: topic.subscription, receiver, log });
  const drain = startDeadLetterDrain({
    subscription: topic.deadLetterSubscription,
    deadLetters,
    clock,
    telemetry,
    log,
  });
  const { instruments } = telemetry;
  const untend = [observeDeadLetters({ deadLetters, instruments })];
  if (embedded) untend.push(tendEmbeddedTopic({ topic: embedded, instruments, log }));

  async function stop(): Promise<void> {
    draining = true;
    await Promise.all([ingest.drain(DRAIN_MS_MAX), worker.stop(), drain.stop(), api.drain(DRAIN_MS_MAX)]);
    for (const end of untend) end();
    await topic.close();
    await warehouse.close();
    unlock();
  }
  return { api, ingest, stop };
}
