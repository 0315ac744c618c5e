import { backoffMs } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';

const WAIT_MS = { msMin: 250, msMax: 4000 };

/** How time passes while something is waited for. */
export type Waiting = { clock: Clock; random: () => number; wait(ms: number, signal: AbortSignal): Promise<void> };

/**
 * Makes attempts, with waits that grow, until one answers something within `ms`; `undefined` where none did. Throws what the
 * last attempt threw, and at once where the signal aborts.
 */
export async function until<Answer>(
  attempt: () => Promise<Answer | undefined>,
  { ms, signal, clock, random, wait }: Waiting & { ms: number; signal: AbortSignal },
): Promise<Answer | undefined> {
  const endMs = clock.now() + ms;
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    const tried = await attempt().then(
      answer => ({ answer }),
      (error: unknown) => ({ error }),
    );
    const leftMs = endMs - clock.now();
    if ('answer' in tried && tried.answer !== undefined && leftMs >= 0) return tried.answer;
    if (leftMs <= 0) {
      if ('error' in tried) throw tried.error;
      return undefined;
    }
    await wait(Math.min(leftMs, backoffMs(failures, { ...WAIT_MS, random })), signal);
  }
}
