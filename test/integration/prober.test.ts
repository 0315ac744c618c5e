import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProber } from '../../cli/parts/prober.ts';
import { readSettings } from '../../cli/settings.ts';
import { createCollector } from '../../telemetry/collect.ts';
import { createLogger } from '../../telemetry/log.ts';
import { eventually, send, startTestPlatform } from '../system/platform.ts';

test('a prober beside the platform counts the rounds, answers for its health, and leaves nothing behind', async t => {
  const collector = createCollector();
  const platform = await startTestPlatform(t, { telemetry: collector.sinks });
  const { api, ingest, dataFolder, telemetry } = platform;
  const settings = readSettings({
    ...{ BURNLINE_DATA_DIR: dataFolder, BURNLINE_INGEST_PORT: new URL(ingest).port },
    ...{ PROBE_API_URL: `${api}/`, PROBE_EVERY_SECONDS: '1', K_REVISION: 'records-prober-7' },
  });
  const prober = await startProber({ settings, telemetry, log: createLogger({ service: 'test' }) });
  let isRunning = true;
  const stop = async () => {
    if (isRunning) await prober.stop();
    isRunning = false;
  };
  t.after(stop);

  const pointsOf = async (name: string) =>
    (await collector.metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  const points = await eventually(async () => {
    const [point, ...others] = await pointsOf('probe.paths');
    return Number(point?.value) >= 2 && [point, ...others];
  });
  assert.deepEqual(
    points.map(point => point?.attributes),
    [{ outcome: 'ok' }],
  );
  assert.ok((await pointsOf('probe.path.duration')).length > 0);
  const { url } = prober.listening;
  assert.deepEqual(
    [(await send('GET', `${url}/health`)).status, (await send('GET', `${url}/ready`)).status],
    [200, 200],
  );
  const { records } = (await send('GET', `${api}/records`)).json;
  assert.deepEqual(
    records.map(({ id }: { id: string }) => id),
    ['1', '2 ñ漢', '3'].map(suffix => `probe-records-prober-7-${suffix}`),
  );
  // What it asks is marked, and so stays out of the API's latency.
  const served = (await pointsOf('http.server.request.duration')).filter(
    ({ attributes }) => attributes['http.route'] === '/records/:id',
  );
  assert.deepEqual([...new Set(served.map(({ attributes }) => attributes.synthetic))], ['true']);

  await stop();
  await assert.rejects(send('GET', `${url}/health`));
  assert.deepEqual((await send('GET', `${api}/records`)).json.records, []);
});

test('on Google’s services a prober wants to be told which API it probes', async t => {
  const { telemetry } = await startTestPlatform(t);
  const env = { TOPIC: 'pubsub', WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: 'p' };
  const log = createLogger({ service: 'test', level: 'silent' });
  const message = /PROBE_API_URL must name the records API/;
  await assert.rejects(startProber({ settings: readSettings(env), telemetry, log }), {
    code: 'setting_invalid',
    message,
  });
});

test('settings of the prober are refused with their name, value and rule', () => {
  const refuses = (env: NodeJS.ProcessEnv, message: RegExp) => assert.throws(() => readSettings(env), { message });
  refuses(
    { PROBE_API_URL: 'records' },
    /PROBE_API_URL must be an address such as https:\/\/example\.com, not "records"/,
  );
  refuses({ PROBE_EVERY_SECONDS: '0' }, /PROBE_EVERY_SECONDS must be at least 1, not "0"/);
  refuses({ PROBE_EVERY_SECONDS: '1e9' }, /PROBE_EVERY_SECONDS must be at most 3600/);
  refuses({ PROBE_EVERY_SECONDS: 'often' }, /PROBE_EVERY_SECONDS must be seconds, not "often"/);
});
