// A local Cloud Monitoring on a folder, in a process of its own. As the entry of that process it is the monitoring itself.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import module from 'node:module';

/** One that runs. */
export type MonitoringProcess = { url: string; pid: number; kill(): Promise<void> };

const PROJECT = 'local';

/** Starts it for the project `local`; resolves once it listens, with what the folder holds counted. */
export async function startMonitoringProcess(folder: string): Promise<MonitoringProcess> {
  const child = fork(import.meta.filename, [folder]);
  const exit = once(child, 'exit');
  const ended = exit.then(([code]) => Promise.reject(new Error(`The local Cloud Monitoring ended with ${code}`)));
  const [url] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return {
    url: String(url),
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function serve(folder: string): Promise<void> {
  // As in the thread of `burnline up`.
  module.enableCompileCache();
  const { systemClock: clock } = await import('../base/clock.ts');
  const { randomId: newId } = await import('../base/ids.ts');
  const { startMonitoring } = await import('../monitoring/start.ts');
  const { createLogger } = await import('../telemetry/log.ts');
  const log = createLogger({ service: 'cloud-monitoring', level: 'warn' });
  const options = { folder, port: 0, project: PROJECT, clock, newId, log, evaluateEveryMs: 15_000 };
  const { listening } = await startMonitoring(options);
  process.on('disconnect', () => process.exit());
  process.send?.(listening.url);
}

if (import.meta.main) await serve(process.argv[2] ?? '');
