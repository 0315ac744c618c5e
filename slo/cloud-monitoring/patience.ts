import { setTimeout as sleep } from 'node:timers/promises';
import { BurnlineError, messageOf } from '../../base/errors.ts';
import { monitoringErrors } from '../errors.ts';

const ATTEMPTS_MAX = 3;
const ATTEMPT_MS_MAX = 10_000;
const RETRY_MS = 300;
const PAGES_MAX = 100;
const UNAVAILABLE = 14;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;

/** What Google's clients are told of one call: no retry of theirs, which goes on for 30 s and puts every failure into one message. */
export const CALL_OPTIONS = { autoPaginate: false, timeout: ATTEMPT_MS_MAX, retry: null };

/** One page of a list. */
export type Page<Item> = { items: readonly Item[]; nextPageToken?: string | null | undefined };

/**
 * Reads a list to its end, page by page, each at most three times where the endpoint is unavailable.
 *
 * @param options.what for people: `the incidents of projects/p`
 */
export async function readPages<Item>(
  read: (pageToken: string) => Promise<Page<Item>>,
  { what, endpoint }: { what: string; endpoint: string },
): Promise<Item[]> {
  const items: Item[] = [];
  let pageToken = '';
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    try {
      const page = await retried(() => read(pageToken));
      items.push(...page.items);
      if (!page.nextPageToken) return items;
      pageToken = page.nextPageToken;
    } catch (error) {
      throw explain(error, { what, endpoint });
    }
  }
  const detail = `${endpoint} has more than ${PAGES_MAX} pages of ${what}, which is more than can be judged`;
  throw monitoringErrors.error('monitoring_refused', detail);
}

async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (statusOf(error) !== UNAVAILABLE || failures === ATTEMPTS_MAX) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** gRPC's code of an error: Google's clients have it, a plain GET the HTTP status, or nothing but the system's word. */
function statusOf(error: unknown): number | undefined {
  const { code, status } = error as { code?: unknown; status?: unknown };
  if (status === 404) return NOT_FOUND;
  if (status === 503 || (status === undefined && typeof code === 'string')) return UNAVAILABLE;
  return typeof code === 'number' ? code : undefined;
}

function explain(error: unknown, { what, endpoint }: { what: string; endpoint: string }): BurnlineError {
  const said =
    messageOf(error).replace(/^request to \S+ failed, reason: /, '') ||
    'with something that is no answer of Cloud Monitoring';
  switch (statusOf(error)) {
    case UNAVAILABLE:
    case DEADLINE_EXCEEDED:
      return monitoringErrors.error('monitoring_absent', `${endpoint} does not give ${what}: ${said}`, {
        cause: error,
      });
    case NOT_FOUND:
      return monitoringErrors.error('monitoring_missing', `${endpoint} knows nothing of ${what}: ${said}`, {
        cause: error,
      });
    default:
      return monitoringErrors.error('monitoring_refused', `${endpoint} refuses ${what}: ${said}`, { cause: error });
  }
}

/** The same, or `undefined` where the endpoint knows nothing of it. */
export function ifThere<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  return reading.catch(error => {
    if (error instanceof BurnlineError && error.code === 'monitoring_missing') return undefined;
    throw error;
  });
}
