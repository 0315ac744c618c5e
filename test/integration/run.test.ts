import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../base/testing.ts';

/** The command as a process, on Google's services but without credentials. */
function run(args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, METADATA_SERVER_DETECTION: 'none' };
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('an API that does not answer ends with 1, is named, and nothing is published', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stdout, stderr } = await run(['--url', url, '--project', 'p']);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  assert.match(stderr, new RegExp(`^test:integration: GET ${url}/records/probe-\\S+ was not answered: .*ECONNREFUSED`));
});

test('used wrongly it ends with 1 and says how it is used', async () => {
  const unnamed = await run(['--url', 'http://127.0.0.1:1']);
  assert.equal(unnamed.code, 1);
  assert.match(unnamed.stderr, /GOOGLE_CLOUD_PROJECT must name the project/);
  for (const args of [['--deadline-seconds', '0'], ['--nonsense'], ['--project', 'p']]) {
    const { code, stderr } = await run(args);
    assert.equal(code, 1);
    assert.match(stderr, /Usage: npm run test:integration/);
  }
});
