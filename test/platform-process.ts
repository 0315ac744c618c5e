import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;

/** A running platform, as `burnline up` starts it. */
export type Platform = {
  pid: number;
  api: string;
  ingest: string;
  /** The local Cloud Monitoring. */
  monitoring: string;
  /** Its data folder; gone once it has stopped. */
  folder: string;
  stop(): Promise<void>;
};

/** Starts the platform as a process of its own, on free ports and an empty data folder. Rejects where it does not get ready. */
export async function startPlatform(env: NodeJS.ProcessEnv = {}, options = ['--no-traffic']): Promise<Platform> {
  const folder = await mkdtemp(join(tmpdir(), 'burnline-platform-'));
  const ports = {
    BURNLINE_API_PORT: '0',
    BURNLINE_INGEST_PORT: '0',
    BURNLINE_MONITORING_PORT: '0',
    BURNLINE_DATA_DIR: folder,
  };
  const child = spawn(process.execPath, ['cli/burnline.ts', 'up', '--format', 'json', ...options], {
    env: { ...process.env, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await exit;
    clearTimeout(deadline);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const ended = exit.then(([code]) =>
      Promise.reject(new Error(`burnline up ended with ${code} before it was ready`)),
    );
    const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
    const { api, ingest, monitoring } = JSON.parse(String(line)) as Record<'api' | 'ingest' | 'monitoring', string>;
    const ready = await fetch(`${api}/ready`, { signal: AbortSignal.timeout(READY_MS_MAX) });
    if (!ready.ok) throw new Error(`${api}/ready answers ${ready.status}`);
    return { pid: child.pid ?? 0, api, ingest, monitoring, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
