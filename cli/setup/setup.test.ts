import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const here = import.meta.dirname;
const packagedNode = `node-${process.platform}-${process.arch}`;

// Stands in for the packaged Node: tells its version, and runs scripts on the real one.
const fakeNode = `#!/bin/sh
[ "$1" = --version ] && echo v99.1.0 && exit
ON_PACKAGED_NODE=1 exec '${process.execPath}' "$@"
`;

// Stands in for npm: notes how it was called, and unpacks what the environment names.
const fakeNpm = `
const { appendFileSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { ON_PACKAGED_NODE, DELIVERED, NPM_EXIT_CODE = 0 } = process.env;
const delivered = (DELIVERED + (ON_PACKAGED_NODE ? ' for-tests' : '')).split(' ');
const exitCode = Number(NPM_EXIT_CODE);
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
rmSync('node_modules', { recursive: true, force: true });
for (const name of exitCode === 0 ? delivered : []) {
  const path = 'node_modules/' + name;
  mkdirSync(path + '/bin', { recursive: true });
  writeFileSync(path + '/package.json', JSON.stringify({ name, bin: { node: 'bin/node' } }));
  if (name.startsWith('node-')) writeFileSync(path + '/bin/node', ${JSON.stringify(fakeNode)}, { mode: 0o755 });
}
setTimeout(() => process.exit(exitCode), 300);
`;

const packages = {
  '': {},
  'node_modules/needed': {},
  'node_modules/for-tests': { dev: true },
  [`node_modules/${packagedNode}`]: { optional: true, os: [process.platform], cpu: [process.arch] },
  'node_modules/elsewhere': { optional: true, os: ['aix'], cpu: ['ppc64'] },
};
const everything = ['needed', 'for-tests', packagedNode].join(' ');

