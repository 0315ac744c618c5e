import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { temporaryFolder } from '../base/testing.ts';
import { lints } from '../slo/lints/table.ts';
import { runLine } from './testing.ts';

const spec = (id: string, goal: number, more = '') => `import { availability, ratio, service } from 'burnline';

export const it = service('${id}', {
  owner: 'team',
  runbook: 'https://example.com/runbook',
  slos: [
    availability({ goal: ${goal}, period: '28d', sli: ratio('reads', { good: { ok: 'true' } }), why: 'Because.' }),
  ],
  ${more}
});
`;
const TRAFFIC = 'traffic: { quietestHour: 100_000 },';

/** Moves this process into the folder of a user who has installed burnline, with some files. */
function enterFolder(files: Readonly<Record<string, string>>): void {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '..'), join(folder, 'node_modules/burnline'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  process.chdir(folder);
}

test('what is fine is told in one line, in a repository that says nothing of modules too', async () => {
  enterFolder({ 'a.slo.ts': spec('a', 0.999, TRAFFIC), 'package.json': '{}' });
  const { exitCode, stdout, stderr } = await runLine(['check']);
  assert.deepEqual(
    { exitCode, stdout, stderr },
    { exitCode: 0, stdout: '1 service, 1 objective: 0 errors, 0 warnings\n', stderr: '' },
  );
});

test('a warning is shown and is no failure', async () => {
  enterFolder({ 'a.slo.ts': spec('a', 0.999) });
  const { exitCode, stdout } = await runLine(['check']);
  assert.equal(exitCode, 0);
  assert.match(
    stdout,
    /^a\.slo\.ts:3 {2}warning {2}traffic-unsaid\n {2}a: .+\.\n {2}Say traffic: .+\n1 service, .*, 1 warning\n$/,
  );
});

test('an error says where, which lint, the numbers and what to do, and is exit 2', async () => {
  enterFolder({ 'a.slo.ts': spec('a', 0.99999, TRAFFIC), 'b.slo.ts': spec('b', 0.999, TRAFFIC) });
  const { exitCode, stdout, stderr } = await runLine(['check']);
  assert.equal(exitCode, 2);
  assert.match(
    stdout,
    /^a\.slo\.ts:7 {2}error {2}goal-not-possible\n {2}a\/availability: the goal is 0\.99999, .+\n {2}Take a goal .+\n2 services,/,
  );
  assert.match(stderr, /^burnline check: a check has failed/);
});

test('only the files that are named are checked', async () => {
  enterFolder({ 'a.slo.ts': spec('a', 0.99999, TRAFFIC), 'b.slo.ts': spec('b', 0.999, TRAFFIC) });
  assert.equal((await runLine(['check', 'b.slo.ts'])).exitCode, 0);
  const { exitCode, stderr } = await runLine(['check', 'c.slo.ts', 'd.slo.ts']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /c\.slo\.ts is not there.*\nd\.slo\.ts is not there/);
});

test('JSON has the findings with their severity, relative path and remedy', async () => {
  enterFolder({ 'a.slo.ts': spec('a', 0.99999, TRAFFIC) });
  const { stdout } = await runLine(['check', '--format', 'json']);
  const { services, objectives, findings } = JSON.parse(stdout);
  const [{ message, remedy, ...finding }] = findings;
  assert.deepEqual([services, objectives, findings.length], [1, 1, 1]);
  assert.deepEqual(finding, {
    ...{ code: 'goal-not-possible', severity: 'error', file: 'a.slo.ts', line: 7, service: 'a', slo: 'availability' },
  });
  assert.ok(message.includes('0.99999') && remedy === lints['goal-not-possible'].remedy);
});

test('GitHub gets a command for each finding, with percent signs and colons escaped', async () => {
  enterFolder({ 'a,b.slo.ts': spec('a', 0.9, TRAFFIC) });
  const { exitCode, stdout, stderr } = await runLine(['check', '--format', 'github']);
  assert.equal(exitCode, 2);
  assert.match(
    stdout,
    /^::error file=a%2Cb\.slo\.ts,line=7,title=never-fires::a\/availability: tier page-fast fires above 134\.4 %25 of .+\n$/,
  );
  assert.match(stderr, /^1 service, 1 objective: 1 error, 0 warnings\n/);
});

test('GitHub gets a command for each file that does not load, and the shell its line', async () => {
  enterFolder({ 'a.slo.ts': 'export const x = (;\n', 'b.slo.ts': 'export const y = 1;\n' });
  const { exitCode, stdout, stderr } = await runLine(['check', '--format', 'github']);
  assert.equal(exitCode, 1);
  assert.match(
    stdout,
    /^::error file=a\.slo\.ts,line=1,title=Spec files do not load::.+\n::error file=b\.slo\.ts,line=1,.+no service/,
  );
  assert.match(stderr, /a\.slo\.ts:1: .+\nb\.slo\.ts:1: exports y, /);
});

test('every lint is explained with an example and what to do, also as JSON', async () => {
  for (const [code, { explanation, example, remedy }] of Object.entries(lints)) {
    const { exitCode, stdout } = await runLine(['check', '--explain', code]);
    assert.equal(exitCode, 0);
    for (const text of [code, explanation, example, remedy]) assert.ok(stdout.includes(text), code);
  }
  const { stdout } = await runLine(['check', '--explain', 'never-fires', '--format', 'json']);
  const { explanation, example, remedy, severity } = lints['never-fires'];
  assert.deepEqual(JSON.parse(stdout), { code: 'never-fires', severity, explanation, remedy, example });
});

test('an unknown code is told with the list of all', async () => {
  const { exitCode, stderr } = await runLine(['check', '--explain', 'toString']);
  assert.equal(exitCode, 1);
  for (const code of Object.keys(lints)) assert.ok(stderr.includes(code));
});

test('what types would refuse is refused with its line where nobody has checked them', async () => {
  const wrong = (period: string) => spec('a', 0.999, TRAFFIC).replace("period: '28d',", period);
  const told = async (text: string) => {
    enterFolder({ 'a.slo.ts': text, 'b.slo.ts': spec('b', 0.999, TRAFFIC) });
    const { exitCode, stdout, stderr } = await runLine(['check']);
    assert.deepEqual([exitCode, stdout], [2, '']);
    return stderr;
  };
  assert.match(
    await told(wrong("period: '4 weeks',")),
    /a\.slo\.ts:7: does not type-check: must be a duration .*"4 weeks"\n$/,
  );
  assert.match(await told(wrong("period: '28d', calendar: 'month',")), /a\.slo\.ts:7: .* not both\n$/);
  assert.match(await told(wrong('')), /a\.slo\.ts:7: .* must have a period/);
  assert.match(await told(spec('a', 0.999, 'slos: undefined')), /a\.slo\.ts:3: does not type-check: /);
});
