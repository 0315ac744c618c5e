import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { actionOf, type Job, jobOf, linesOf, workflows } from './read.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { ci, deploy } = { ci: 'ci.yml', deploy: 'deploy.yml' };

/** Where a command stands in a job; each of them once. */
function placesOf(job: Job, commands: readonly RegExp[]): number[] {
  return commands.map(command => {
    const found = job.steps.flatMap(({ run }, index) => (run && command.test(run) ? [index] : []));
    assert.equal(found.length, 1, `${job.title}: ${command} at ${found.join(', ') || 'no place'}`);
    return found[0] as number;
  });
}

test('a revision without traffic is tested, then loaded, then judged, then rolled out, and nothing between lets a failure pass', () => {
  const job = jobOf(deploy, 'api');
  const places = placesOf(job, [
    /gcloud run deploy records-api .*--no-traffic/s,
    /npm run test:integration/,
    /k6 run load-tests\/smoke\.ts/,
    /k6 run load-tests\/load\.ts/,
    /burnline gate .*--k6 load-tests\/results\/load\.json/,
    /burnline\.ts rollout .*--revision/,
  ]);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  const conditional = job.steps.slice(0, places.at(-1)).filter(step => step.if !== undefined);
  assert.deepEqual(conditional, []);
  const forgiven = job.steps.filter(step => step['continue-on-error']);
  assert.deepEqual(
    forgiven.map(({ run }) => run),
    ['k6 run load-tests/load.ts'],
  );
});

test('an identity is fresh where it is used after a load test', () => {
  for (const job of [jobOf(deploy, 'api'), jobOf('load.yml', 'soak')]) {
    const gate = job.steps.findIndex(({ run }) => run?.includes('burnline gate'));
    assert.equal(actionOf(job.steps[gate - 1] ?? {}), 'auth', job.title);
  }
});

test('what is deployed is what was built, by digest, with its bill of materials, its provenance and a signature', () => {
  const { steps, outputs = {} } = jobOf(deploy, 'images');
  const built = steps.filter(step => actionOf(step) === 'build-push-action');
  assert.deepEqual(
    built.map(({ with: { sbom, provenance, push } = {} }) => [sbom, provenance, push]),
    built.map(() => [true, 'mode=max', true]),
  );
  const names = built.map(({ id }) => id);
  const signed = steps.filter(step => actionOf(step) === 'attest').map(step => step.with?.['subject-digest']);
  const digests = names.map(name => `\${{ steps.${name}.outputs.digest }}`);
  assert.deepEqual([Object.keys(outputs), Object.values(outputs), signed], [names, digests, digests]);
  const images = ['api', 'ingest'].flatMap(id =>
    jobOf(deploy, id).steps.flatMap(({ env }) => (env?.IMAGE ? [env.IMAGE] : [])),
  );
  assert.deepEqual(
    images,
    names.map(name => `\${{ env.IMAGES }}/${name}@\${{ needs.images.outputs.${name} }}`),
  );
});

test('the targets that are built are those of the Dockerfile, and a change of what they copy is a deploy', () => {
  const dockerfile = read('Dockerfile');
  const stages = [...dockerfile.matchAll(/^FROM service AS (\w+)$/gm)].map(([, name]) => name);
  const inCi = linesOf(jobOf(ci, 'images')).find(line => line.startsWith('for target in '));
  assert.equal(inCi, `for target in ${stages.join(' ')}; do`);
  const targets = jobOf(deploy, 'images').steps.flatMap(step => String(step.with?.target ?? '').match(/\w+/g) ?? []);
  assert.deepEqual(
    stages.filter(stage => !targets.includes(stage as string)),
    [],
  );
  const copied = [...dockerfile.matchAll(/^COPY ([^-].*) \S+$/gm)].flatMap(([, sources]) => sources?.split(' ') ?? []);
  const paths = workflows.find(({ file }) => file === deploy)?.on.push?.paths ?? [];
  const covers = (source: string) => paths.includes(source) || paths.includes(`${source}/**`);
  assert.deepEqual(
    copied.filter(source => source !== '.npmrc' && !covers(source)),
    [],
  );
});

test('names are those that Terraform gives', () => {
  const example = read('terraform/environments/prod.tfvars.example');
  assert.match(example, new RegExp(`apply = "${jobOf('infra.yml', 'apply').environment}"`));
  assert.match(example, new RegExp(`deploy = "${jobOf(deploy, 'api').environment}"`));
  assert.match(read('terraform/main.tf'), /^module "monitoring" \{$/m);
  assert.match(read('terraform/modules/services/main.tf'), /repository_id = "burnline\$\{var\.suffix\}"/);
});

test('what is applied is the plan that was read, by the providers that made it', () => {
  const { steps } = jobOf('infra.yml', 'plan');
  const uploaded = steps.find(step => step.with?.name === 'plan');
  assert.deepEqual(String(uploaded?.with?.path).trim().split('\n'), [
    'terraform/plan.tfplan',
    'terraform/.terraform.lock.hcl',
  ]);
  const apply = jobOf('infra.yml', 'apply');
  assert.deepEqual([apply.needs, apply.environment], ['plan', 'infra-prod']);
  assert.deepEqual(apply.steps.find(step => actionOf(step) === 'download-artifact')?.with, {
    name: 'plan',
    path: 'terraform',
  });
  assert.match(linesOf(apply).at(-1) ?? '', /^terraform apply .* plan\.tfplan$/);
});

test('the workflow does all that CI does here, and one job says whether all of it passed', () => {
  const jobs = workflows.find(({ file }) => file === ci)?.jobs ?? [];
  const ran = jobs.flatMap(linesOf).join('\n');
  const wanted = read('.ci/run').match(/npm run [\w:]+|npm test/g) ?? [];
  assert.ok(wanted.length >= 8);
  assert.deepEqual(
    wanted.filter(command => !new RegExp(`${command}\\b(?!:)`).test(ran)),
    [],
  );
  const { needs, if: when } = jobOf(ci, 'passed');
  assert.deepEqual([needs, when], [jobs.map(({ id }) => id).filter(id => id !== 'passed'), 'always()']);
});
