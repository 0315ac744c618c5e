// Runs the generated rules through promtool, and the OpenSLO objects through OpenSLO's own validator.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'burnline-prometheus-'));
const oslo = join(folder, 'oslo');

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): number {
  const { error, status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

/** Throws with what to do where a tool cannot even tell its version. */
function need(command: string, args: readonly string[], install: string): void {
  const { status } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} is not installed: ${install}`);
}

try {
  need('promtool', ['--version'], 'apt-get install -y --no-install-recommends prometheus');
  need('go', ['version'], 'Go 1.24 or newer builds the validator of OpenSLO, see https://go.dev/doc/install');
  const cwd = join(import.meta.dirname, 'oslo');
  if (run('go', ['build', '-o', oslo, 'github.com/OpenSLO/oslo/cmd/oslo'], { cwd }) !== 0) {
    throw new Error('the validator of OpenSLO could not be built');
  }
  const files = ['rules', 'openslo'].map(name => join(import.meta.dirname, `${name}.test.ts`));
  process.exitCode = run(process.execPath, ['--test', '--test-timeout=300000', '--test-reporter=spec', ...files], {
    env: { ...process.env, BURNLINE_OSLO: oslo },
  });
} catch (error) {
  process.stderr.write(`test:prometheus: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
