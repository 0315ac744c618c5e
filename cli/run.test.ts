import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commands } from './commands.ts';
import { runLine } from './testing.ts';

const executable = fileURLToPath(new URL('burnline.ts', import.meta.url));
const names = Object.keys(commands);

test('help lists every command with an example, on stdout', async () => {
  const { exitCode, stdout, stderr } = await runLine(['--help']);
  assert.equal(exitCode, 0);
  assert.equal(stderr, '');
  for (const name of names) assert.match(stdout, new RegExp(`^ {2}${name} `, 'm'));
  assert.match(stdout, /Examples:/);
});

test('every command has help with an example and --format, by either way of asking', async () => {
  for (const name of names) {
    const { exitCode, stdout } = await runLine([name, '--help']);
    assert.equal(exitCode, 0, name);
    assert.match(stdout, new RegExp(`Usage: burnline ${name} [^]+--format[^]+Examples?:[^]+burnline ${name}`), name);
    assert.equal((await runLine(['help', name])).stdout, stdout, name);
  }
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(await runLine(['--version']), { exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('an unknown command is told with the nearest one', async () => {
  const { exitCode, stdout, stderr } = await runLine(['publsh']);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.equal(stderr, "burnline: unknown command 'publsh' (Did you mean publish?); see burnline --help\n");
  assert.deepEqual(await runLine(['help', 'publsh']), { exitCode, stdout, stderr });
});

test('a name that every object has is no command', async () => {
  const { exitCode, stderr } = await runLine(['toString']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^burnline: unknown command 'toString'/);
});

test('no command at all is used wrongly, and shows the help on stderr', async () => {
  const { exitCode, stdout, stderr } = await runLine([]);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^Usage: burnline/);
});

test('a wrong option names the command, and only once', async () => {
  const { exitCode, stderr } = await runLine(['publish', '--format', 'xml']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^burnline publish: option '--format <format>' argument 'xml' is invalid.*\n$/);
});

test('a stack is shown only when it is asked for', async () => {
  const line = ['publish', '--count', 'none'];
  assert.equal((await runLine(line)).stderr.split('\n').length, 2);
  assert.match((await runLine(line, { env: { BURNLINE_DEBUG: '1' } })).stderr, /\n {4}at /);
});

test('the executable ends with the exit code', async () => {
  const failed = await promisify(execFile)(process.execPath, [executable, 'nothing']).catch(error => error);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^burnline: unknown command/);
});

test('only the command that is asked for is imported', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    process.argv = [process.execPath, 'burnline', 'erase', '--help'];
    process.on('exit', () => process.stderr.write(seen.join('\\n')));
    await import(${JSON.stringify(executable)});`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  assert.match(stderr, /\/cli\/erase\.ts/);
  assert.doesNotMatch(stderr, /\/cli\/(up|publish|replay)\.ts|faker|opentelemetry|\/koa\//);
});

test('a reader of stdout that hangs up is no error', async () => {
  const child = spawn(process.execPath, [executable, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdout.destroy();
  const [exitCode] = await once(child, 'close');
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
});

test('output that cannot be written is no success', async () => {
  // Open for reading, as a disk that is full: no write to it succeeds.
  await using closed = await open(executable, 'r');
  const child = spawn(process.execPath, [executable, '--help'], { stdio: ['ignore', closed.fd, 'pipe'] });
  assert.ok(child.stderr);
  const [[exitCode], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  assert.equal(exitCode, 1);
  assert.match(stderr, /EBADF/);
});
