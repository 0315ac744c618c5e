import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../base/testing.ts';
import { openPubSubTopic } from '../../records/pubsub/topic.ts';
import { topicNamesOf } from '../../records/topic-names.ts';
import { startEmulators } from '../emulators/emulators.ts';
import { changesOf, type Terraform } from './terraform.ts';

const FOLDER = 'test/terraform/emulators';
const ENVIRONMENT = 'dev';
const READABLE_MS_MAX = 30_000;
/** The Cloud Storage emulator keeps neither a bucket's place nor its settings, so that a second plan would make it again. */
const FORGOTTEN = ['delete and create module.warehouse.google_storage_bucket.snapshots'];

/** Applies what has a local endpoint, runs the platform on it until a published record is readable, and destroys it again. */
export async function applyOnEmulators(terraform: Terraform, say: (text: string) => void): Promise<void> {
  const emulators = await startEmulators();
  const projectId = `p-${crypto.randomUUID().slice(0, 8)}`;
  const env = {
    TF_VAR_project_id: projectId,
    TF_VAR_pubsub: `http://${emulators.env.PUBSUB_EMULATOR_HOST}`,
    TF_VAR_bigquery: emulators.env.BIGQUERY_EMULATOR_HOST,
    TF_VAR_storage: emulators.env.STORAGE_EMULATOR_HOST,
  };
  try {
    terraform.run(FOLDER, ['init', '-input=false']);
    terraform.run(FOLDER, ['apply', '-auto-approve', '-input=false'], env);
    assert.deepEqual(changesOf(terraform, FOLDER, [], env), FORGOTTEN);
    say(`A second plan changes nothing but what an emulator forgets: ${FORGOTTEN.join(', ')}`);
    const made = await inventory(env);
    await publishAndRead({ ...emulators.env, ENVIRONMENT, GOOGLE_CLOUD_PROJECT: projectId });
    say('The platform runs on what was applied: a published record is readable');
    assert.deepEqual(await inventory(env), made);
    assert.deepEqual(changesOf(terraform, FOLDER, [], env), FORGOTTEN);
    say(`It has added and changed nothing of it: ${made.join(', ')}`);
    terraform.run(FOLDER, ['destroy', '-auto-approve', '-input=false'], env);
  } finally {
    await emulators.stop();
  }
}

/** The names of all topics, subscriptions and tables: on an emulator, the platform makes what it does not find. */
async function inventory(env: Record<string, string | undefined>): Promise<string[]> {
  const { TF_VAR_project_id: project, TF_VAR_pubsub: pubsub, TF_VAR_bigquery: bigquery } = env;
  const lists = [
    `${pubsub}/v1/projects/${project}/topics`,
    `${pubsub}/v1/projects/${project}/subscriptions`,
    `${bigquery}/bigquery/v2/projects/${project}/datasets`,
    `${bigquery}/bigquery/v2/projects/${project}/datasets/latam_dev/tables`,
  ];
  const answers = await Promise.all(lists.map(async url => (await fetch(url)).text()));
  const names = answers.join().matchAll(/"(?:name|datasetId|tableId)":\s*"([^"]+)"/g);
  return [...new Set([...names].map(([, name = '']) => name.slice(name.lastIndexOf('/') + 1)))].toSorted();
}

async function publishAndRead(env: Readonly<Record<string, string>>): Promise<void> {
  const { api, stop } = await startPlatform(env);
  try {
    Object.assign(process.env, env);
    const projectId = env.GOOGLE_CLOUD_PROJECT ?? '';
    const topic = await openPubSubTopic({ projectId, names: topicNamesOf(ENVIRONMENT) });
    const record = { id: 'applied', name: 'By Terraform', value: 1.5 };
    await topic.publish([{ data: Buffer.from(JSON.stringify(record)), attributes: {} }]);
    await topic.close();
    const { id, name, value } = await read(`${api}/records/applied`);
    assert.deepEqual({ id, name, value }, record);
  } finally {
    await stop();
  }
}

/** `burnline up` on Pub/Sub and BigQuery. Its replica is not loaded yet. */
async function startPlatform(env: NodeJS.ProcessEnv): Promise<{ api: string; stop(): Promise<void> }> {
  const settings = { TOPIC: 'pubsub', WAREHOUSE: 'bigquery', BURNLINE_DATA_DIR: temporaryFolder() };
  const ports = { BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0', BURNLINE_MONITORING_PORT: '0' };
  const child = spawn(process.execPath, ['cli/burnline.ts', 'up', '--format', 'json', '--no-traffic'], {
    env: { ...process.env, ...env, ...settings, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const ended = exit.then(([code]) => Promise.reject(new Error(`burnline up ended with ${code}`)));
  ended.catch(() => {});
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    api: JSON.parse(String(line)).api,
    async stop() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function read(url: string): Promise<Record<string, unknown>> {
  for (const startedAt = performance.now(); ; await sleep(200)) {
    const answer = await fetch(url);
    if (answer.ok) return (await answer.json()) as Record<string, unknown>;
    if (performance.now() - startedAt > READABLE_MS_MAX) throw new Error(`${url} answers ${answer.status} after 30 s`);
    await answer.body?.cancel();
  }
}
