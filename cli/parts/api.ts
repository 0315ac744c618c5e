import { createApi, createRoutes } from '../../app/api.ts';
import { listen } from '../../base/http/server.ts';
import { randomId } from '../../base/ids.ts';
import { limits } from '../../base/limits.ts';
import { createReplay } from '../../ingest/replay.ts';
import { createWriteClock } from '../../records/version.ts';
import { observeDeadLetters, observeReplica } from '../observe.ts';
import { addressOf } from './address.ts';
import type { Part, PartOptions } from './part.ts';

/** The records API. It is ready while what it serves is as young as promised. */
export async function startApi(options: PartOptions): Promise<Part> {
  const { settings, stores, telemetry, log, clock, isOpen, wrapApi, observe } = options;
  const { warehouse, deadLetters, reader, replica, erase } = stores;
  const writeClock = createWriteClock({ clock, warehouse });
  const replay = createReplay({ deadLetters, warehouse, writeClock, clock, newId: randomId, telemetry });
  const isReady = () => isOpen() && reader.isFresh();
  const { apiKeys, operatorKeys, requestsPerSecondMax } = settings;
  const parts = {
    ...{ reader, warehouse, deadLetters, writeClock, newId: randomId, clock, replay, erase, log, telemetry, isReady },
    settings: { apiKeys, operatorKeys, ...(requestsPerSecondMax && { requestsPerSecondMax }) },
  };
  const app = createApi(parts);
  // The router is the last: what stands before it is measured, and what fails there is answered, as if a route had failed.
  if (wrapApi) app.middleware.splice(-1, 0, wrapApi(createRoutes(parts)));
  const listening = await listen({
    ...addressOf('api', settings, options.only),
    handler: observe('api', app.callback()),
  });
  const { instruments } = telemetry;
  const ends = [observeDeadLetters({ deadLetters, instruments })];
  if (replica) ends.push(observeReplica({ replica, instruments }));
  return {
    listening,
    async stop() {
      await listening.drain(limits.drain_ms_max);
      for (const end of ends) end();
    },
  };
}
