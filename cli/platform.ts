import { type Clock, systemClock } from '../base/clock.ts';
import type { Listening } from '../base/http/server.ts';
import type { SqliteTopic } from '../records/sqlite/topic.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { cliErrors } from './errors.ts';
import { openStores, type Stores } from './open-stores.ts';
import { openTopic } from './open-topic.ts';
import type { Observe, Part, PartOptions, Service, Wrap } from './parts/part.ts';
import type { Settings } from './settings.ts';

export type Platform = {
  /** Where the parts that run listen. */
  listening: Partial<Record<Service, Listening>>;
  stores: Stores;
  /** The topic where it is the embedded one. */
  embedded?: SqliteTopic | undefined;
  /** Ends what runs, in the order in which nothing is lost: intake, worker and API, then the topic, then the stores. */
  stop(): Promise<void>;
};

/**
 * The records platform in this process: all of it, or one service of it. One service alone needs stores that several processes
 * share; the embedded ones do not.
 */
export async function startPlatform(options: {
  settings: Settings;
  telemetry: Telemetry;
  log: Logger;
  clock?: Clock;
  wrap?: Wrap;
  observe?: Observe;
  only?: Service | undefined;
}): Promise<Platform> {
  const { settings, telemetry, log, clock = systemClock, wrap = {}, observe = (_, handler) => handler, only } = options;
  if (only) requireShared(settings, only);
  const isWanted = (service: Service) => only === undefined || only === service;
  const { instruments } = telemetry;
  const parts: Partial<Record<Service, Part>> = {};
  // What was opened, in the order in which it is closed.
  const closes: (() => Promise<void> | void)[] = [];
  let open = true;

  async function stop(): Promise<void> {
    open = false;
    await Promise.all(Object.values(parts).map(part => part.stop()));
    for (const close of closes) await close();
  }

  try {
    closes.unshift(await lock(settings, only));
    const plain = await openStores({
      ...{ settings, clock, log, instruments, wrapWarehouse: wrap.warehouse },
      needsReader: isWanted('api'),
    });
    closes.unshift(plain.close);
    const stores = wrap.reader ? { ...plain, reader: wrap.reader(plain.reader) } : plain;
    const isTopicless = only === 'api' || (only === 'ingest' && settings.topic.kind === 'local');
    const opened = isTopicless ? undefined : await openTopic({ settings, clock });
    if (opened) closes.unshift(() => opened.topic.close());
    const given: PartOptions = {
      ...{ settings, telemetry, log, clock, only, observe, wrapApi: wrap.api },
      stores: opened?.embedded ? erasingFromLog(stores, opened.embedded) : stores,
      isOpen: () => open,
    };
    if (isWanted('api')) parts.api = await (await import('./parts/api.ts')).startApi(given);
    if (isWanted('ingest'))
      parts.ingest = await (await import('./parts/ingest.ts')).startIngest({ ...given, topic: opened?.topic });
    if (opened && isWanted('worker')) {
      parts.worker = await (await import('./parts/worker.ts')).startWorker({ ...given, ...opened });
    }
    const listening = Object.fromEntries(
      Object.entries(parts).flatMap(([service, part]) => (part.listening ? [[service, part.listening]] : [])),
    );
    return { listening, stores, embedded: opened?.embedded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The topic's log holds messages that were acknowledged, and an erasure is of them too. */
function erasingFromLog(stores: Stores, topic: SqliteTopic): Stores {
  return {
    ...stores,
    async erase(id) {
      const removed = await stores.erase(id);
      topic.truncateLog();
      return removed;
    },
  };
}

function requireShared({ warehouse, topic }: Settings, only: Service): void {
  const needed = [
    ...(warehouse.kind === 'sqlite' ? ['WAREHOUSE=bigquery'] : []),
    ...(only === 'worker' && topic.kind === 'local' ? ['TOPIC=pubsub'] : []),
  ];
  if (needed.length === 0) return;
  const detail = `--only ${only} needs ${needed.join(' and ')}: what is embedded has one process. Leave --only away to run all in this one`;
  throw cliErrors.error('setting_invalid', detail);
}

/** A folder has one process; a service without files of its own locks none. */
async function lock({ dataFolder }: Settings, only: Service | undefined): Promise<() => void> {
  if (only === 'ingest' || only === 'worker') return () => {};
  const { lockFolder } = await import('../base/sqlite/lock.ts');
  return lockFolder(dataFolder);
}
