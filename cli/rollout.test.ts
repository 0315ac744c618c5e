import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { type Clock, createManualClock, systemClock } from '../base/clock.ts';
import { temporaryFolder } from '../base/testing.ts';
import { createFakeCloudRun, createFakeRequestCount, createFakeService } from '../slo/rollout/fakes.ts';
import { BY_REVISION } from '../slo/rollout/traffic.ts';
import { rolloutCommand } from './rollout.ts';
import { run } from './run.ts';
import { closedUrl, createTestIo, startServer } from './testing.ts';

const NAME = 'projects/my-project/locations/us-central1/services/api-dev';
const to = (revision: string, percent: number) => ({ type: BY_REVISION, revision, percent });
const BEFORE = [to('api-1', 100)];
const SPLIT = [to('api-1', 90), to('api-2', 10)];

const spec = (more: string) => `
import { availability, cloudRun, cloudRunRequests, noAlerts, openTelemetry, service, windows } from 'burnline';
const slo = { goal: 0.999, period: '28d', sli: cloudRunRequests(), why: 'Because.' } as const;
const runsOn = cloudRun({ service: 'api', location: 'us-central1' });
export const all = [
  service('api', { owner: 'team', runsOn, slos: [availability(slo)] }),
  ${more}
];
`;

/** A folder of a user who has installed burnline, with a spec. */
function createFolder(more = ''): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '..'), join(folder, 'node_modules/burnline'));
  writeFileSync(join(folder, 'a.slo.ts'), spec(more));
  return folder;
}

/** Cloud Run and Cloud Monitoring on one port, where a new revision fails so often in 50 requests a minute. */
async function startGoogle(clock: Clock, { bad = 0, oldBad = 1 } = {}) {
  const service = createFakeService({ targets: BEFORE, revisions: ['api-1', 'api-2'], latestRevision: 'api-2' });
  const cloudRun = createFakeCloudRun(service, NAME);
  const requestCount = createFakeRequestCount(clock, revision =>
    revision === 'api-2' ? { total: 50, bad } : { total: 450, bad: oldBad },
  );
  const server = await startServer((request, response) => {
    const { method = '', url = '', text } = request;
    const { status, body } = url.startsWith('/v3/') ? requestCount(url) : cloudRun(method, url, text);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return { ...server, service };
}

const argvOf = (url: string, more: readonly string[] = []) => [
  ...['rollout', '--service', 'api', '--name-suffix=-dev', '--project', 'my-project', '--revision', 'api-2'],
  ...['--endpoint', url, '--run-endpoint', url, ...more],
];

/** Runs a rollout in a world where time passes only while somebody waits. */
async function roll(failures: { bad?: number; oldBad?: number }, more: readonly string[] = []) {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 12));
  await using google = await startGoogle(clock, failures);
  process.chdir(createFolder());
  return { ...(await runWith(clock, argvOf(google.url, more))), history: google.service.history };
}

async function runWith(clock: ReturnType<typeof createManualClock>, argv: readonly string[]) {
  const { io, written } = createTestIo({});
  const sleep = async (ms: number) => clock.advance(ms);
  const load = async () => rolloutCommand({ io, time: { clock, sleep } });
  const exitCode = await run(argv, io, { rollout: { description: 'rolls out', load } });
  return { exitCode, ...written };
}

test('a healthy revision is promoted, with the figures on stdout and a line for each look on stderr', async () => {
  const { exitCode, stdout, stderr, history } = await roll({});
  assert.equal(exitCode, 0);
  assert.deepEqual(history, [BEFORE, SPLIT, [to('api-2', 100)]]);
  assert.match(
    stdout,
    /^api-2 was promoted: 0 of 1,500 requests \(0 %\) failed, against 30 of 13,500 requests \(0\.2222 %\) of api-1\n/,
  );
  assert.match(stdout, /p = 1, worse at 0\.005 or less; look 30 of 30, 1 % over all\n/);
  assert.match(
    stdout,
    /1\.344 % of failures page \(availability 99\.9 %, burn 13\.44\): 1,071 requests are enough to find so many/,
  );
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 31);
  assert.match(lines[0] ?? '', /^api-2 has 10 % of the traffic of api-1, for 30 min$/);
  assert.match(
    lines[1] ?? '',
    /^look 1 of 30: 0 of 50 requests \(0 %\) failed, against 1 of 450 .*; no number of requests would do yet$/,
  );
  assert.match(lines.at(-1) ?? '', /; 0 more requests wanted$/);
});

test('a worse revision is rolled back with exit code 2, as Markdown for the summary of a job', async () => {
  const { exitCode, stdout, stderr, history } = await roll({ bad: 9 }, ['--format', 'markdown']);
  assert.equal(exitCode, 2);
  assert.deepEqual(history, [BEFORE, SPLIT, BEFORE]);
  assert.match(
    stdout,
    /^### Burnline rollout: api\n\n> \[!CAUTION\]\n> api-2 was rolled back, for it is worse: 9 of 50 /,
  );
  assert.match(
    stdout,
    /of api-1\.\n\n- Fisher's exact test: p = 4\.63e-9, worse at 0\.000172 or less; look 1 of 30, 1 % over all\n$/,
  );
  assert.match(stderr, /^burnline rollout: api-2 was rolled back, for it is worse/m);
});

