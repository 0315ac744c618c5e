import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createManualClock } from '../base/clock.ts';
import { listen } from '../base/http/server.ts';
import { detectionSeconds, resetSeconds } from '../slo/maths.ts';
import { createFlags } from './faults/flags.ts';
import { createFlagsHandler } from './faults/handler.ts';
import { closedUrl, runLine, startServer } from './testing.ts';

async function start(t: TestContext, { asGoogle = false } = {}) {
  const flags = createFlags({ clock: createManualClock(0) });
  const server = await listen({ handler: createFlagsHandler({ flags, asGoogle }), port: 0 });
  t.after(() => server.drain(0));
  return { flags, server, flag: (...args: string[]) => runLine(['flag', ...args, '--endpoint', server.url]) };
}

test('without a name it lists the flags and which are on', async t => {
  const { flags, flag } = await start(t);
  flags.set('api-latency', 300);
  flags.set('warehouse-down', 1, 600);
  const { exitCode, stdout, stderr } = await flag();
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.match(stdout, /^FLAG +STATE +DEFAULT +WHAT IT DOES\n/);
  assert.match(stdout, /^api-latency +on at 300 ms +300 ms +50 % of the API’s answers take that much longer$/m);
  assert.match(stdout, /^api-errors +off +100 % +that share of the API’s requests is answered 500 or 503$/m);
  assert.match(stdout, /^warehouse-down +on, off in 10 min +appends to the warehouse/m);
  const { flags: told } = JSON.parse((await flag('--format', 'json')).stdout);
  const description = '50 % of the API’s answers take that much longer';
  assert.deepEqual(told[0], { name: 'api-latency', value: 300, isOn: true, unit: 'ms', default: 300, description });
  assert.equal(told.length, flags.list().length);
});

test('setting a flag says when each tier opens and closes, by the maths', async t => {
  const { flags, flag } = await start(t);
  const { exitCode, stdout, stderr } = await flag('api-errors', '50%', '--for', '5m');
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.deepEqual([flags.value('api-errors'), flags.list()[1]?.offInSeconds], [0.5, 300]);
  assert.deepEqual(stdout.split('\n').slice(0, 8), [
    'api-errors is on at 50 %, off in 5 min: that share of the API’s requests is answered 500 or 503.',
    '',
    'SLO OR ALERT              TIER         OPENS AFTER                            CLOSES AFTER',
    'records-api/availability  page-fast    96.8 s                                 4.87 min',
    'records-api/availability  page-slow    4.03 min                               29.7 min',
    'records-api/availability  ticket       8.06 min (off by then)                 119 min',
    'records-api/availability  ticket-long  8.64 min (PromQL: not evaluated here)  5.99 h',
    'records-api/availability  below        36 s                                   4.95 min',
  ]);
  assert.match(stdout, /To within 30 s/);

  const { toleranceSeconds, alerts, ...state } = JSON.parse((await flag('api-errors', '--format', 'json')).stdout);
  assert.deepEqual(
    [state, toleranceSeconds, alerts.length],
    [{ name: 'api-errors', value: 1, asGoogle: false }, 30, 5],
  );
  const windows = { threshold: 13.44, longSeconds: 3600, shortSeconds: 300 };
  assert.deepEqual(alerts[0], {
    ...{ alert: 'records-api/availability', tier: 'page-fast', severity: 'page', isRough: false, isEvaluated: true },
    opensAfterSeconds: detectionSeconds({ errorRatio: 1, goal: 0.999, ...windows }),
    closesAfterSeconds: resetSeconds({ errorRatio: 1, goal: 0.999, ...windows }),
  });
});

test('where the platform is one as on Google Cloud, the times are those of Google’s data', async t => {
  const { flag } = await start(t, { asGoogle: true });
  const { stdout } = await flag('api-errors');
  assert.match(stdout, /^records-api\/availability +page-fast +2\.81 min +6\.93 min$/m);
  assert.match(stdout, /To within 90 s: .*\n.* as on Google Cloud\./);
  assert.equal(JSON.parse((await flag('api-errors', '--format', 'json')).stdout).toleranceSeconds, 90);
});

