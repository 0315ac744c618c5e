// Runs the contract tests and the end-to-end suite against the real emulators.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../../base/errors.ts';
import { startEmulators } from './emulators.ts';

const SUITE = 'test/system/records.test.ts';
const started = performance.now();
const emulators = await startEmulators().catch(error => {
  process.stderr.write(`test:emulators: ${messageOf(error)}\n`);
  // What has been started ends with this process.
  process.exit(1);
});
process.stderr.write(`The emulators are up after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);

/** Runs test files in a process of their own; resolves with its exit code. */
async function run(title: string, files: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, ['--test', '--test-timeout=240000', '--test-reporter=spec', ...files], {
    env: { ...process.env, ...emulators.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // What runs side by side is told one after the other.
  const output = Array.fromAsync(child.stdout.setEncoding('utf8'));
  const [code] = await once(child, 'exit');
  process.stdout.write(`\n=== ${title}\n${(await output).join('')}`);
  return code ?? 1;
}

try {
  const codes = await Promise.all([
    run('contracts of topic, warehouse, replica and snapshots', ['test/emulators/*.test.ts']),
    run('end to end, pull', [SUITE], { TEST_DELIVERY: 'pull' }),
    run('end to end, push', [SUITE], { TEST_DELIVERY: 'push' }),
  ]);
  process.exitCode = Math.max(...codes);
} finally {
  await emulators.stop();
}
