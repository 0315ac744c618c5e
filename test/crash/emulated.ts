import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../base/testing.ts';
import { createEmulatorTopic } from '../../records/pubsub/create.ts';
import { ACK_DEADLINE_SECONDS } from '../../records/pubsub/names.ts';
import { topicNames } from '../../records/topic-names.ts';
import { startEmulators } from '../emulators/emulators.ts';
import { readWhenFollowed, waitUntilStored } from './drain.ts';
import { type FaultName, faultNames, faults } from './faults.ts';
import { startProxy } from './proxy.ts';
import { readDeadLetters } from './read.ts';
import type { Scene, SceneOptions } from './scene.ts';
import { createService } from './service.ts';
import { openTables } from './tables.ts';

const PROJECT = 'crash';
/** About 600 messages a second, which the emulators bear beside the platform on two cores. */
const REST_MS = 300;
/** A fault of an append stays so long, and until so many batches of the pull worker have met it. */
const FAULT_MS = 3000;
const FAULT_MS_MAX = 60_000;
const FAULT_BATCHES_MIN = 3;
/** The subscription's ack deadline in a short run. */
const SHORT_ACK_DEADLINE_SECONDS = 10;
/** What a killed worker had on lease comes again when its ack deadline and the back-off have passed. */
const DRAIN_MS_MAX = 300_000;
const FOLLOW_MS_MAX = 60_000;

/**
 * API, ingest and worker in a process each, on the emulators of Pub/Sub and BigQuery. Between them and BigQuery's appends
 * stands a proxy of ours, which makes those fail.
 */
export async function createEmulated({ folder, say, outageMs }: SceneOptions): Promise<Scene> {
  // What is started here ends with this process, however that ends.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
  say('Starting the emulators.');
  const emulators = await startEmulators();
  Object.assign(process.env, emulators.env);
  const { PUBSUB_EMULATOR_HOST, BIGQUERY_STORAGE_EMULATOR_HOST: upstream = '' } = emulators.env;
  // The worker extends leases by the cloud's deadline: under a shorter one, those of a long outage would end too early.
  const isLong = outageMs >= (ACK_DEADLINE_SECONDS * 1000) / 2;
  const ackDeadlineSeconds = isLong ? ACK_DEADLINE_SECONDS : SHORT_ACK_DEADLINE_SECONDS;
  const pauseMs = ackDeadlineSeconds * 1200;
  await createEmulatorTopic({ projectId: PROJECT, ackDeadlineSeconds });
  const tables = await openTables({ projectId: PROJECT });
  const { injection, ...proxy } = await startProxy({ upstream });

  const [apiPort, ingestPort] = [await freePort(), await freePort()];
  const env = {
    ...{ TOPIC: 'pubsub', WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: PROJECT, REPLICA_FOLLOW_SECONDS: '1' },
    ...{ BURNLINE_DATA_DIR: folder, BURNLINE_API_PORT: String(apiPort), BURNLINE_INGEST_PORT: String(ingestPort) },
    BIGQUERY_STORAGE_EMULATOR_HOST: proxy.host,
  };
  const target = {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    ingestUrl: `http://127.0.0.1:${ingestPort}`,
    topicUrl: `http://${PUBSUB_EMULATOR_HOST}/v1/projects/${PROJECT}/topics/${topicNames.topic}`,
  };
  const problems: string[] = [];
  const prepare = (name: 'api' | 'ingest' | 'worker') =>
    createService({ name, folder, env, onEnd: text => problems.push(text) });
  const [api, ingest, worker, substitute] = [prepare('api'), prepare('ingest'), prepare('worker'), prepare('worker')];
  const services = [api, ingest, worker];
  const victims = [[worker], [api], services];
  const rowsRefused = () => injection.met('rowRefused').all;
  let kills = 0;
  let pauses = 0;

  async function beDown(): Promise<void> {
    say(`The warehouse is down for ${outageMs / 1000} s.`);
    proxy.setDown(true);
    await sleep(outageMs);
    proxy.setDown(false);
    if (proxy.refused() === 0) problems.push('nobody called the warehouse while it was down');
  }

  async function failAppends(name: FaultName): Promise<void> {
    const { said, line } = faults[name];
    const isMet = () => injection.met(name).batches >= FAULT_BATCHES_MIN;
    say(said);
    injection.set(name);
    const startedAt = performance.now();
    while (performance.now() - startedAt < (isMet() ? FAULT_MS : FAULT_MS_MAX)) await sleep(100);
    injection.set(undefined);
    if (!isMet()) problems.push(`fewer than ${FAULT_BATCHES_MIN} batches of the worker met "${line}"`);
  }

  /** What it has on lease comes to its substitute meanwhile, and then it goes on with it all the same. */
  async function pauseWorker(): Promise<void> {
    say(`The worker is paused for ${pauseMs / 1000} s, longer than its ack deadline, and another takes over.`);
    await Promise.all([worker.pause(pauseMs), substitute.start()]);
    pauses += 1;
    await end(substitute);
  }

  async function end(service: typeof worker): Promise<void> {
    if (!(await service.stop())) problems.push(`the ${service.name} did not end in good order`);
  }

  return {
    target,
    restMs: { kills: REST_MS, faults: REST_MS },
    async start() {
      await Promise.all(services.filter(({ isRunning }) => !isRunning).map(service => service.start()));
    },
    async kill() {
      const killed = victims[kills % victims.length] ?? [];
      kills += 1;
      await Promise.all(killed.map(service => service.kill()));
      return ` (${killed.map(({ name }) => name).join(', ')})`;
    },
    async fail() {
      await beDown();
      for (const name of faultNames) await failAppends(name);
      await pauseWorker();
    },
    met: () => ({
      'calls while it was down': proxy.refused(),
      ...Object.fromEntries(faultNames.map(name => [faults[name].line, injection.met(name).all])),
      'pauses of the worker': pauses,
    }),
    rowsRefused,
    async drain(accepted) {
      const isStored = await waitUntilStored({ tables, accepted, msMax: DRAIN_MS_MAX });
      if (isStored) say('All is stored; reading it.');
      else problems.push(`not everything was stored in ${DRAIN_MS_MAX / 1000} s`);
      const stored = { ...(await tables.events()), deadLettered: await readDeadLetters(target) };
      const following = { target, stored, accepted, rowsRefused: rowsRefused(), msMax: FOLLOW_MS_MAX };
      const books = await readWhenFollowed(following);
      await Promise.all(services.map(end));
      return books;
    },
    problems: () => problems,
    async close() {
      await Promise.all([...services, substitute].map(service => service.kill()));
      proxy.close();
      await emulators.stop();
    },
  };
}