test('what never opens is said to, and so is what opens roughly then, or closes once somebody has done something', async t => {
  const { flag } = await start(t);
  assert.match((await flag('api-errors', '0.5%')).stdout, /^records-api\/availability +page-fast +never$/m);
  assert.match(
    (await flag('warehouse-down')).stdout,
    /^ingest\/stored +page-fast +48\.4 s \* +4\.93 min$[\s\S]*^\* What fails/m,
  );
  const { stdout } = await flag('poison-messages');
  assert.doesNotMatch(stdout, /\*/);
  assert.match(stdout, /^ingest\/dead-letters +cause +at once +10 min$/m);
  assert.match(stdout, /^ingest\/dead-letters-waiting +cause +1 h +once they are replayed$/m);
});

test('values are read in the flag’s own unit', async t => {
  const { flags, flag } = await start(t);
  const read = [
    ['api-latency', '250', 250],
    ['api-latency', '0.25s', 250],
    ['slow-appends', '2s', 2000],
    ['api-errors', '0.2', 0.2],
    ['poison-messages', '12.5%', 0.125],
  ] as const;
  for (const [name, text, value] of read) {
    await flag(name, text);
    assert.equal(flags.value(name), value);
  }
});

test('--off switches a flag off', async t => {
  const { flags, flag } = await start(t);
  flags.set('dropped-telemetry', 1);
  const { exitCode, stdout } = await flag('dropped-telemetry', '--off');
  assert.deepEqual([exitCode, stdout], [0, 'dropped-telemetry is off\n']);
  assert.equal(flags.value('dropped-telemetry'), undefined);
});

test('what is used wrongly is exit 1, with a sentence', async t => {
  const { flags, flag } = await start(t);
  const wrong: [string[], RegExp][] = [
    [['api'], /value 'api' is invalid .* Allowed choices are api-latency, /],
    [['api-errors', 'many'], /api-errors must be a share from 0\.001 to 1, such as 1 or 100%, not "many"/],
    [['api-latency', '50%'], /api-latency must be milliseconds from 1 to 10000, such as 300 or 300ms, not "50%"/],
    [['api-errors', '150%'], /api-errors must be a share .* not 1\.5/],
    [['warehouse-down', '0.5'], /warehouse-down must be left out: the flag is on or off, not 0\.5/],
    [['api-errors', '--for', 'long'], /--for must be above 0 and at most 24h, such as 10m, not "long"/],
    [['api-errors', '--for', '25h'], /--for must be above 0 and at most 24h, such as 10m, not "25h"/],
    [['--for', '10m'], /--for needs the name of a flag/],
    [['--off'], /--off takes the name of a flag and nothing else/],
    [['api-errors', '1', '--off'], /--off takes the name of a flag and nothing else/],
  ];
  for (const [args, message] of wrong) {
    const { exitCode, stdout, stderr } = await flag(...args);
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, message);
  }
  assert.ok(flags.list().every(({ value }) => value === undefined));
});

test('where nothing answers it is exit 1, with what to start', async () => {
  const url = await closedUrl();
  const { exitCode, stdout, stderr } = await runLine(['flag', '--endpoint', url]);
  assert.deepEqual([exitCode, stdout], [1, '']);
  assert.match(
    stderr,
    new RegExp(`^burnline flag: nothing answers at ${url} .*start the platform with \`npm start\`, or name another`),
  );
  const port = new URL(url).port;
  const byEnvironment = await runLine(['flag'], { env: { BURNLINE_MONITORING_PORT: port } });
  assert.match(byEnvironment.stderr, new RegExp(`nothing answers at ${url} `));
});

test('what answers and is no local Cloud Monitoring, or hangs up, is told', async () => {
  await using other = await startServer((_, response) => response.writeHead(404).end('<html>'));
  const { exitCode, stderr } = await runLine(['flag', 'api-errors', '--endpoint', other.url]);
  assert.equal(exitCode, 1);
  assert.match(stderr, /POST http.*\/flags was answered 404: is this the local Cloud Monitoring\?/);
  await using rude = await startServer((_, response) => response.destroy());
  assert.match((await runLine(['flag', '--endpoint', rude.url])).stderr, /broke off: fetch failed/);
});
