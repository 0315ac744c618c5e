import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../base/testing.ts';
import { startServer } from './testing.ts';

const root = join(import.meta.dirname, '..');
const command = join(import.meta.dirname, 'burnline.ts');

/** A folder of a user, who has installed burnline. */
function userFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/burnline'));
  return folder;
}

function run(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const edit = (folder: string, path: string, from: string, to: string) =>
  write(folder, path, readFileSync(join(folder, path), 'utf8').replace(from, to));

test('init writes a spec that checks, generates, is fresh afterwards, and keeps what was there', () => {
  const folder = userFolder();
  write(folder, 'tsconfig.json', '{}');
  const init = run(folder, 'init', '--service', 'checkout', '--owner', 'payments');
  assert.equal(init.status, 0, init.stderr);
  assert.match(init.stdout, /wrote slo\/checkout\.slo\.ts\n[\s\S]*kept tsconfig\.json, which was there/);
  assert.equal(readFileSync(join(folder, 'tsconfig.json'), 'utf8'), '{}');
  assert.match(run(folder, 'init', '--service', 'checkout-').stderr, /hyphens between them, .*not "checkout-"/);

  const check = run(folder, 'check');
  assert.deepEqual([check.status, check.stderr], [0, '']);
  assert.match(check.stdout, /^1 service, 2 objectives: 0 errors, 0 warnings$/m);
  edit(folder, 'slo/checkout.slo.ts', "under: '500ms'", "under: '300ms'");
  const between = /bucket-needed\n.* no boundaries are generated: OpenTelemetry’s own bounds are .* 0\.25, 0\.5, /;
  assert.match(run(folder, 'check').stdout, between);
  edit(folder, 'slo/checkout.slo.ts', "under: '300ms'", "under: '500ms'");

  assert.equal(run(folder, 'generate', '--check').status, 2);
  const generate = run(folder, 'generate');
  assert.equal(generate.status, 0, generate.stderr);
  assert.ok(existsSync(join(folder, 'terraform/monitoring/checkout.tf.json')));
  assert.ok(existsSync(join(folder, 'docs/slo/checkout.md')));
  assert.deepEqual(run(folder, 'generate', '--check').status, 0);
});

test('init’s spec loads whatever the service is called, also by an imported name or a word of JavaScript', () => {
  const folder = userFolder();
  const ids = ['service', 'latency', 'cloud-run', 'public', 'default', 'await', 'undefined', '3d'];
  for (const id of ids) assert.equal(run(folder, 'init', '--service', id).status, 0);
  const { status, stdout } = run(folder, 'check');
  assert.match(stdout, new RegExp(`^${ids.length} services, ${2 * ids.length} objectives: 0 errors, 0 warnings$`, 'm'));
  assert.equal(status, 0);
});

test('init refuses an id that check would refuse, and takes another one where the folder has it', () => {
  const folder = userFolder();
  const refused = run(folder, 'init', '--service', 'main');
  assert.deepEqual([refused.status, existsSync(join(folder, 'slo'))], [1, false]);
  assert.match(refused.stderr, /--service must be none of .*main, which generated files are called, not "main"/);
  const main = join(folder, 'main');
  mkdirSync(main);
  assert.match(run(main, 'init').stdout, /^wrote slo\/main-service\.slo\.ts$/m);
  assert.equal(run(main, 'check').status, 0);
});

test('init beside a package.json that is no JSON says so and writes nothing', () => {
  const folder = userFolder();
  for (const text of ['{ "name": "a", }', '[]', '']) {
    write(folder, 'package.json', text);
    const { status, stderr } = run(folder, 'init', '--service', 'checkout');
    assert.match(stderr, /package\.json cannot be read, and nothing was written: /);
    assert.deepEqual([status, existsSync(join(folder, 'slo')), existsSync(join(folder, '.github'))], [1, false, false]);
  }
});

test('init writes into the folder where specs are looked for, and refuses where none is', () => {
  const folder = userFolder();
  const configure = (specs: string[]) =>
    write(folder, 'package.json', JSON.stringify({ name: 'burnline', type: 'module', burnline: { specs } }));
  configure(['one.slo.ts', 'slo/services']);
  write(folder, 'one.slo.ts', '');
  const { status, stdout, stderr } = run(folder, 'init', '--service', 'checkout');
  // Nobody installs a package into itself.
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^wrote slo\/services\/checkout\.slo\.ts$/m);
  configure(['slo/services']);
  assert.match(run(folder, 'check').stdout, /^1 service, /);
  configure(['one.slo.ts']);
  const refused = run(folder, 'init', '--service', 'cart');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /names files alone, .*: add a folder to it$/m);
  assert.ok(!existsSync(join(folder, 'alerts/runbooks/cart.md')));
});

