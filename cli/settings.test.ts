import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../base/testing.ts';
import { createLogger } from '../telemetry/log.ts';
import { startTelemetry } from '../telemetry/start.ts';
import type { Service } from './parts/part.ts';
import { startPlatform } from './platform.ts';
import { readSettings } from './settings.ts';

const refusal = (env: NodeJS.ProcessEnv) => {
  try {
    readSettings(env);
    return 'nothing is wrong';
  } catch (error) {
    return (error as Error).message;
  }
};

test('without any variable all is embedded, on loopback', () => {
  const { warehouse, topic, apiPort, ingestPort, servicePort } = readSettings({});
  assert.deepEqual(
    [warehouse.kind, topic.kind, apiPort, ingestPort, servicePort],
    ['sqlite', 'local', 8080, 8081, undefined],
  );
});

test('topic and dataset are named as in the cloud, with the environment as a suffix', () => {
  const cloud = { TOPIC: 'pubsub', WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: 'p' };
  const names = ({ warehouse, topic }: ReturnType<typeof readSettings>) => [
    warehouse.kind === 'bigquery' && warehouse.dataset,
    topic.names.topic,
    topic.names.deadLetterSubscription,
  ];
  assert.deepEqual(names(readSettings(cloud)), [
    { projectId: 'p', dataset: 'latam' },
    'data-ingestion',
    'data-ingestion-dead-letter-subscription',
  ]);
  assert.deepEqual(names(readSettings({ ...cloud, ENVIRONMENT: 'staging' })), [
    { projectId: 'p', dataset: 'latam_staging' },
    'data-ingestion-staging',
    'data-ingestion-dead-letter-subscription-staging',
  ]);
});

test('a BigQuery emulator is told as Google’s libraries take it; its other port is ten higher unless said', () => {
  const emulatorOf = (env: NodeJS.ProcessEnv) => {
    const { warehouse } = readSettings({ WAREHOUSE: 'bigquery', ...env });
    return warehouse.kind === 'bigquery' && warehouse.emulator;
  };
  const expected = { restUrl: 'http://127.0.0.1:9050', grpcHost: '127.0.0.1:9060' };
  for (const BIGQUERY_EMULATOR_HOST of [
    '127.0.0.1:9050',
    'http://127.0.0.1:9050',
    'http://127.0.0.1:9050/bigquery/v2',
  ]) {
    assert.deepEqual(emulatorOf({ BIGQUERY_EMULATOR_HOST }), expected);
  }
  const other = { BIGQUERY_EMULATOR_HOST: '127.0.0.1:9050', BIGQUERY_STORAGE_EMULATOR_HOST: '127.0.0.1:7' };
  assert.deepEqual(emulatorOf(other), { ...expected, grpcHost: '127.0.0.1:7' });
});

test('a wrong setting is refused with its name, its value and the rule', () => {
  assert.match(refusal({ WAREHOUSE: 'oracle' }), /WAREHOUSE must be sqlite or bigquery, not "oracle"/);
  assert.match(
    refusal({ WAREHOUSE: 'bigquery' }),
    /GOOGLE_CLOUD_PROJECT must name the project where WAREHOUSE=bigquery/,
  );
  assert.match(refusal({ TOPIC: 'pubsub' }), /GOOGLE_CLOUD_PROJECT must name the project where TOPIC=pubsub/);
  assert.match(refusal({ READS: 'cache' }), /READS must be replica or direct/);
  assert.match(refusal({ REPLICA_BYTES_MAX: '1' }), /REPLICA_BYTES_MAX must be at least 1048576, not "1"/);
  assert.match(
    refusal({ REPLICA_FOLLOW_SECONDS: '60' }),
    /REPLICA_FOLLOW_SECONDS must be at most 30, or reads are not fresh/,
  );
  assert.match(refusal({ ENVIRONMENT: 'Prod EU' }), /ENVIRONMENT must be a short name in small letters/);
  assert.match(
    refusal({ BIGQUERY_EMULATOR_HOST: 'a b', WAREHOUSE: 'bigquery' }),
    /BIGQUERY_EMULATOR_HOST must be an address/,
  );
  assert.match(refusal({ PORT: '70000' }), /PORT must be 0 to 65535/);
  assert.match(refusal({ BURNLINE_API_PORT: ' ' }), /BURNLINE_API_PORT must be a port, not " "/);
  assert.match(
    refusal({ BURNLINE_LOG_LEVEL: 'loud' }),
    /BURNLINE_LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud"/,
  );
  assert.match(refusal({ PROBE_API_URL: 'localhost:8080' }), /PROBE_API_URL must be an address such as/);
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT']) {
    assert.match(refusal({ [name]: 'garbage' }), new RegExp(`${name} must be an address such as .*, not "garbage"`));
  }
});

test('one service alone is refused on stores that have one process, with what to set', async t => {
  const telemetry = await startTelemetry({ service: 'test' });
  t.after(() => telemetry.shutdown());
  const log = createLogger({ service: 'test', level: 'silent' });
  const settings = readSettings({ BURNLINE_DATA_DIR: temporaryFolder() });
  const start = (only: Service) => startPlatform({ settings, telemetry, log, only });
  await assert.rejects(start('api'), { code: 'setting_invalid', message: /--only api needs WAREHOUSE=bigquery:/ });
  await assert.rejects(start('worker'), { message: /--only worker needs WAREHOUSE=bigquery and TOPIC=pubsub/ });
});
