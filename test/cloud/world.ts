import { setTimeout as delay } from 'node:timers/promises';
import type { Append } from './append.ts';
import { type Answer, type Api, type Google, type Method, Unanswered } from './google.ts';
import type { Made } from './made.ts';

/** What is the same for every fact of a run. */
export type Run = {
  project: string;
  location: string;
  /** What everything is named by that this run makes: `burnline-facts-1a2b3c`. */
  run: string;
  labels: Readonly<Record<string, string>>;
  append: Append;
  made: Made['add'];
  /** Milliseconds since the Unix epoch. */
  now(): number;
};

/** Where a fact is settled. */
export type World = Run & {
  google: Google;
  /**
   * As `google.ask`, and what was made is deleted at the end.
   *
   * @param deletePath its path, or how the answer names it; that of the request where it is not said
   */
  make<Body>(
    method: Method,
    api: Api,
    path: string,
    body: object,
    deletePath?: string | ((body: Body) => string),
  ): Promise<Answer<Body>>;
  /** Both end early once the time of the fact is up. */
  sleep(ms: number): Promise<void>;
  /** Asks until there is an answer; `undefined` where there is none in the time. */
  poll<Found>(ask: () => Promise<Found | undefined>, everyMs?: number): Promise<Found | undefined>;
};

/** The world of one fact, until `signal` aborts. Waits are divided by `timesFaster`. */
export function createWorld(
  run: Run,
  google: Google,
  { signal, timesFaster }: { signal: AbortSignal; timesFaster: number },
): World {
  const sleep: World['sleep'] = ms => delay(ms / timesFaster, undefined, { signal }).catch(() => {});
  const deleteLater = (api: Api, path: string) =>
    run.made(`DELETE ${google.url(api)}${path}`, async by => {
      const { taken, status, said } = await by.ask('DELETE', api, path);
      if (!taken && status !== 404) throw new Error(said);
    });
  return {
    ...run,
    google,
    sleep,
    async poll(ask, everyMs = 5000) {
      while (!signal.aborted) {
        const found = await ask();
        if (found !== undefined) return found;
        await sleep(everyMs);
      }
      return undefined;
    },
    async make<Body>(
      method: Method,
      api: Api,
      path: string,
      body: object,
      deletePath?: string | ((body: Body) => string),
    ) {
      try {
        const answer = await google.ask<Body>(method, api, path, body);
        if (answer.taken)
          deleteLater(api, typeof deletePath === 'function' ? deletePath(answer.body) : (deletePath ?? path));
        return answer;
      } catch (error) {
        // Without an answer nobody knows whether it was made; one that speaks of permission or quota says that it was not.
        const isUnknown = !(error instanceof Unanswered) || error.status >= 500;
        if (isUnknown && typeof deletePath !== 'function') deleteLater(api, deletePath ?? path);
        throw error;
      }
    },
  };
}
