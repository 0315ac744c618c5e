import { messageOf } from '../../base/errors.ts';
import { type Fact, notSettled, type Outcome } from './fact.ts';
import type { World } from './world.ts';

export type Result = Outcome & { fact: Fact };

const FACT_MS_MAX = 300_000;

/**
 * Settles facts side by side, each in its own time and all within `msMax`. Whatever goes wrong with one is why it is not settled.
 *
 * @param options.createWorld where a fact is settled, until the signal aborts
 * @param options.graceMs how long a fact may take to end after its time
 */
export function settleAll(
  facts: readonly Fact[],
  options: { createWorld(signal: AbortSignal): World; interrupt: AbortSignal; msMax: number; graceMs: number },
): Promise<Result[]> {
  return Promise.all(facts.map(async fact => ({ fact, ...(await settleOne(fact, options)) })));
}

async function settleOne(fact: Fact, options: Parameters<typeof settleAll>[1]): Promise<Outcome> {
  const { createWorld, interrupt, msMax, graceMs } = options;
  const ms = Math.min(fact.msMax ?? FACT_MS_MAX, msMax);
  const end = new AbortController();
  const stop = () => end.abort(interrupt.reason);
  interrupt.addEventListener('abort', stop);
  const timer = setTimeout(() => end.abort(`its ${ms / 1000} s are over`), ms);
  const late = Promise.withResolvers<Outcome>();
  let grace: NodeJS.Timeout | undefined;
  end.signal.addEventListener('abort', () => {
    grace = setTimeout(() => late.resolve(notSettled(`It did not end: ${end.signal.reason}`)), graceMs);
  });
  if (interrupt.aborted) stop();
  try {
    return await Promise.race([fact.settle(createWorld(end.signal)), late.promise]);
  } catch (error) {
    return notSettled(messageOf(error));
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    interrupt.removeEventListener('abort', stop);
  }
}