test('init writes nothing for a service that a spec has already', () => {
  const folder = userFolder();
  write(folder, 'our/shop.slo.ts', 'export const a = service(\n  "checkout",\n  {});');
  const { status, stdout, stderr } = run(folder, 'init', '--service', 'checkout');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /the service "checkout" is in our\/shop\.slo\.ts already, and nothing was written/);
  assert.ok(!existsSync(join(folder, 'alerts')));
  assert.equal(run(folder, 'init', '--service', 'check').status, 0);
  const again = run(folder, 'init', '--service', 'check');
  assert.equal(again.status, 0, 'its own spec is kept');
  assert.match(again.stdout, /kept .*check\.slo\.ts, which was there/);
});

test('editing one goal changes only what depends on it, and what is no longer generated is removed', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  run(folder, 'init', '--service', 'cart');
  run(folder, 'generate');
  const before = statSync(join(folder, 'terraform/monitoring/cart.tf.json')).mtimeMs;
  edit(folder, 'slo/checkout.slo.ts', 'goal: 0.999', 'goal: 0.998');
  const { stdout } = run(folder, 'generate');
  const changed = stdout.split('\n').filter(line => line.startsWith('wrote'));
  assert.deepEqual(
    changed.sort(),
    [
      'wrote docs/slo/checkout.md',
      'wrote docs/slo/index.md',
      'wrote terraform/monitoring/checkout.tf.json',
      'wrote terraform/monitoring/dashboards/checkout.json',
      'wrote terraform/monitoring/dashboards/fleet.json',
    ].filter(line => changed.includes(line) || !line.includes('fleet')),
  );
  assert.equal(statSync(join(folder, 'terraform/monitoring/cart.tf.json')).mtimeMs, before);

  edit(folder, 'slo/cart.slo.ts', "service('cart'", "service('basket'");
  assert.match(run(folder, 'generate').stdout, /^removed terraform\/monitoring\/cart\.tf\.json$/m);
});

test('only what generate wrote is removed: a file of one’s own beside it stays, an edited copy of a dashboard too', () => {
  const folder = userFolder();
  const generate = (...args: string[]) =>
    run(folder, 'generate', '--only', 'terraform', 'prometheus', 'openslo', 'grafana', 'handbook', ...args);
  run(folder, 'init', '--service', 'checkout');
  generate();
  const dashboards = 'terraform/monitoring/dashboards';
  const template = readFileSync(join(folder, dashboards, 'checkout.json'), 'utf8');
  const own: Readonly<Record<string, string>> = {
    'terraform/monitoring/own.tf': '# ours\n',
    [`${dashboards}/custom.json`]: '{}\n',
    [`${dashboards}/copy.json`]: template.replace('"displayName": "', '"displayName": "Our '),
    'generated/prometheus/own.yaml': 'groups: []\n',
    'generated/openslo/own.yaml': 'kind: Service\n',
    'generated/grafana/own.json': '{ "tags": ["burnline"] }\n',
    'docs/slo/own.md': '# Ours\n',
  };
  for (const [path, text] of Object.entries(own)) write(folder, path, text);
  assert.equal(generate('--check').status, 0);

  edit(folder, 'slo/checkout.slo.ts', "service('checkout'", "service('basket'");
  const removed = generate()
    .stdout.split('\n')
    .filter(line => line.startsWith('removed'));
  assert.deepEqual(removed.sort(), [
    'removed docs/slo/checkout.md',
    'removed generated/grafana/checkout.json',
    'removed generated/openslo/checkout.yaml',
    'removed generated/prometheus/checkout.yaml',
    'removed terraform/monitoring/checkout.tf.json',
    `removed ${dashboards}/checkout.json`,
  ]);
  for (const [path, text] of Object.entries(own)) assert.equal(readFileSync(join(folder, path), 'utf8'), text);
});

test('a failed check writes nothing, and annotates the line in a pull request', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  edit(folder, 'slo/checkout.slo.ts', 'goal: 0.999', 'goal: 0.99999');
  const { status, stderr } = run(folder, 'generate');
  assert.equal(status, 2);
  assert.match(stderr, /goal-not-possible[\s\S]*nothing was written/);
  assert.ok(!existsSync(join(folder, 'terraform')));
  const check = run(folder, 'check', '--format', 'github');
  assert.equal(check.status, 2);
  assert.match(
    check.stdout,
    /^::error file=slo\/checkout\.slo\.ts,line=\d+,title=goal-not-possible::checkout\/availability: the goal is 0\.99999/m,
  );
});

test('where a check fails, generate and plan say in JSON what check says, and neither goes on', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  commitAll(folder);
  edit(folder, 'slo/checkout.slo.ts', 'goal: 0.999', 'goal: 1.5');
  const check = run(folder, 'check', '--format', 'json').stdout;
  assert.match(check, /"findings":\[\{"code":"goal-/);
  const commands = [['generate'], ['generate', '--check'], ['plan', '--against', 'HEAD']];
  for (const command of commands) {
    const json = run(folder, ...command, '--format', 'json');
    assert.deepEqual([json.status, json.stdout], [2, check]);
    const { status, stdout, stderr } = run(folder, ...command);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /goal-[\s\S]*a check has failed, and nothing was (written|compared)\n$/);
  }
});

test('an output that is asked for twice is written once', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  const { stdout } = run(folder, 'generate', '--only', 'openslo', 'openslo');
  assert.equal(stdout, 'wrote generated/openslo/checkout.yaml\n1 files: 1 changed\n');
});

