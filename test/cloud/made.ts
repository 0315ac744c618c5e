import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import type { Google } from './google.ts';

/** What a run has made, so that nothing of it stays. */
export type Made = {
  /** The same thing may be named again. */
  add(what: string, remove: (google: Google) => Promise<unknown>): void;
  /**
   * Removes all of it, the newest first, each up to three times, and once where the time is up. Answers what could not be
   * removed, and why.
   */
  removeAll(google: Google, options: { signal: AbortSignal; pauseMs: number }): Promise<string[]>;
};

const ATTEMPTS_MAX = 3;

export function createMade(): Made {
  const made: { what: string; remove(google: Google): Promise<unknown> }[] = [];
  return {
    add(what, remove) {
      if (!made.some(each => each.what === what)) made.push({ what, remove });
    },
    async removeAll(google, { signal, pauseMs }) {
      const left: string[] = [];
      for (const { what, remove } of made.splice(0).reverse()) {
        let failure: unknown;
        for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
          failure = await remove(google).then(() => undefined, messageOf);
          if (failure === undefined || signal.aborted) break;
          await sleep(pauseMs);
        }
        if (failure !== undefined) left.push(`${what} (${failure})`);
      }
      return left;
    },
  };
}
