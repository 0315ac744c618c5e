import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SeriesWrite } from '../../monitoring/model.ts';
import type { UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import { cliErrors } from '../errors.ts';
import type { FlagState, Flags } from '../faults/flags.ts';
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
  logLevel: string;
};

/** Points to keep, or the end. */
export type ToMonitoring = SeriesWrite[] | 'stop';
/** What the thread tells: that it is ready or never will be, a flag that was switched, its end. */
export type FromMonitoring =
  | { ready: { url: string; uptimeChecks: readonly UptimeCheckConfig[] } }
  | { failed: string }
  | { flag: FlagState }
  | 'stopped';

/** The local Cloud Monitoring of a platform. */
export type LocalMonitoring = {
  url: string;
  uptimeChecks: readonly UptimeCheckConfig[];
  report(writes: SeriesWrite[]): void;
  stop(): Promise<void>;
};

/**
 * Starts the local Cloud Monitoring in a thread of its own, with the resources of the specs loaded. A flag that is switched there is
 * switched here. Throws `monitoring_failed` where it does not start.
 */
export async function startLocalMonitoring(data: MonitoringData, flags: Flags): Promise<LocalMonitoring> {
  const worker = new Worker(join(import.meta.dirname, 'monitoring-worker.ts'), { workerData: data });
  const {
    promise: ready,
    resolve,
    reject,
  } = Promise.withResolvers<{ url: string; uptimeChecks: readonly UptimeCheckConfig[] }>();
  const { promise: stopped, resolve: resolveStopped } = Promise.withResolvers<void>();
  const fail = (message: string) =>
    reject(cliErrors.error('monitoring_failed', `The local Cloud Monitoring did not start: ${message}`));
  worker.on('message', (message: FromMonitoring) => {
    if (message === 'stopped') resolveStopped();
    else if ('ready' in message) resolve(message.ready);
    else if ('failed' in message) fail(message.failed);
    else flags.set(message.flag.name, message.flag.value, message.flag.offInSeconds);
  });
  worker.on('error', ({ message }) => fail(message));
  worker.on('exit', () => {
    fail('its thread has ended');
    resolveStopped();
  });
  try {
    const { url, uptimeChecks } = await ready;
    return {
      ...{ url, uptimeChecks },
      report: writes => worker.postMessage(writes),
      async stop() {
        worker.postMessage('stop');
        await stopped;
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