test('too few requests are exit code 3, and JSON has every figure', async () => {
  const { exitCode, stdout, stderr, history } = await roll({}, ['--format', 'json', '--soak', '2m', '--share', '20']);
  assert.equal(exitCode, 3);
  assert.deepEqual(history, [BEFORE, [to('api-1', 80), to('api-2', 20)], BEFORE]);
  const { look, ...report } = JSON.parse(stdout);
  assert.deepEqual(report, {
    ...{ service: 'api', project: 'my-project', location: 'us-central1', name: 'api-dev' },
    slo: { id: 'availability', goal: 0.999, threshold: 13.44 },
    ...{ revision: 'api-2', sharePercent: 20, soakSeconds: 120, alarmingShare: 0.01344 },
    ...{ decision: 'not-enough', oldRevision: 'api-1', traffic: 'old' },
  });
  assert.deepEqual([look.number, look.looks, look.new], [2, 2, { total: 100, bad: 0 }]);
  assert.match(stderr, /for too little is known: it had 100 requests, and [\d,]+ would be enough$/m);
});

test('where the old revision fails as much as pages, no number of requests is enough, and that is said', async () => {
  const { exitCode, stdout } = await roll({ oldBad: 20 });
  assert.equal(exitCode, 3);
  assert.match(
    stdout,
    /600 of 13,500 requests \(4\.444 %\) of api-1 failed, and against that no number of requests is enough\n/,
  );
});

test('a process that is interrupted or hung up on has put the traffic back before it ends, with exit code 1', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    await using google = await startGoogle(systemClock);
    const argv = [join(import.meta.dirname, 'burnline.ts'), ...argvOf(google.url, ['--format', 'json'])];
    const child = spawn(process.execPath, argv, { cwd: createFolder(), stdio: ['ignore', 'pipe', 'pipe'] });
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', text => {
      written.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      written.stderr += text;
      if (text.includes('api-2 has 10 %')) child.kill(signal);
    });
    const [exitCode] = await once(child, 'close');
    assert.equal(exitCode, 1, written.stderr);
    assert.deepEqual(google.service.history, [BEFORE, SPLIT, BEFORE]);
    assert.equal(JSON.parse(written.stdout).decision, 'broken');
    const told = /not rolled out: it was interrupted by SIG(INT|TERM)\. api-1 has all the traffic, as before$/m;
    assert.match(written.stderr, told);
  }
});

test('a reader of stderr that has gone does not end a rollout half way', async () => {
  const clock = createManualClock(0);
  await using google = await startGoogle(clock);
  process.chdir(createFolder());
  const { io } = createTestIo({});
  const sleep = async (ms: number) => {
    clock.advance(ms);
    io.stderr.destroy(new Error('EPIPE'));
  };
  const load = async () => rolloutCommand({ io, time: { clock, sleep } });
  const exitCode = await run(argvOf(google.url), io, { rollout: { description: 'rolls out', load } });
  assert.equal(exitCode, 0);
  assert.deepEqual(google.service.history, [BEFORE, SPLIT, [to('api-2', 100)]]);
});

test('traffic that cannot be put back is told with the command that does so', async () => {
  const clock = createManualClock(0);
  await using google = await startGoogle(clock, { bad: 9 });
  google.service.control.trouble = targets => {
    if (targets.length === 1) throw new Error('the zone is down');
  };
  process.chdir(createFolder());
  const { exitCode, stdout } = await runWith(clock, argvOf(google.url));
  assert.equal(exitCode, 1);
  assert.match(
    stdout,
    /the zone is down\. SEE TO THE TRAFFIC: gcloud run services update-traffic api-dev --project my-project --region us-central1 --to-revisions api-1=100\n/,
  );
});

test('an endpoint that is absent changes nothing', async () => {
  const clock = createManualClock(0);
  await using google = await startGoogle(clock);
  process.chdir(createFolder());
  const absent = await closedUrl();
  for (const option of ['--endpoint', '--run-endpoint']) {
    const { exitCode, stdout, stderr } = await runWith(clock, argvOf(google.url, [option, absent]));
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, /^burnline rollout: .*ECONNREFUSED/);
  }
  assert.deepEqual(google.service.history, [BEFORE]);
});

test('a service without a spec, one that runs elsewhere and one with nothing to judge by are refused with a sentence', async () => {
  process.chdir(
    createFolder(`
      service('elsewhere', { owner: 'team', runsOn: openTelemetry({ job: 'x' }), slos: [availability(slo)] }),
      service('quiet', { owner: 'team', runsOn, slos: [availability({ ...slo, alerts: noAlerts })] }),
      service('windowed', { owner: 'team', runsOn, slos: [
        availability({ ...slo, sli: windows({ every: '1m', good: { ratioAtLeast: 0.9, of: cloudRunRequests() } }) }),
      ] }),`),
  );
  for (const [id, said] of [
    ['cart', /no spec has a service "cart": there are api, elsewhere, quiet, windowed/],
    ['elsewhere', /"elsewhere" does not run on Cloud Run/],
    ['windowed', /"windowed" has nothing to judge a revision by/],
    ['quiet', /"quiet" has nothing to judge a revision by: give its spec an availability SLO/],
  ] as const) {
    const argv = argvOf('http://127.0.0.1:1', ['--service', id]);
    const { exitCode, stderr } = await runWith(createManualClock(0), argv);
    assert.equal(exitCode, 1);
    assert.match(stderr, said);
  }
});

test('options that cannot be are refused with their rule', async () => {
  for (const [option, value, said] of [
    ['--soak', '90d', /--soak must be a duration from 1m to 24h, such as 30m, not "90d"/],
    ['--soak', '30s', /--soak must be/],
    ['--share', '51', /--share must be an integer from 1 to 50/],
    ['--project', '', /needs --project, or GOOGLE_CLOUD_PROJECT/],
  ] as const) {
    const { exitCode, stderr } = await runWith(createManualClock(0), argvOf('http://127.0.0.1:1', [option, value]));
    assert.equal(exitCode, 1);
    assert.match(stderr, said);
  }
});
