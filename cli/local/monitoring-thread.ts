import type { Worker } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import type { SeriesWrite } from '../../monitoring/model.ts';
import type { UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import type { FlagState, Flags } from '../faults/flags.ts';

/** Where a local Cloud Monitoring that has started is, and what it would have checked. */
export type Started = { url: string; uptimeChecks: readonly UptimeCheckConfig[] };

/** Points to keep, or the end. */
export type ToMonitoring = SeriesWrite[] | 'stop';
/** What the thread tells: that it is ready or never will be, a flag that was switched, its end. */
export type FromMonitoring = { ready: Started } | { failed: string } | { flag: FlagState } | 'stopped';

/** One thread of the local Cloud Monitoring, from its start to its end. */
export type MonitoringThread = {
  /** Rejects with why it has ended before it was ready. */
  ready: Promise<Started>;
  /** Resolves with why it has ended. */
  ended: Promise<string>;
  /** Does nothing where it has ended. */
  send(message: ToMonitoring): void;
};

/** Follows a thread that has just been made; a flag that is switched there is switched here. */
export function followThread(worker: Worker, flags: Flags): MonitoringThread {
  const ready = Promise.withResolvers<Started>();
  const ended = Promise.withResolvers<string>();
  let why: string | undefined;
  worker.on('message', (message: FromMonitoring) => {
    if (message === 'stopped') end('it was stopped');
    else if ('failed' in message) end(message.failed);
    else if ('ready' in message) ready.resolve(message.ready);
    else flags.set(message.flag.name, message.flag.value, message.flag.offInSeconds);
  });
  worker.on('error', error => {
    why = messageOf(error);
  });
  worker.on('exit', code => {
    why ??= `its thread has ended with code ${code}`;
    ready.reject(why);
    ended.resolve(why);
  });

  function end(because: string): void {
    why = because;
    void worker.terminate();
  }

  return { ready: ready.promise, ended: ended.promise, send: message => worker.postMessage(message) };
}
