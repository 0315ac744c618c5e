import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';

test('without any setting a run is for this machine, and its results stand beside the scripts', () => {
  const { resultsDir, ...settings } = readSettings({ API_KEY: '', RATE: '' });
  assert.match(resultsDir, /^\/.*\/load-tests\/results$/);
  assert.deepEqual(settings, {
    baseUrl: 'http://127.0.0.1:8080',
    apiKey: undefined,
    bearer: undefined,
    publishUrl: 'http://127.0.0.1:8081/v1/projects/local/topics/data-ingestion:publish',
    publishToken: undefined,
    perSecond: undefined,
    seconds: undefined,
    steps: undefined,
    seed: 1,
    settleSeconds: 0,
    traceUrl: undefined,
  });
});

test('a whole publish URL wins over the address of ingest, and addresses may end in a slash', () => {
  const both = readSettings({
    INGEST_URL: 'http://ingest/',
    PUBLISH_URL: 'https://p/v1/t:publish',
    BASE_URL: 'http://a/',
  });
  assert.deepEqual([both.publishUrl, both.baseUrl], ['https://p/v1/t:publish', 'http://a']);
  const { publishUrl } = readSettings({ INGEST_URL: 'http://ingest/' });
  assert.equal(publishUrl, 'http://ingest/v1/projects/local/topics/data-ingestion:publish');
});

test('a duration has a unit', () => {
  const secondsOf = (DURATION: string) => readSettings({ DURATION }).seconds;
  assert.deepEqual(['500ms', '20.5s', '10m', '2h'].map(secondsOf), [0.5, 20.5, 600, 7200]);
});

test('a wrong setting is told its name, its value and the rule', () => {
  const refusals = {
    RATE: ['0', '-1', '1e3', 'fast'],
    DURATION: ['10', '0s', '1d', '5 m', 's'],
    STEPS: ['0', '1.5', 'x'],
    SEED: ['0', '-3', '12345678901'],
    SETTLE_SECONDS: ['soon'],
  };
  for (const [name, values] of Object.entries(refusals)) {
    for (const value of values) {
      assert.throws(() => readSettings({ [name]: value }), {
        message: new RegExp(`^${name} must be a .+, not "${value}"$`),
      });
    }
  }
});
