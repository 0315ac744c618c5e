import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startFakeGoogle } from './fakes/google.ts';

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['test/cloud/run.ts', ...args], { env: { ...process.env, ...env } });
  const ended = Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, 'exit')]).then(
    ([out, err, [code]]) => ({ out: out.join(''), err: err.join(''), code }),
  );
  return { child, ended };
}

test('without a project it ends with 1 and a sentence', async () => {
  const { out, err, code } = await start(['--yes']).ended;
  assert.deepEqual([out, code], ['', 1]);
  assert.equal(err, 'test:cloud: --project is missing: name one that you own and that nothing depends on\n');
});

test('Ctrl-C in the middle of it removes what was made, and the table says what is open', async () => {
  const written = Promise.withResolvers<void>();
  await using fake = await startFakeGoogle({
    intercept: ({ method, path }) => {
      if (method === 'POST' && path.endsWith('/timeSeries')) written.resolve();
      return undefined;
    },
  });
  const { child, ended } = start(['--project', 'p', '--yes', '--only', 'burn-rate-at-zero-traffic'], fake.env);
  await written.promise;
  const most = fake.made.size;
  child.kill('SIGINT');
  const { out, code } = await ended;
  assert.ok(most >= 7);
  assert.equal(fake.made.size, 0);
  assert.equal(code, 3);
  assert.match(out, /^burn-rate-at-zero-traffic +not settled +/);
});
