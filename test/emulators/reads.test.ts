import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { startPlatform } from '../../cli/platform.ts';
import { readSettings } from '../../cli/settings.ts';
import { openBigQueryStores } from '../../records/bigquery/open.ts';
import { event } from '../../records/warehouse.contract.ts';
import { createCollector } from '../../telemetry/collect.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { send } from '../system/platform.ts';
import { bigQueryEmulator } from './settings.ts';

/** A records API on BigQuery, as a container of it is: by itself, with a replica of its own that follows seldom. */
async function startApi(t: TestContext, projectId: string, env: NodeJS.ProcessEnv = {}) {
  const collector = createCollector();
  const settings = readSettings({
    ...process.env,
    ...{ WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: projectId, REPLICA_FOLLOW_SECONDS: '30' },
    ...{ BURNLINE_API_PORT: '0', BURNLINE_DATA_DIR: temporaryFolder() },
    ...env,
  });
  const telemetry = await startTelemetry({ service: 'test', ...collector.sinks });
  const log = createLogger({ service: 'test', level: 'silent' });
  const { listening, stores, stop } = await startPlatform({ settings, telemetry, log, only: 'api' });
  let running = true;
  async function stopOnce(): Promise<void> {
    if (running) await stop();
    running = false;
  }
  t.after(async () => {
    await stopOnce();
    await telemetry.shutdown();
  });
  await stores.replica?.loaded;
  async function queries(): Promise<number> {
    const counted = (await collector.metrics()).find(({ descriptor }) => descriptor.name === 'warehouse.queries');
    return Number(counted?.dataPoints[0]?.value ?? 0);
  }
  return { url: listening.api?.url ?? '', queries, stop: stopOnce };
}

const newProject = () => `p-${crypto.randomUUID()}`;

test('a thousand reads cost no query, and see what was written here', async t => {
  const { url, queries } = await startApi(t, newProject());
  for (let n = 0; n < 20; n += 1) await send('PUT', `${url}/records/${n}`, { name: `n${n}` });
  // The count of dead letters is a query of each collection.
  await queries();
  const before = await queries();
  const oneCollection = (await queries()) - before;
  for (let n = 0; n < 1000; n += 1) {
    const path = n % 2 === 0 ? `/records/${n % 20}` : '/records?limit=5';
    assert.equal((await send('GET', url + path)).status, 200);
  }
  assert.equal((await queries()) - before, oneCollection * 2);
});

test('what one API has written, another answers when it is asked for at least that version', async t => {
  const projectId = newProject();
  const [one, other] = [await startApi(t, projectId), await startApi(t, projectId)];
  const written = await send('PUT', `${one.url}/records/1`, { name: 'a' });
  const version = written.headers.get('x-record-version');
  assert.equal((await send('GET', `${one.url}/records/1`)).json.name, 'a');
  assert.equal((await send('GET', `${other.url}/records/1`)).status, 404);
  assert.equal((await send('GET', `${other.url}/records/1?minVersion=${version}`)).json.name, 'a');
  await send('DELETE', `${one.url}/records/1`);
  assert.equal((await send('GET', `${one.url}/records/1`)).status, 404);
});

test('an API with an empty disk is ready from the snapshot in the bucket that another one put there', async t => {
  const projectId = newProject();
  const bucket = `snapshots-${crypto.randomUUID()}`;
  await send('POST', `${process.env.STORAGE_EMULATOR_HOST}/storage/v1/b?project=p`, { name: bucket });
  const folder = temporaryFolder();
  const env = { REPLICA_SNAPSHOT: `gs://${bucket}/replica.sqlite`, BURNLINE_DATA_DIR: folder };
  const first = await startApi(t, projectId, env);
  await send('PUT', `${first.url}/records/1`, { name: 'a' });
  await send('DELETE', `${first.url}/records/2`);
  await first.stop();
  rmSync(join(folder, 'replica.sqlite'));
  const second = await startApi(t, projectId, env);
  assert.equal((await send('GET', `${second.url}/ready`)).status, 200);
  assert.equal((await send('GET', `${second.url}/records/1`)).json.name, 'a');
});

test('READS=direct sees at once what another process has written, and each read is a query', async t => {
  const projectId = newProject();
  const direct = await startApi(t, projectId, { READS: 'direct' });
  const dataset = { projectId, dataset: 'latam' };
  const { warehouse } = await openBigQueryStores({ dataset, emulator: bigQueryEmulator(), clock: systemClock });
  t.after(() => warehouse.close());
  await warehouse.append(['1', '2', '3'].map((id, n) => event(id, n, { name: id })));
  await direct.queries();
  const before = await direct.queries();
  const oneCollection = (await direct.queries()) - before;
  const page = await send('GET', `${direct.url}/records?limit=2`);
  assert.deepEqual(
    page.json.records.map(({ id }: { id: string }) => id),
    ['1', '2'],
  );
  assert.equal((await send('GET', `${direct.url}/records/3`)).json.name, '3');
  assert.equal((await direct.queries()) - before, oneCollection * 2 + 2);
});
