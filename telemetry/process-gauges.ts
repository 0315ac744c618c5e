import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Instruments } from './signals.ts';

const RESOLUTION_MS = 20;

/** Has the process itself measured: memory and event loop delay. It costs nothing until metrics are first collected. */
export function observeProcess({ memory, eventLoopDelay }: Pick<Instruments, 'memory' | 'eventLoopDelay'>): void {
  memory.observe(() => process.memoryUsage.rss());
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  eventLoopDelay.observe(() => {
    if (delays === undefined) {
      delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delays.enable();
      return undefined;
    }
    // Node reports the time between two ticks of its timer: the delay is what exceeds the timer's own interval.
    const delaySeconds = Math.max(0, delays.percentile(99) / 1e9 - RESOLUTION_MS / 1000);
    delays.reset();
    return delaySeconds;
  });
}
