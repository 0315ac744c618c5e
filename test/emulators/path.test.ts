import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { startPlatform } from '../../cli/platform.ts';
import { readSettings } from '../../cli/settings.ts';
import { openBigQueryTable } from '../../prober/bigquery-table.ts';
import { testTable } from '../../prober/table.contract.ts';
import { openBigQueryStores } from '../../records/bigquery/open.ts';
import { createCollector } from '../../telemetry/collect.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { checkPath } from '../integration/check-path.ts';
import { bigQueryEmulator } from './settings.ts';

const newProject = () => `p-${crypto.randomUUID()}`;

testTable('BigQuery', async () => {
  const where = {
    dataset: { projectId: newProject(), dataset: 'latam' },
    emulator: bigQueryEmulator(),
    clock: systemClock,
  };
  const { warehouse } = await openBigQueryStores(where);
  return {
    table: await openBigQueryTable(where),
    append: warehouse.append,
    erase: warehouse.erase,
    close: warehouse.close,
  };
});

/** API and pull worker on the emulators, each with stores of its own, as in the cloud. */
async function startServices(t: TestContext) {
  const env = {
    ...process.env,
    ...{ TOPIC: 'pubsub', WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: newProject(), REPLICA_FOLLOW_SECONDS: '1' },
    ...{ BURNLINE_API_PORT: '0', BURNLINE_DATA_DIR: temporaryFolder() },
  };
  const collector = createCollector();
  const telemetry = await startTelemetry({ service: 'test', ...collector.sinks });
  const log = createLogger({ service: 'test', level: 'silent' });
  const start = (only: 'api' | 'worker') => startPlatform({ settings: readSettings(env), telemetry, log, only });
  const [api, worker] = [await start('api'), await start('worker')];
  t.after(async () => {
    await Promise.all([api.stop(), worker.stop()]);
    await telemetry.shutdown();
  });
  await api.stores.replica?.loaded;
  return { env: { ...env, PROBE_API_URL: api.listening.api?.url ?? '' }, api: api.listening.api?.url, telemetry };
}

test('what is published to Pub/Sub is in BigQuery and served by the API as it was published, and is then erased', async t => {
  const { env, api, telemetry } = await startServices(t);
  const said: string[] = [];
  const verdict = await checkPath({
    ...{ env, telemetry, hasPoison: true, deadlineMs: 60_000 },
    say: line => said.push(line),
  });
  assert.deepEqual(verdict, { code: 0, sentences: [] }, said.join('\n'));
  assert.equal(said.at(-1), 'Erased all that was published');
  assert.deepEqual(await (await fetch(`${api}/data`)).json(), []);
  const letters = (await (await fetch(`${api}/dead-letters`)).json()) as { deadLetters: unknown[] };
  assert.deepEqual(letters.deadLetters, []);
});
