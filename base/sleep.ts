import { setTimeout as delay } from 'node:timers/promises';

/** Waits, at the most until the signal aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
