import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { sleep } from '../base/sleep.ts';
import { within } from '../base/within.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Instruments } from '../telemetry/signals.ts';
import { describeWalked, type Walk } from './walk.ts';

/** How long a round may take to end when it is stopped, and then the erasures: Cloud Run kills ten seconds after it has said so. */
const END_MS_MAX = 1_000;
const ERASE_MS_MAX = 8_000;

/**
 * Walks the path again and again, a round every `everyMs` and never two at once, and counts what came of each. The records stay
 * from round to round, each of which updates them, and are erased when it is stopped.
 */
export function startProber(options: {
  walk: Walk;
  everyMs: number;
  instruments: Pick<Instruments, 'probePaths' | 'probePathDuration'>;
  log: Logger;
  clock: Clock;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}): { stop(): Promise<void> } {
  const { walk, everyMs, instruments, log, clock, wait = sleep } = options;
  const controller = new AbortController();
  const { signal } = controller;

  async function round(): Promise<void> {
    try {
      const walked = await walk.round(signal);
      const { outcome, readableSeconds } = walked;
      instruments.probePaths.add(1, { outcome });
      instruments.probePathDuration.record(readableSeconds);
      if (outcome !== 'ok')
        log.warn({ outcome, readableSeconds }, `A probe is ${outcome}: ${describeWalked(walked).join('; ')}`);
    } catch (error) {
      // One that was broken off says nothing.
      if (signal.aborted) return;
      instruments.probePaths.add(1, { outcome: 'failed' });
      log.error({ err: error }, `A probe has failed: ${messageOf(error)}`);
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const nextMs = clock.now() + everyMs;
      await round();
      await wait(Math.max(0, nextMs - clock.now()), signal);
    }
  }

  const running = run();
  return {
    async stop() {
      controller.abort();
      await within(
        END_MS_MAX,
        () => running,
        () => new Error('The round goes on'),
      ).catch(() => {});
      const left = await walk.erase(AbortSignal.timeout(ERASE_MS_MAX));
      if (left.length > 0)
        log.warn({ left }, `Not erased: ${left.map(({ id, reason }) => `${id} (${reason})`).join('; ')}`);
    },
  };
}
