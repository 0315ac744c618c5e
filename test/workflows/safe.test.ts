import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf, jobs, linesOf, type Step, workflows } from './read.ts';

const steps = jobs.flatMap(job => job.steps.map(step => ({ job, step })));
const titles = (found: readonly { title: string }[]) => found.map(({ title }) => title);

test('every action is pinned to a commit, with its version beside it, and to the same one everywhere', () => {
  const pins = workflows.flatMap(({ text }) => text.match(/uses: .*/g) ?? []);
  assert.equal(pins.length, steps.filter(({ step }) => step.uses).length);
  assert.deepEqual(
    pins.filter(pin => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin)),
    [],
  );
  const commits = Map.groupBy(new Set(pins), pin => pin.split('@')[0]);
  assert.deepEqual(
    [...commits].filter(([, each]) => each.length > 1),
    [],
  );
});

test('a workflow grants nothing, and each job what it needs, with its reason where it may write', () => {
  for (const { file, permissions } of workflows) assert.deepEqual(permissions, {}, file);
  assert.deepEqual(titles(jobs.filter(({ permissions }) => permissions === undefined)), []);
  const grants = workflows.flatMap(({ text }) => text.match(/^ {6}[\w-]+: write.*/gm) ?? []);
  assert.ok(grants.length > 0);
  assert.deepEqual(
    grants.filter(grant => !/: write # to /.test(grant)),
    [],
  );
});

test('every job ends by itself, and on a runner that does not change under it', () => {
  assert.deepEqual(titles(jobs.filter(job => !((job['timeout-minutes'] ?? 0) > 0))), []);
  const runners = workflows.flatMap(({ text }) => text.match(/runs-on: .*/g) ?? []);
  assert.deepEqual([...new Set(runners)], ['runs-on: ubuntu-24.04']);
});

test('a step has failed where any of its commands has', () => {
  for (const { file, defaults } of workflows) assert.equal(defaults?.run.shell, 'bash', file);
  const forgiving = jobs.flatMap(job => linesOf(job).filter(line => /\|\| (?!code=\$\?$)|set \+/.test(line)));
  assert.deepEqual(forgiving, []);
});

test('only checks of a change are cut off by a newer one', () => {
  for (const { file, concurrency } of workflows) {
    assert.equal(concurrency?.['cancel-in-progress'], file === 'ci.yml', file);
  }
});

test('no value of an event stands in a command, where it could be one', () => {
  const lines = jobs.flatMap(job => linesOf(job).map(line => ({ title: job.title, line })));
  assert.deepEqual(
    lines.filter(({ line }) => line.includes('${{')),
    [],
  );
});

test('a checkout leaves no token behind', () => {
  const checkouts = steps.filter(({ step }) => actionOf(step) === 'checkout');
  assert.deepEqual(
    checkouts.filter(({ step }) => step.with?.['persist-credentials'] !== false).map(({ job }) => job.title),
    [],
  );
});

test('nothing runs a change of others with rights of ours', () => {
  for (const { file, on } of workflows) {
    assert.ok(!('pull_request_target' in on || 'workflow_run' in on), file);
  }
});

test('a pull request is never an account that may change anything', () => {
  const ofPulls = workflows.filter(({ on }) => 'pull_request' in on).flatMap(workflow => workflow.jobs);
  const mayWrite = ofPulls.filter(job => accountsOf(job.steps).some(account => !account.includes('PLAN_ACCOUNT')));
  assert.deepEqual(titles(mayWrite), ['infra.yml: apply']);
  assert.match(
    mayWrite[0]?.if ?? '',
    /^github\.event_name != 'pull_request' && github\.ref == 'refs\/heads\/main' && /,
  );
});

test('the accounts that may change something are those of an environment', () => {
  const changing = jobs.filter(job => accountsOf(job.steps).some(account => !account.includes('PLAN_ACCOUNT')));
  assert.ok(changing.length >= 4);
  assert.deepEqual(titles(changing.filter(({ environment }) => !environment)), []);
});

test('a job with a token that writes to pull requests or issues runs nothing but the report', () => {
  const reporting = jobs.filter(({ permissions }) => permissions?.['pull-requests'] || permissions?.issues);
  assert.deepEqual(titles(reporting), ['infra.yml: report', 'slo.yml: report', 'slo.yml: report-drift']);
  for (const job of reporting) {
    assert.equal(job.permissions?.['id-token'], undefined, job.title);
    assert.ok(
      linesOf(job).every(line => line.startsWith('node .github/scripts/report.ts ')),
      job.title,
    );
  }
});

function accountsOf(steps: readonly Step[]): string[] {
  const auths = steps.filter(step => actionOf(step) === 'auth');
  for (const { with: inputs } of auths) assert.ok(!inputs?.credentials_json, 'no key file');
  return auths.map(({ with: inputs }) => String(inputs?.service_account));
}