test('a spec that does not load is exit 1 with file and line, and writes nothing', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  edit(folder, 'slo/checkout.slo.ts', "'28d'", "'28d");
  for (const name of ['check', 'generate']) {
    const { status, stderr } = run(folder, name);
    assert.equal(status, 1);
    assert.match(stderr, /slo\/checkout\.slo\.ts:\d+: /);
  }
  assert.ok(!existsSync(join(folder, 'terraform')));
});

test('explain says what a check is about, and lists the codes where it knows none', () => {
  const folder = userFolder();
  assert.match(run(folder, 'check', '--explain', 'never-fires').stdout, /^never-fires \(error\)\n\nA tier fires/);
  const unknown = run(folder, 'check', '--explain', 'nothing');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /must be one of never-fires, /);
});

/** All of a folder in a commit, in a new repository where it has none. */
function commitAll(folder: string): void {
  write(folder, '.gitignore', 'node_modules/\n.burnline/\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'one');
}

test('plan tells budget, detection and losses against a commit, for a terminal and for a pull request', () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  commitAll(folder);
  assert.match(run(folder, 'plan', '--against', 'HEAD').stdout, /Nothing changes against HEAD/);

  edit(folder, 'slo/checkout.slo.ts', 'goal: 0.999', 'goal: 0.998');
  edit(folder, 'slo/checkout.slo.ts', 'latency({', "latency({ id: 'speed',");
  const text = run(folder, 'plan', '--against', 'HEAD');
  assert.equal(text.status, 0, text.stderr);
  assert.match(
    text.stdout,
    /DESTROYED, WITH ITS HISTORY\n {2}SLO checkout\/latency \(google_monitoring_slo\.checkout_latency\)\n {2}The next terraform apply destroys it/,
  );
  assert.match(
    text.stdout,
    /~ checkout\/availability \(Availability\): 99\.9 % over 28 d → 99\.8 % over 28 d: \+40\.32 min of budget \(80\.64 min\)/,
  );
  assert.match(
    text.stdout,
    /page-fast: a total outage noticed after 48\.4 s → 96\.8 s, 5 % errors noticed after 16\.1 min → 32\.3 min/,
  );
  assert.match(run(folder, 'plan', '--against', 'HEAD', '--format', 'markdown').stdout, /> \[!CAUTION\]/);
  const json = JSON.parse(run(folder, 'plan', '--against', 'HEAD', '--format', 'json').stdout);
  const address = 'google_monitoring_slo.checkout_latency';
  assert.deepEqual(json.losses, [{ kind: 'slo', name: 'checkout/latency', address, cause: 'id' }]);
  const missing = run(folder, 'plan', '--against', 'nowhere');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /git knows no commit "nowhere"/);
});

test('plan compares the specs of a subfolder, and says of which ref those are that do not load', () => {
  const root = userFolder();
  const folder = join(root, 'services/checkout');
  mkdirSync(folder, { recursive: true });
  run(folder, 'init', '--service', 'checkout');
  commitAll(root);
  const same = run(folder, 'plan', '--against', 'HEAD');
  assert.deepEqual([same.status, same.stderr], [0, '']);
  assert.match(same.stdout, /Nothing changes against HEAD/);

  const spec = readFileSync(join(folder, 'slo/checkout.slo.ts'), 'utf8');
  edit(folder, 'slo/checkout.slo.ts', "'28d'", "'28d");
  commitAll(root);
  write(folder, 'slo/checkout.slo.ts', spec);
  const { status, stderr } = run(folder, 'plan', '--against', 'HEAD');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^burnline plan: the specs of HEAD \(commit [0-9a-f]{12}\) do not load, those of this folder do: .*\nslo\/checkout\.slo\.ts:\d+: /,
  );
});

test('preflight lists the metrics that must be there, and which a project lacks', async () => {
  const folder = userFolder();
  run(folder, 'init', '--service', 'checkout');
  const needed = [
    'prometheus.googleapis.com/http.server.request.duration/histogram',
    'run.googleapis.com/request_count',
  ];
  assert.deepEqual(run(folder, 'generate', '--preflight').stdout.trim().split('\n'), needed);
  await using server = await startServer((request, response) => {
    response.writeHead(request.url?.endsWith('request_count') ? 200 : 404).end('{}');
  });
  const args = ['generate', '--preflight', '--project', 'p', '--endpoint', server.url];
  const { status, stdout } = await runBeside(folder, args);
  assert.equal(status, 2);
  assert.match(
    stdout,
    /^missing {2}prometheus\.googleapis\.com\/http\.server\.request\.duration\/histogram\nthere {4}run\.googleapis\.com\/request_count$/m,
  );
});

/** Like `run`, without holding up the server of this process. */
async function runBeside(cwd: string, args: string[]): Promise<{ status: number; stdout: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [command, ...args], { cwd }, (error, stdout) => {
      resolve({ status: Number(error?.code ?? 0), stdout });
    });
  });
}
