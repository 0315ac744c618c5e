import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const RUN_MS_MAX = 120_000;

/** A process that has ended. */
export type Ended = { code: number | null; stdout: string; stderr: string };

/** The k6 command in the PATH, or where Go installs it. Throws with what to do where there is none. */
export function findK6(): string {
  const { stdout } = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  const found = ['k6', join(stdout?.trim() || '.', 'bin/k6')].find(path => spawnSync(path, ['version']).status === 0);
  if (found) return found;
  throw new Error(
    'k6 is not installed: go install go.k6.io/k6@v1.8.1, or see https://grafana.com/docs/k6/latest/set-up/',
  );
}

/** Runs a command to its end. */
export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS_MAX,
    killSignal: 'SIGKILL',
  });
  const texts = [child.stdout, child.stderr].map(stream => Array.fromAsync(stream.setEncoding('utf8')));
  const [code] = await once(child, 'close');
  const [stdout = '', stderr = ''] = (await Promise.all(texts)).map(chunks => chunks.join(''));
  return { code, stdout, stderr };
}
