import { basename } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../base/testing.ts';
import { startPlatform, type Wrap } from '../../cli/platform.ts';
import { readSettings } from '../../cli/settings.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry } from '../../telemetry/start.ts';

/** Pub/Sub gives what a stopped worker had on lease to the next one when the ack deadline and the back-off have passed. */
const SECONDS_MAX = process.env.TOPIC === 'pubsub' ? 100 : 10;

type TelemetryOptions = Omit<Parameters<typeof startTelemetry>[0], 'service'>;

/** The whole platform on free ports and an empty data folder, as `burnline up` wires it; it ends with the test. */
export async function startTestPlatform(
  t: TestContext,
  options: { env?: NodeJS.ProcessEnv; wrap?: Wrap; telemetry?: TelemetryOptions } = {},
) {
  const dataFolder = options.env?.BURNLINE_DATA_DIR ?? temporaryFolder();
  const ports = { BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0' };
  // `npm run test:emulators` runs the same tests on Pub/Sub; a project for each data folder is a topic for each.
  const { TOPIC, PUBSUB_EMULATOR_HOST } = process.env;
  const topic = { TOPIC, PUBSUB_EMULATOR_HOST, GOOGLE_CLOUD_PROJECT: basename(dataFolder) };
  const settings = readSettings({ ...ports, ...topic, BURNLINE_DATA_DIR: dataFolder, ...options.env });
  const telemetry = await startTelemetry({ service: 'burnline', ...options.telemetry });
  const log = createLogger({ service: 'burnline', level: 'silent' });
  const platform = await startPlatform({ settings, telemetry, log, ...(options.wrap && { wrap: options.wrap }) });
  let running = true;
  async function stop(): Promise<void> {
    if (!running) return;
    running = false;
    await platform.stop();
    await telemetry.shutdown();
  }
  t.after(stop);
  return { api: platform.api.url, ingest: platform.ingest.url, settings, dataFolder, telemetry, stop };
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

/** Publishes texts to the embedded topic as Pub/Sub's REST API takes them. */
export async function publish(ingest: string, texts: readonly string[]): Promise<string[]> {
  const messages = texts.map(text => ({ data: Buffer.from(text).toString('base64') }));
  const { json } = await send('POST', `${ingest}/v1/projects/local/topics/data-ingestion:publish`, { messages });
  return json.messageIds;
}

/** A push envelope as Pub/Sub sends it. */
export function envelope(data: string, message: Record<string, unknown> = {}) {
  return { message: { data: Buffer.from(data).toString('base64'), messageId: '1', ...message }, subscription: 's' };
}

/** Tries until the answer is truthy, for at most 10 s. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  for (let tries = 0; tries < SECONDS_MAX * 50; tries += 1) {
    const answer = await attempt();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    await sleep(20);
  }
  throw new Error(`It did not happen within ${SECONDS_MAX} s`);
}
