import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { sleep } from '../../base/sleep.ts';
import type { SeriesWrite } from '../../monitoring/model.ts';
import type { Logger } from '../../telemetry/log.ts';

/** Where the local platform stands in for one on Google Cloud: labels of all that is reported. */
export type Place = { project: string; location: string };

/** One of Google's services: what it would write into Cloud Monitoring since it was last asked, until the signal aborts. */
export type Source = { sample(signal: AbortSignal): SeriesWrite[] | Promise<SeriesWrite[]> };

/**
 * Hands on what Google's services would report, now and every `everyMs` until it is stopped, each source by itself: one that waits for
 * an answer holds up no other. What came after its last sample is not told.
 */
export function startReporting(options: {
  sources: readonly Source[];
  report(writes: SeriesWrite[]): void;
  log: Pick<Logger, 'warn'>;
  clock: Clock;
  everyMs: number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}): { stop(): Promise<void> } {
  const { sources, report, log, clock, everyMs, wait = sleep } = options;
  const controller = new AbortController();
  const { signal } = controller;

  async function take(source: Source): Promise<void> {
    try {
      const writes = await source.sample(signal);
      if (writes.length > 0 && !signal.aborted) report(writes);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, `A sample could not be taken: ${messageOf(error)}`);
    }
  }

  async function run(source: Source): Promise<void> {
    while (!signal.aborted) {
      const nextMs = clock.now() + everyMs;
      await take(source);
      await wait(Math.max(0, nextMs - clock.now()), signal);
    }
  }

  const running = sources.map(run);
  return {
    async stop() {
      controller.abort();
      await Promise.all(running);
    },
  };
}
