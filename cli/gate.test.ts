import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../base/testing.ts';
import { type FakeWorld, startFakeCloudMonitoring } from '../slo/cloud-monitoring/fakes.ts';
import { closedUrl, runLine } from './testing.ts';

// The command reads the specs of the folder that it runs in.
const folder = temporaryFolder();
mkdirSync(join(folder, 'node_modules'));
symlinkSync(join(import.meta.dirname, '..'), join(folder, 'node_modules/burnline'));
process.chdir(folder);
writeFileSync('package.json', '{"type":"module"}');
writeFileSync(
  'checkout.slo.ts',
  `import { availability, cloudRun, cloudRunRequests, service } from 'burnline';
   export const checkout = service('checkout', {
     owner: 'payments', runsOn: cloudRun({ service: 'checkout', location: 'l' }), traffic: { quietestHour: 5000 },
     slos: [availability({ goal: 0.999, period: '28d', sli: cloudRunRequests(), why: 'Buyers retry once.' })],
     freeze: { below: 0.1, fixesBelow: 0.02 }, runbook: 'https://wiki.example/checkout',
   });`,
);

const LEFT = 'availability has 50 % of its 28-day budget left, burn rate 1 over 1 h';
const k6 = (passes: number, fails: number) =>
  JSON.stringify({ metrics: { slo_availability: { type: 'rate', values: { rate: 0, passes, fails } } } });
writeFileSync('enough.json', k6(2995, 0));
writeFileSync('few.json', k6(100, 0));
writeFileSync('bad.json', k6(2900, 95));
writeFileSync('empty.json', '');

/** Runs the gate against a Cloud Monitoring in which all is well, but for what is said. */
async function gate(args: readonly string[], world: Partial<FakeWorld> = {}, env: NodeJS.ProcessEnv = {}) {
  await using fake = await startFakeCloudMonitoring({
    services: { checkout: ['availability'], 'checkout-dev': ['availability'] },
    budgets: { 'checkout/availability': 0.5, 'checkout-dev/availability': 0.03 },
    burns: { 'checkout/availability': 1, 'checkout-dev/availability': 0 },
    ...world,
  });
  const target = ['--service', 'checkout', '--endpoint', fake.endpoint];
  return await runLine(['gate', ...target, ...args], { env: { GOOGLE_CLOUD_PROJECT: 'p', ...env } });
}

test('go is exit 0, with a line for each reason', async () => {
  const { exitCode, stdout, stderr } = await gate(['--k6', 'enough.json']);
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.deepEqual(stdout.split('\n'), [
    'go: checkout may be deployed',
    'go: availability is proven: 2,995 of 2,995 requests were good, so at least 99.9 % at 95 % confidence, and the goal is 99.9 %',
    `go: ${LEFT}`,
    'go: no incident of checkout is open',
    '',
  ]);
});

test('stop is exit 2, with what stops first', async () => {
  const { exitCode, stdout, stderr } = await gate([], { budgets: { 'checkout/availability': 0.032 } });
  assert.equal(exitCode, 2);
  assert.deepEqual(stdout.split('\n').slice(0, 2), [
    'stop: checkout is not to be deployed',
    'stop: availability has 3.2 % of its 28-day budget left, deploys stop below 10 %',
  ]);
  assert.equal(stderr, 'burnline gate: stop, checkout: 1 of 2 reasons say so\n');
  assert.equal((await gate(['--k6', 'bad.json'])).exitCode, 2);
  assert.equal((await gate([], { alerts: [{ service: 'checkout', severity: 'page' }] })).exitCode, 2);
});

test('not enough is exit 3: too few requests, an empty k6 file, no budget, an old one', async () => {
  for (const [args, world, sentence] of [
    [['--k6', 'few.json'], {}, /needs 2,995, all of them good/],
    [['--k6', 'empty.json'], {}, /the k6 file empty\.json is empty/],
    [[], { budgets: {} }, /has had no budget in Cloud Monitoring for 1 d/],
    [[], { burns: {} }, /has no burn rate over 1 h: nothing was counted/],
    [['--window', '5m'], { budgets: { 'checkout/availability': { value: 1, ageSeconds: 900 } } }, /is 15 min old/],
  ] as const) {
    const { exitCode, stdout, stderr } = await gate(args, world);
    assert.equal(exitCode, 3, stdout);
    assert.match(stdout, /^not-enough: checkout is not to be deployed, for too little is known\nnot-enough: /);
    assert.match(stdout, sentence);
    assert.match(stderr, /not enough to say, checkout: 1 of \d reasons say so/);
  }
});

test('a wrong service, file or endpoint is exit 1, and no override makes it go', async () => {
  const over = ['--override', '--reason', 'because'];
  const line = (...args: string[]) =>
    runLine(['gate', ...args, ...over], { env: { GOOGLE_CLOUD_PROJECT: 'p', USER: 'ada' } });
  for (const [result, message] of [
    [await line('--service', 'chekout'), /no spec has a service "chekout": there are checkout\n$/],
    [
      await gate([...over, '--name-suffix', '-eu'], {}, { USER: 'ada' }),
      /has no service checkout-eu in project p: there are checkout, checkout-dev\n$/,
    ],
    [await gate([...over, '--k6', 'nowhere.json'], {}, { USER: 'ada' }), /the k6 file cannot be read: ENOENT/],
    [await line('--service', 'checkout', '--endpoint', await closedUrl()), /does not give .+ ECONNREFUSED/],
    [await runLine(['gate', '--service', 'checkout']), /needs --project, or GOOGLE_CLOUD_PROJECT/],
    [await gate(['--window', '25h']), /--window must be a duration from 5m to 24h, such as 1h, not "25h"/],
    [await gate(['--window', '1 hour']), /--window must be a duration/],
  ] as const) {
    assert.deepEqual([result.exitCode, result.stdout], [1, ''], result.stderr);
    assert.match(result.stderr, message);
  }
  assert.ok(!existsSync('gate-overrides.jsonl'));
});

