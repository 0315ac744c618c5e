import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { backoffMs } from '../../base/backoff.ts';
import { sleep } from '../../base/sleep.ts';
import type { SeriesWrite } from '../../monitoring/model.ts';
import type { Logger } from '../../telemetry/log.ts';
import { cliErrors } from '../errors.ts';
import type { FlagState, Flags } from '../faults/flags.ts';
import { followThread, type Started } from './monitoring-thread.ts';
import type { Place } from './reporting.ts';

/** What the thread of the local Cloud Monitoring is given. */
export type MonitoringData = {
  folder: string;
  port: number;
  place: Place;
  /** Where the specs are whose resources it loads. */
  specsRoot: string;
  /** Whether nothing is seen before it could be seen on Google Cloud, and evaluated as often as there. */
  asGoogle: boolean;
  /** With a seed it begins with 28 days of history. */
  demoSeed?: number;
  /** Failure flags that are on already. */
  flagsOn: readonly FlagState[];
  logLevel: string;
};

/** The local Cloud Monitoring of a platform. */
export type LocalMonitoring = Started & {
  report(writes: SeriesWrite[]): void;
  stop(): Promise<void>;
};

/** How long to wait before a thread that has ended is started again. One that was up for the longest wait had no failure before. */
const RESTART_MS = { msMin: 1000, msMax: 60_000 };

/**
 * Starts the local Cloud Monitoring in a thread of its own, with the resources of the specs loaded. A flag that is switched there is
 * switched here. Where the thread ends by itself, that is logged, and it is started again on the same port. Throws `monitoring_failed`
 * where it does not start at first.
 */
export async function startLocalMonitoring(options: {
  data: Omit<MonitoringData, 'flagsOn'>;
  flags: Flags;
  log: Pick<Logger, 'error' | 'warn'>;
  createThread?: (data: MonitoringData) => Worker;
  random?: () => number;
}): Promise<LocalMonitoring> {
  const { flags, log, createThread = createWorker, random = Math.random } = options;
  const { demoSeed: _, ...data } = options.data;
  const start = (ofThread: Omit<MonitoringData, 'flagsOn'>) => {
    const flagsOn = flags.list().filter(({ value }) => value !== undefined);
    return followThread(createThread({ ...ofThread, flagsOn }), flags);
  };
  let thread = start(options.data);
  const started = await thread.ready.catch(cause => {
    throw cliErrors.error('monitoring_failed', `The local Cloud Monitoring did not start: ${cause}`);
  });
  const leaving = new AbortController();
  const running = keepUp({ ...data, port: Number(new URL(started.url).port) });

  async function keepUp(again: Omit<MonitoringData, 'flagsOn'>): Promise<void> {
    let failures = 0;
    let told: string | undefined;
    for (;;) {
      const sinceMs = performance.now();
      const why = await thread.ended;
      if (leaving.signal.aborted) return;
      failures = performance.now() - sinceMs > RESTART_MS.msMax ? 1 : failures + 1;
      if (why !== told)
        log.error({ folder: data.folder }, `The local Cloud Monitoring has ended, and is started again: ${why}`);
      told = why;
      await sleep(backoffMs(failures, { ...RESTART_MS, random }), leaving.signal);
      if (leaving.signal.aborted) return;
      thread = start(again);
      const isReady = await thread.ready.then(
        () => true,
        () => false,
      );
      if (!isReady) continue;
      log.warn({ folder: data.folder }, `The local Cloud Monitoring is up again; what came meanwhile is lost`);
      told = undefined;
    }
  }

  return {
    ...started,
    report: writes => thread.send(writes),
    async stop() {
      leaving.abort();
      thread.send('stop');
      await running;
    },
  };
}

function createWorker(data: MonitoringData): Worker {
  return new Worker(join(import.meta.dirname, 'monitoring-worker.ts'), { workerData: data });
}
