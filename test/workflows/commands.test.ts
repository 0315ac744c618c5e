import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { commands } from '../../cli/commands.ts';
import { argvOf } from './command-line.ts';
import { jobs, linesOf, workflows } from './read.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const lines = jobs.flatMap(job => linesOf(job).map(line => ({ title: job.title, line })));
const BURNLINE = /^(?:npx burnline|exec node_modules\/\.bin\/node cli\/burnline\.ts) /;

test('every burnline command takes the options that it is given, and gets those that it must have', async () => {
  const given = lines.filter(({ line }) => /burnline(\.ts)? /.test(line));
  assert.ok(given.length >= 6);
  for (const { title, line } of given) {
    assert.match(line, BURNLINE, title);
    const [name = '', ...argv] = argvOf(line.replace(BURNLINE, ''));
    const stream = new PassThrough();
    const command = await commands[name]?.load({ stdin: stream, stdout: stream, stderr: stream, env: {} });
    assert.ok(command, `${title}: there is no burnline ${name}`);
    const { operands, unknown } = command.exitOverride().parseOptions(argv);
    assert.deepEqual([...operands, ...unknown], [], `${title}: burnline ${name} does not take these`);
    const missing = command.options.filter(option => option.mandatory && !argv.includes(option.long ?? ''));
    assert.deepEqual(
      missing.map(({ long }) => long),
      [],
      `${title}: burnline ${name} must have these`,
    );
  }
});

test('every npm script is there, and knows the options that it is given', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const given = lines.filter(({ line }) => /\bnpm (run|test)\b/.test(line));
  assert.ok(given.length >= 12);
  for (const { title, line } of given) {
    const name = /\bnpm run (\S+)/.exec(line)?.[1] ?? 'test';
    const script = scripts[name];
    assert.ok(script, `${title}: there is no npm run ${name}`);
    const options = (line.split(' -- ')[1]?.match(/(?<=--)[a-z][a-z0-9-]*/g) ?? []).filter(Boolean);
    const source = options.length > 0 ? read(script.replace(/^node /, '')) : '';
    const unknown = options.filter(option => !new RegExp(`(?:^|[\\s{'])${option}'?:`, 'm').test(source));
    assert.deepEqual(unknown, [], `${title}: npm run ${name} does not know these`);
  }
});

test('k6 runs scripts that are there, and sets what they read', () => {
  const settings = read('load-tests/parts/settings.ts');
  const running = jobs.flatMap(({ title, steps }) =>
    steps.filter(({ run }) => run?.startsWith('k6 ')).map(({ run = '', env = {} }) => ({ title, run, env })),
  );
  assert.ok(running.length >= 3);
  for (const { title, run, env } of running) {
    const script = /^k6 run (\S+)$/.exec(run)?.[1] ?? run;
    assert.ok(existsSync(join(root, script)), `${title}: there is no ${script}`);
    assert.deepEqual(
      Object.keys(env).filter(name => !settings.includes(`'${name}'`)),
      [],
      `${title}: ${script} does not read these`,
    );
  }
  const versions = workflows.flatMap(({ text }) => text.match(/k6-version: .*/g) ?? []);
  assert.deepEqual([...new Set(versions)], ['k6-version: 1.8.1']);
});

test('every script and list of packages that a command names is there', () => {
  const paths = lines.flatMap(({ line }) => line.match(/(?:test|cli|\.github)\/[\w./-]+\.(?:ts|mjs|txt)/g) ?? []);
  assert.ok(paths.length > 0);
  assert.deepEqual(
    [...new Set(paths)].filter(path => !existsSync(join(root, path))),
    [],
  );
});
