import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, posix } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../base/testing.ts';
import { processes } from '../../cli/parts/part.ts';
import { readSource } from '../tidy/source.ts';
import { lastOf, stepsOf } from './dockerfile.ts';
import { context, filesOf, ignored, stages, type UnpackedImage, unpackImage } from './unpack.ts';

const copies = stages.flatMap(({ steps }) => steps.filter(step => step.kind === 'copy'));
const fromContext = copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources);

test('every service, and the prober, has a target, and every other stage is a part of one', () => {
  const used = new Set([...stages.map(({ on }) => on), ...copies.map(({ from }) => from)]);
  const targets = stages.map(({ name }) => name).filter(name => !used.has(name));
  assert.deepEqual(targets, [...processes]);
});

test('every image from outside is pinned by its exact version and its digest', () => {
  const names = new Set(stages.map(({ name }) => name));
  const external = [...stages.map(({ on }) => on), ...copies.flatMap(({ from }) => from ?? [])].filter(
    image => !names.has(image),
  );
  assert.ok(external.length > 0);
  for (const image of external) assert.match(image, /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/);
});

test('what is copied is there, and .dockerignore lets nothing else in', () => {
  for (const source of fromContext) assert.ok(filesOf(source).length > 0, source);
  const letIn = readdirSync(context).filter(name => !ignored(name));
  assert.deepEqual(letIn, [...new Set(fromContext)].sort());
});

for (const service of processes) {
  test(`the image of ${service} starts that service alone, by node itself, as a user who is not root`, () => {
    const steps = stepsOf(stages, service);
    assert.deepEqual(lastOf(steps, 'entrypoint').argv, ['node', 'cli/burnline.ts', 'up', '--only', service]);
    assert.match(lastOf(steps, 'user').text, /^[1-9]\d*:[1-9]\d*$/);
    assert.notEqual(lastOf(steps, 'healthcheck').argv, undefined);
  });

  test(`the image of ${service} holds no secret in its layers: it has no build argument, and each variable is one we know`, () => {
    const steps = stepsOf(stages, service);
    const variables = steps.flatMap(step => (step.kind === 'env' ? Object.keys(step.values) : []));
    assert.deepEqual(variables, ['NODE_ENV', 'PORT', 'BURNLINE_DATA_DIR', 'NODE_COMPILE_CACHE']);
    assert.deepEqual(
      steps.filter(step => step.kind === 'arg'),
      [],
    );
  });

  test(`the image of ${service}, unpacked, has all that it needs`, async t => {
    const image = await unpackImage(service);
    await t.test('every file and package that its files import', () => assert.deepEqual(missingImports(image), []));
    await t.test('no tests, and none of the packages for them', () => checkNoTests(image));
    await t.test('a command that knows its arguments, and finds itself compiled', () => checkStart(image));
    await t.test('a health check that tells healthy from not', t => checkHealth(t, image));
  });
}

function sourcesOf({ folder }: UnpackedImage): string[] {
  return globSync('*/**/*.{ts,mjs}', { cwd: folder, exclude: ['node_modules'] });
}

function missingImports(image: UnpackedImage): string[] {
  return sourcesOf(image).flatMap(file =>
    readSource(file, readFileSync(join(image.folder, file), 'utf8'))
      // A module that is named by an expression is a user's.
      .imports.filter(({ specifier }) => !specifier.startsWith('node:') && !specifier.includes('('))
      .filter(({ specifier }) => !existsSync(placeOf(image, file, specifier)))
      .map(({ specifier, line }) => `${file}:${line} imports ${specifier}`),
  );
}

function placeOf({ folder }: UnpackedImage, file: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(folder, posix.dirname(file), specifier);
  const [scopeOrName = '', name = ''] = specifier.split('/');
  return join(folder, 'node_modules', scopeOrName, scopeOrName.startsWith('@') ? name : '');
}

function checkNoTests(image: UnpackedImage): void {
  const { folder } = image;
  const tests = sourcesOf(image).filter(file => readFileSync(join(folder, file), 'utf8').includes("'node:test'"));
  assert.deepEqual(tests, []);
  const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const names = Object.keys({ ...devDependencies, ...optionalDependencies });
  const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));
  assert.deepEqual(
    // Some come with a package that an image needs.
    names.filter(name => {
      const { dev, optional } = packages[`node_modules/${name}`] ?? {};
      return (dev || optional) && existsSync(join(folder, 'node_modules', name));
    }),
    [],
  );
}

async function checkStart({ folder, command, env }: UnpackedImage): Promise<void> {
  const compiled = () => readdirSync(env.NODE_COMPILE_CACHE ?? '', { recursive: true }).length;
  const before = compiled();
  const { code, stdout, stderr } = await runIn(folder, [...command, '--help'], env);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /Usage: burnline up/);
  assert.equal(compiled(), before);
}

async function checkHealth(t: TestContext, { folder, healthcheck, env }: UnpackedImage): Promise<void> {
  let status = 200;
  const server = createServer((req, res) => res.writeHead(req.url === '/health' ? status : 404).end());
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const check = async (at: number) => (await runIn(folder, healthcheck, { ...env, PORT: String(at) })).code;
  assert.equal(await check(port), 0);
  status = 503;
  assert.equal(await check(port), 1);
  assert.equal(await check(await freePort()), 1);
}

function runIn(cwd: string, [file, ...args]: [string, ...string[]], env: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(file, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