test('specs that fail their check are no ground to judge on', async () => {
  // Modules are loaded once, so what is wrong stands in a folder of its own.
  const spec = readFileSync('checkout.slo.ts', 'utf8');
  mkdirSync('wrong/node_modules', { recursive: true });
  symlinkSync(join(import.meta.dirname, '..'), 'wrong/node_modules/burnline');
  writeFileSync('wrong/checkout.slo.ts', spec.replace('goal: 0.999', 'goal: 0.99999'));
  process.chdir('wrong');
  const { exitCode, stderr } = await gate([]);
  process.chdir(folder);
  rmSync('wrong', { recursive: true });
  assert.deepEqual([exitCode, stderr], [2, 'burnline gate: a check of the specs has failed: see burnline check\n']);
});

test('an environment is judged by its own SLOs, and a fix down to what its policy says', async () => {
  const dev = await gate(['--name-suffix', '-dev']);
  assert.deepEqual([dev.exitCode, dev.stdout.includes('has 3 % of its 28-day budget left')], [2, true]);
  assert.equal((await gate(['--name-suffix', '-dev', '--change', 'fix'])).exitCode, 0);
});

test('JSON has the verdict, the reasons and their figures', async () => {
  const { stdout } = await gate(['--format', 'json', '--window', '6h']);
  const { at, ...rest } = JSON.parse(stdout);
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 600_000);
  assert.deepEqual(rest, {
    ...{ verdict: 'go', service: 'checkout', window: '6h' },
    reasons: [
      {
        ...{ source: 'budget', slo: 'availability', verdict: 'go', sentence: LEFT.replace('1 h', '6 h') },
        // 6 of the 672 hours of the period.
        figures: { left: 0.5, burn: 1, next: 0.491071428571 },
      },
      { source: 'incident', verdict: 'go', sentence: 'no incident of checkout is open' },
    ],
  });
});

test('Markdown is a table in which nobody’s words break out of their cell', async () => {
  const alerts = [{ service: 'checkout', severity: 'page', title: 'a | b\n@team <img>' }] as const;
  const { stdout } = await gate(['--format', 'markdown'], { alerts });
  assert.match(
    stdout,
    /^### Burnline gate\n\n> \[!CAUTION\]\n> \*\*stop\*\*: checkout is not to be deployed\.\n\n\| Verdict/,
  );
  assert.match(
    stdout,
    /^\| stop \| incident \| {2}\| a page has been open for 10 min: a \\\| b \\@team \\<img\\> \|$/m,
  );
  assert.match(stdout, /^\| go \| budget \| availability \| availability has 50 % /m);
  assert.match(stdout, /\n\nJudged at \d{4}-\S+Z over 1h\.\n$/);
});

test('an override goes on, and is recorded with who, when, why and against what', async () => {
  const args = ['--k6', 'few.json', '--override', '--reason', ' rolls back\nwhat burns ', '--record', 'record.jsonl'];
  const actor = { GITHUB_ACTOR: 'grace', USER: 'runner' };
  const { exitCode, stdout, stderr } = await gate([...args, '--format', 'json'], {}, actor);
  assert.deepEqual([exitCode, stderr], [0, 'the override is recorded in record.jsonl\n']);
  const { verdict, at, override, reasons } = JSON.parse(stdout);
  assert.equal(verdict, 'go');
  assert.deepEqual(override, { at, by: 'grace', reason: 'rolls back what burns', verdict: 'not-enough' });
  assert.deepEqual([reasons[0].source, reasons[0].verdict, reasons[1].verdict], ['override', 'go', 'not-enough']);

  const text = await gate(args, { budgets: { 'checkout/availability': -1 } }, { USER: 'ada' });
  assert.match(text.stdout, /^go: checkout may be deployed\ngo: stop overridden by ada: rolls back what burns\nstop: /);
  const lines = readFileSync('record.jsonl', 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.deepEqual(lines[0], { ...override, service: 'checkout', against: [reasons[1].sentence] });
  assert.deepEqual([lines[1].by, lines[1].verdict, lines[1].against.length, lines.length], ['ada', 'stop', 2, 2]);
});

test('an override needs a reason and a name, and counts only where it is recorded', async () => {
  const few = ['--k6', 'few.json', '--override', '--record', 'unrecorded.jsonl'];
  for (const [args, env, message] of [
    [few, { USER: 'ada' }, /--override needs a --reason that says why/],
    [[...few, '--reason', ' '], { USER: 'ada' }, /--override needs a --reason that says why/],
    [['--reason', 'because'], { USER: 'ada' }, /a --reason needs --override/],
    [[...few, '--reason', 'because'], {}, /needs a name to record: set GITHUB_ACTOR or USER/],
    [
      [...few, '--reason', 'because', '--record', 'no/such/folder'],
      { USER: 'ada' },
      /cannot be recorded, so it does not count: ENOENT/,
    ],
  ] as const) {
    const { exitCode, stdout, stderr } = await gate(args, {}, env);
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, message);
  }
  assert.ok(!existsSync('unrecorded.jsonl'));
});

test('where the verdict is go, there is nothing to override and nothing is recorded', async () => {
  const args = ['--override', '--reason', 'because', '--record', 'unneeded.jsonl'];
  const { exitCode, stdout, stderr } = await gate(args, {}, { USER: 'ada' });
  assert.deepEqual([exitCode, stderr], [0, 'there is nothing to override\n']);
  assert.doesNotMatch(stdout, /overridden/);
  assert.ok(!existsSync('unneeded.jsonl'));
});
