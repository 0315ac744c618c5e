import { setTimeout as sleep } from 'node:timers/promises';

// What was late may be made up for, but only this much: after a stall the rate goes on, it does not jump.
const CATCH_UP_MS_MAX = 1000;

/**
 * Spreads messages evenly over time: the answered function waits until the next `messages` are due.
 *
 * @param perSecond messages a second
 */
export function createPace({ perSecond, signal }: { perSecond: number; signal: AbortSignal }) {
  let dueMs = performance.now();
  return async function pace(messages: number): Promise<void> {
    const nowMs = performance.now();
    dueMs = Math.max(dueMs, nowMs - CATCH_UP_MS_MAX);
    // An abort only ends the wait: who waits looks at the signal.
    if (dueMs > nowMs) await sleep(dueMs - nowMs, undefined, { signal }).catch(() => {});
    dueMs += (messages / perSecond) * 1000;
  };
}
