import { basename } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, temporaryFolder } from '../../base/testing.ts';
import type { Service, Wrap } from '../../cli/parts/part.ts';
import { type Platform, startPlatform } from '../../cli/platform.ts';
import { readSettings } from '../../cli/settings.ts';
import { createEmulatorTopic } from '../../records/pubsub/create.ts';
import { topicNames } from '../../records/topic-names.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry, type Telemetry } from '../../telemetry/start.ts';

/** How messages come where the tests run on the emulators (`npm run test:emulators`); unset, all is embedded. */
const delivery = process.env.TEST_DELIVERY as 'pull' | 'push' | undefined;

/** Pub/Sub gives what a stopped worker had on lease to the next one when the ack deadline and the back-off have passed. */
const SECONDS_MAX = delivery ? 100 : 10;

type TelemetryOptions = Omit<Parameters<typeof startTelemetry>[0], 'service'>;
type TestOptions = { env?: NodeJS.ProcessEnv; wrap?: Wrap; telemetry?: TelemetryOptions };

/** The whole platform on free ports and an empty data folder; it ends with the test. */
export async function startTestPlatform(t: TestContext, options: TestOptions = {}) {
  const dataFolder = options.env?.BURNLINE_DATA_DIR ?? temporaryFolder();
  const telemetry = await startTelemetry({ service: 'burnline', ...options.telemetry });
  const start = delivery ? startServices : startWhole;
  const platform = await start({ ...options, dataFolder, telemetry });
  let running = true;
  async function stop(): Promise<void> {
    if (!running) return;
    running = false;
    await platform.stop();
    await telemetry.shutdown();
  }
  t.after(stop);
  return { ...platform, dataFolder, telemetry, stop };
}

type StartOptions = TestOptions & { dataFolder: string; telemetry: Telemetry };
type Started = { api: string; ingest: string; topicUrl: string; stop(): Promise<void> };

/** As `burnline up` wires it on one machine. */
async function startWhole(options: StartOptions): Promise<Started> {
  const { listening, stop } = await startPart(options);
  const ingest = listening.ingest?.url ?? '';
  return { api: listening.api?.url ?? '', ingest, topicUrl: `${ingest}/v1/projects/local/topics/${TOPIC}`, stop };
}

const TOPIC = topicNames.topic;
const ingestPorts = new Map<string, number>();

/** As in the cloud: API, push endpoint and, where messages are pulled, the worker, each with stores of its own on the emulators. */
async function startServices(options: StartOptions): Promise<Started> {
  const { dataFolder } = options;
  // A project for each data folder is a topic and a dataset for each.
  const projectId = basename(dataFolder);
  const ingestPort = ingestPorts.get(dataFolder) ?? (await freePort());
  ingestPorts.set(dataFolder, ingestPort);
  const ingest = `http://127.0.0.1:${ingestPort}`;
  await createEmulatorTopic({ projectId, ...(delivery === 'push' && { pushEndpoint: ingest }) });
  const { PUBSUB_EMULATOR_HOST, BIGQUERY_EMULATOR_HOST, BIGQUERY_STORAGE_EMULATOR_HOST } = process.env;
  const env = {
    ...{ PUBSUB_EMULATOR_HOST, BIGQUERY_EMULATOR_HOST, BIGQUERY_STORAGE_EMULATOR_HOST },
    ...{ TOPIC: 'pubsub', WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: projectId, REPLICA_FOLLOW_SECONDS: '0.2' },
    BURNLINE_INGEST_PORT: String(ingestPort),
    ...options.env,
  };
  const wanted: Service[] = delivery === 'pull' ? ['api', 'ingest', 'worker'] : ['api', 'ingest'];
  const parts = await Promise.all(wanted.map(only => startPart({ ...options, env, only })));
  return {
    api: parts[0]?.listening.api?.url ?? '',
    ingest,
    topicUrl: `http://${PUBSUB_EMULATOR_HOST}/v1/projects/${projectId}/topics/${TOPIC}`,
    async stop() {
      await Promise.all(parts.map(part => part.stop()));
    },
  };
}

async function startPart({
  dataFolder,
  telemetry,
  wrap,
  only,
  env,
}: StartOptions & { only?: Service }): Promise<Platform> {
  const ports = { BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0' };
  const settings = readSettings({ ...ports, BURNLINE_DATA_DIR: dataFolder, ...env });
  const log = createLogger({ service: 'burnline', level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const platform = await startPlatform({ settings, telemetry, log, only, ...(wrap && { wrap }) });
  await platform.stores.replica?.loaded;
  return platform;
}

/** Sends JSON and gives back status, headers and parsed body. */
export async function send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
  const text = await answer.text();
  const isJson = /json$/.test(answer.headers.get('content-type')?.split(';')[0] ?? '');
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Publishes texts by Pub/Sub's REST API, which the embedded topic and the emulator both have. */
export async function publish({ topicUrl }: { topicUrl: string }, texts: readonly string[]): Promise<string[]> {
  const messages = texts.map(text => ({ data: Buffer.from(text).toString('base64') }));
  const { json } = await send('POST', `${topicUrl}:publish`, { messages });
  return json.messageIds;
}

/** A push envelope as Pub/Sub sends it. */
export function envelope(data: string, message: Record<string, unknown> = {}) {
  return { message: { data: Buffer.from(data).toString('base64'), messageId: '1', ...message }, subscription: 's' };
}

/** Tries until the answer is truthy, for at most `SECONDS_MAX`. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  for (let tries = 0; tries < SECONDS_MAX * 50; tries += 1) {
    const answer = await attempt();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    await sleep(20);
  }
  throw new Error(`It did not happen within ${SECONDS_MAX} s`);
}