/** A clone that asks for a Node that nobody has, so that the packaged one is always needed. */
async function clone(t: TestContext, { engine = '>=99.1', nodePackage = packagedNode } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'burnline-setup-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'cli', 'setup'), { recursive: true });
  await cp(join(here, '..', 'setup.mjs'), join(root, 'cli', 'setup.mjs'));
  await cp(join(here, 'lock.mjs'), join(root, 'cli', 'setup', 'lock.mjs'));
  const manifest = { engines: { node: engine }, optionalDependencies: { [nodePackage]: '99.1.0' } };
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  await writeFile(join(root, 'npm-cli.js'), fakeNpm);

  return {
    root,
    setup: (env: NodeJS.ProcessEnv = {}, ...args: string[]) =>
      new Promise<{ code: number; said: string }>(resolve => {
        const all = { ...process.env, npm_execpath: join(root, 'npm-cli.js'), DELIVERED: everything, ...env };
        execFile(process.execPath, ['cli/setup.mjs', ...args], { cwd: root, env: all }, (error, _stdout, stderr) => {
          resolve({ code: Number(error?.code ?? 0), said: stderr });
        });
      }),
    calls: async () => (await readFile(join(root, 'npm-calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    link: () => readlink(join(root, 'node_modules', '.bin', 'node')).catch(() => undefined),
    unpack: async () => {
      await mkdir(join(root, 'node_modules', packagedNode, 'bin'), { recursive: true });
      await writeFile(join(root, 'node_modules', packagedNode, 'package.json'), '{"bin":{"node":"bin/node"}}');
      await writeFile(join(root, 'node_modules', packagedNode, 'bin', 'node'), fakeNode, { mode: 0o755 });
    },
  };
}

test('a fresh clone is installed with all kinds of dependencies and given the packaged Node, in one sentence', async t => {
  const { setup, calls, link } = await clone(t);
  const { code, said } = await setup({ NODE_ENV: 'production', npm_config_omit: 'optional' });
  assert.equal(code, 0);
  assert.match(said, /^setup: installed the dependencies with npm ci in \d+ s, and made .* Node 99\.1\.0.*\n$/);
  assert.match(String(await calls()), /^ci --include=dev --include=optional/);
  assert.equal(await link(), `../${packagedNode}/bin/node`);
});

test('with nothing to do it installs nothing and says nothing', async t => {
  const { setup, calls } = await clone(t);
  await setup();
  assert.deepEqual(await setup(), { code: 0, said: '' });
  assert.equal((await calls()).length, 1);
});

test('a changed lockfile is installed, and so is a folder whose install was broken off', async t => {
  const { root, setup, calls } = await clone(t);
  await setup();
  await appendFile(join(root, 'package-lock.json'), '\n');
  await setup();
  await rm(join(root, 'node_modules', '.burnline-setup'));
  await setup();
  assert.equal((await calls()).length, 3);
});

test('a link that npm did not make, or that is gone, is made without an install', async t => {
  const { root, setup, calls, link } = await clone(t);
  await setup();
  await rm(join(root, 'node_modules', '.bin', 'node'));
  assert.match((await setup()).said, /^setup: made npm's scripts run on the packaged Node 99\.1\.0/);
  assert.equal(await link(), `../${packagedNode}/bin/node`);
  assert.equal((await calls()).length, 1);
});

test('--link after a whole install spares the next run an install', async t => {
  const { root, setup, calls, link, unpack } = await clone(t);
  await unpack();
  for (const name of ['needed', 'for-tests']) {
    await mkdir(join(root, 'node_modules', name));
    await writeFile(join(root, 'node_modules', name, 'package.json'), '{}');
  }
  assert.deepEqual(await setup({}, '--link'), { code: 0, said: '' });
  assert.equal(await link(), `../${packagedNode}/bin/node`);
  assert.deepEqual(await setup(), { code: 0, said: '' });
  assert.deepEqual(await calls(), []);
});

test('--link after an install that left something out never fails, and the next run installs the rest', async t => {
  const { setup, calls, unpack } = await clone(t);
  await unpack();
  assert.deepEqual(await setup({}, '--link'), { code: 0, said: '' });
  await setup();
  assert.equal((await calls()).length, 1);
});

test('what npm leaves out because the running Node is too old is installed on the packaged one', async t => {
  const { setup, calls } = await clone(t);
  assert.equal((await setup({ DELIVERED: `needed ${packagedNode}` })).code, 0);
  assert.equal((await calls()).length, 2);
});

test('what npm leaves out all the same is named', async t => {
  const { setup } = await clone(t);
  const { code, said } = await setup({ DELIVERED: packagedNode });
  assert.equal(code, 1);
  assert.match(said, /npm ci left out needed: .*run this again/);
});

test('an install that fails is told with what to do, and is tried again', async t => {
  const { setup, calls } = await clone(t);
  const { code, said } = await setup({ NPM_EXIT_CODE: '7' });
  assert.equal(code, 1);
  assert.match(said, /npm ci ended with 7.*run this again/);
  assert.equal((await setup()).code, 0);
  assert.equal((await calls()).length, 2);
});

test('a Node that is too old, with none packaged for the machine, is refused before anything is installed', async t => {
  const { setup, calls } = await clone(t, { nodePackage: 'node-aix-ppc64' });
  const { code, said } = await setup();
  assert.equal(code, 1);
  assert.match(said, /needs Node 99\.1 or newer, this is .*: install Node 99\.1 or newer/);
  assert.deepEqual(await calls(), []);
});

test('where the running Node is new enough, no link is made', async t => {
  const { setup, link } = await clone(t, { engine: '>=18.0', nodePackage: 'node-aix-ppc64' });
  const { code, said } = await setup();
  assert.equal(code, 0);
  assert.match(said, /^setup: installed the dependencies with npm ci in \d+ s\n$/);
  assert.equal(await link(), undefined);
});

test('of two at once, one installs and the other waits for it', async t => {
  const { setup, calls } = await clone(t);
  const both = await Promise.all([setup(), setup()]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.equal((await calls()).length, 1);
});

test('the lock of a setup that was killed is taken over', async t => {
  const { root, setup } = await clone(t);
  const lock = join(root, '.burnline', 'setup.lock');
  await mkdir(join(root, '.burnline'));
  await writeFile(lock, '');
  await utimes(lock, 0, 0);
  assert.equal((await setup()).code, 0);
});
