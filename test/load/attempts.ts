import { setTimeout as sleep } from 'node:timers/promises';

/** A machine that is busy with something else for a moment is not what is tested. */
const ATTEMPTS_MAX = 3;
/** Longer than a sample, an export and two evaluations take, and than the minute that a window of an SLO has. */
const WAIT_MS_MAX = 75_000;
const PAUSE_MS = 250;

/** Tries again where it was not as expected, three times at most. */
export async function insist<Result>(
  attempt: (tried: number) => Promise<Result>,
  isSo: (result: Result) => boolean,
): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    const result = await attempt(tried);
    if (isSo(result) || tried === ATTEMPTS_MAX) return result;
    process.stderr.write(
      `not as expected in attempt ${tried} of ${ATTEMPTS_MAX}, perhaps for want of processor time\n`,
    );
  }
}

/** Looks again and again until it is as expected, and no longer than a limit; what was seen last. */
export async function watch<Seen>(look: () => Promise<Seen>, isSo: (seen: Seen) => boolean): Promise<Seen> {
  const endMs = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const seen = await look();
    if (isSo(seen) || performance.now() > endMs) return seen;
    await sleep(PAUSE_MS);
  }
}
