import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { startPlatform } from '../platform-process.ts';
import { seed } from './seed.ts';

const RUN_MS_MAX = 180_000;
const API_KEY = 'api-test-key';

const config = join(import.meta.dirname, 'schemathesis.toml');
const requirements = join(import.meta.dirname, 'requirements.txt');

/** Lets schemathesis, which reads the served OpenAPI document, try the API with right and wrong requests. */
async function run(): Promise<number> {
  const command = findSchemathesis();
  const headers = { 'x-api-key': API_KEY };
  // With a key, so that it also tries every operation without one.
  const platform = await startPlatform({ BURNLINE_API_KEYS: API_KEY });
  try {
    await seed(platform, headers);
    const openApi = `${platform.api}/openapi.json`;
    const args = ['--config-file', config, 'run', openApi, '--header', `X-API-Key: ${API_KEY}`];
    // It leaves caches where it runs.
    const child = spawn(command, args, { cwd: platform.folder, stdio: 'inherit' });
    return await exitCodeOf(child);
  } finally {
    await platform.stop();
  }
}

async function exitCodeOf(child: ChildProcess): Promise<number> {
  const deadline = setTimeout(() => {
    process.stderr.write(`test:api: schemathesis has not ended within ${RUN_MS_MAX / 1000} s, and is stopped\n`);
    child.kill('SIGKILL');
  }, RUN_MS_MAX);
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const [code] = await once(child, 'exit');
  clearTimeout(deadline);
  return code ?? 1;
}

/** The command of the project's own Python environment, or else the one in the PATH. */
function findSchemathesis(): string {
  const folders = [join('.venv', 'api', 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.map(folder => resolve(folder, 'schemathesis')).find(existsSync);
  if (found) return found;
  const wanted = readFileSync(requirements, 'utf8').trim();
  throw new Error(
    `${wanted} is not installed: python3 -m venv .venv/api && .venv/api/bin/pip install -r test/api/requirements.txt`,
  );
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`test:api: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
