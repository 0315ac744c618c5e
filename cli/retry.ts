import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from './endpoint.ts';

const WAIT_MS_MIN = 100;
const WAIT_MS_MAX = 5000;

export type Retry = <Result>(attempt: () => Promise<Result>) => Promise<Result>;

/**
 * Makes attempts again, with a wait that doubles, while the endpoint's trouble may pass: it answered 429 or 503, or hung up.
 * Until it has answered once, an endpoint that is absent is no passing trouble.
 *
 * @param retryMsMax how long after its first failure an attempt is made again
 */
export function createRetry({ retryMsMax, signal }: { retryMsMax: number; signal?: AbortSignal }): Retry {
  let hasAnswered = false;

  return async function retry(attempt) {
    let giveUpAtMs = Number.POSITIVE_INFINITY;
    for (let waitMs = WAIT_MS_MIN; ; waitMs = Math.min(waitMs * 2, WAIT_MS_MAX)) {
      try {
        const result = await attempt();
        hasAnswered = true;
        return result;
      } catch (error) {
        const verdict = judge(error);
        if (verdict !== 'absent') hasAnswered = true;
        giveUpAtMs = Math.min(giveUpAtMs, performance.now() + retryMsMax);
        const isHopeless = verdict === 'final' || !hasAnswered || performance.now() + waitMs > giveUpAtMs;
        if (isHopeless || signal?.aborted) throw error;
        await sleep(waitMs, undefined, signal && { signal }).catch(() => {
          throw error;
        });
      }
    }
  };
}
