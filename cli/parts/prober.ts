import { type Clock, systemClock } from '../../base/clock.ts';
import { type Listening, listen } from '../../base/http/server.ts';
import { randomId } from '../../base/ids.ts';
import { limits } from '../../base/limits.ts';
import { createTracedPublisher } from '../../ingest/publish.ts';
import { createProbedApi, type ProbedApi } from '../../prober/api.ts';
import { createIdentity } from '../../prober/identity.ts';
import { startProber as startRounds } from '../../prober/prober.ts';
import type { Table } from '../../prober/table.ts';
import { createWalk, type Walk } from '../../prober/walk.ts';
import { createHttpPublisher } from '../../records/http-publisher.ts';
import type { Publisher } from '../../records/topic.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Telemetry } from '../../telemetry/start.ts';
import { cliErrors } from '../errors.ts';
import { createHealthHandler } from '../health.ts';
import { openTopic } from '../open-topic.ts';
import type { Settings } from '../settings.ts';
import { addressOf } from './address.ts';

/** The threshold of the SLO on the whole path (slo/services/path.slo.ts), and what the API may take longer before it is wrong. */
const DEADLINE_MS = 60_000;
const GRACE_MS = 15_000;

type Options = { settings: Settings; telemetry: Telemetry; log: Logger; clock?: Clock };

/** The prober, which answers for its health only. It needs neither the platform's folder nor its stores. */
export async function startProber(options: Options): Promise<{ listening: Listening; stop(): Promise<void> }> {
  const { settings, telemetry, log, clock = systemClock } = options;
  const { walk, close } = await openWalk({ settings, telemetry, clock, name: settings.probe.name });
  let open = true;
  try {
    const handler = createHealthHandler({ isReady: () => open });
    const listening = await listen({ ...addressOf('prober', settings, 'prober'), handler });
    const { instruments } = telemetry;
    const prober = startRounds({ walk, everyMs: settings.probe.everyMs, instruments, log, clock });
    return {
      listening,
      async stop() {
        open = false;
        await Promise.all([prober.stop(), listening.drain(limits.drain_ms_max)]);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A walk along the path that the settings name.
 *
 * @param options.name stands in its ids, so that they are nobody else's; random where it is not said
 */
export async function openWalk(options: {
  settings: Settings;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
  clock: Clock;
  name?: string | undefined;
  deadlineMs?: number;
  graceMs?: number;
}): Promise<{ walk: Walk; api: ProbedApi; prefix: string; close(): Promise<void> }> {
  const { settings, telemetry, clock, name = randomId(), deadlineMs = DEADLINE_MS, graceMs = GRACE_MS } = options;
  const { url, apiKey, ...identity } = apiOf(settings);
  const table = await openTable(settings, { clock, onQuery: () => telemetry.instruments.queries.add(1) });
  const { publisher, close } = await openPublisher(settings, clock);
  const prefix = `probe-${name}-`;
  const topicName = settings.topic.names.topic;
  const api = createProbedApi({ url, apiKey, identity: createIdentity(identity) });
  const walk = createWalk({
    publisher: createTracedPublisher({ publisher, topicName, telemetry }),
    ...{ table, api, prefix, clock, random: Math.random, deadlineMs, graceMs },
  });
  return {
    ...{ walk, api, prefix },
    async close() {
      table.close();
      await close();
    },
  };
}

function apiOf({ probe: { apiUrl, apiKey, audience, idToken }, topic, apiPort }: Settings) {
  const isHere = topic.kind === 'local' || topic.onEmulator;
  if (apiUrl === undefined && !isHere) {
    throw cliErrors.error('setting_invalid', 'PROBE_API_URL must name the records API that is probed');
  }
  return { url: apiUrl ?? `http://127.0.0.1:${apiPort}`, apiKey, audience, idToken };
}

async function openTable({ warehouse }: Settings, options: { clock: Clock; onQuery(): void }): Promise<Table> {
  if (warehouse.kind === 'sqlite') return (await import('../../prober/sqlite-table.ts')).openSqliteTable(warehouse);
  return (await import('../../prober/bigquery-table.ts')).openBigQueryTable({ ...warehouse, ...options });
}

/** The embedded topic is in a file of the platform's, which takes messages for it over HTTP. */
async function openPublisher(
  settings: Settings,
  clock: Clock,
): Promise<{ publisher: Publisher; close(): Promise<void> }> {
  const { topic, ingestPort } = settings;
  if (topic.kind === 'local') {
    const url = `http://127.0.0.1:${ingestPort}/v1/projects/local/topics/${topic.names.topic}:publish`;
    return { publisher: createHttpPublisher({ url }), close: async () => {} };
  }
  const opened = await openTopic({ settings, clock });
  return { publisher: opened.topic, close: () => opened.topic.close() };
}
