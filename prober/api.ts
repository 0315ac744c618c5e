import { messageOf } from '../base/errors.ts';
import { isJsonObject, parseJson } from '../base/json.ts';
import { encodeCursor } from '../records/cursor.ts';
import { parseVersion, type Version } from '../records/version.ts';
import type { Fields } from './differences.ts';
import { proberErrors } from './errors.ts';

const ANSWER_MS_MAX = 10_000;
/** In BigQuery an erasure is several statements, and a snapshot that is written anew. */
const ERASE_MS_MAX = 120_000;
/** Fewer than a round has ids, so that a listing goes on by cursor. */
const PAGE_RECORDS = 2;
const PAGE_LETTERS = 100;

/** A record as the API serves it; its version where the API tells it. */
export type Served = { record: Fields; version: Version | undefined };

type Page = { items: Fields[]; next: string | undefined };

/** The records API as a client sees it. Everything rejects with `api_silent` or `api_refused`. */
export type ProbedApi = {
  get(id: string, signal: AbortSignal): Promise<Served | undefined>;
  /** All records with the prefix, by pages and their cursors, in the order in which they are listed. */
  list(prefix: string, signal: AbortSignal): Promise<Fields[]>;
  /** A page of the dead letters that were no record, from a cursor on. */
  deadLetters(cursor: string | undefined, signal: AbortSignal): Promise<Page>;
  erase(id: string, signal: AbortSignal): Promise<void>;
};

/**
 * The API at an address. Every request is marked `x-synthetic: true`.
 *
 * @param options.identity the headers of each request that say who asks (identity.ts)
 */
export function createProbedApi(options: {
  url: string;
  apiKey?: string | undefined;
  identity?: () => Promise<Record<string, string>>;
}): ProbedApi {
  const { url, apiKey, identity = async () => ({}) } = options;

  /** The answer, or `undefined` where there is no such thing. */
  async function ask(method: string, path: string, signal: AbortSignal, answerMsMax = ANSWER_MS_MAX) {
    const what = `${method} ${url}${path}`;
    const headers = { 'x-synthetic': 'true', ...(apiKey && { 'x-api-key': apiKey }), ...(await identity()) };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url + path, { method, headers, signal: patience });
      text = await answer.text();
    } catch (error) {
      // What fetch throws says no more than "fetch failed"; its cause says why.
      const why = messageOf((error as Error).cause ?? error);
      throw proberErrors.error('api_silent', `${what} was not answered: ${why}`, { cause: error });
    }
    const body = parseObject(text);
    // The API says so in JSON; a page of text is somebody else's.
    if (answer.status === 404 && body) return undefined;
    if (answer.ok && body) return { body, headers: answer.headers };
    const said = typeof body?.detail === 'string' ? body.detail : `no JSON object: ${text.slice(0, 200)}`;
    throw proberErrors.error('api_refused', `${what} was answered ${answer.status}, ${said}`);
  }

  async function page(path: string, member: string, signal: AbortSignal): Promise<Page> {
    const { [member]: items, nextCursor } = (await ask('GET', path, signal))?.body ?? {};
    const next = typeof nextCursor === 'string' ? nextCursor : undefined;
    if (Array.isArray(items)) return { items, next };
    throw proberErrors.error('api_refused', `GET ${url}${path} was answered without ${member}: is it the records API?`);
  }

  return {
    async get(id, signal) {
      const found = await ask('GET', pathOf(id), signal);
      return found && { record: found.body, version: parseVersion(found.headers.get('x-record-version') ?? '') };
    },
    async list(prefix, signal) {
      const listed: Fields[] = [];
      for (let cursor = encodeCursor('records', prefix); ; ) {
        const { items, next } = await page(`/records?limit=${PAGE_RECORDS}&cursor=${cursor}`, 'records', signal);
        const own = items.filter(({ id }) => String(id).startsWith(prefix));
        listed.push(...own);
        // Behind the prefix come the records of others; a cursor that leads back where it came from has no end.
        if (own.length < items.length || next === undefined || next === cursor) return listed;
        cursor = next;
      }
    },
    deadLetters(cursor, signal) {
      const from = cursor === undefined ? '' : `&cursor=${cursor}`;
      return page(`/dead-letters?limit=${PAGE_LETTERS}&reason=invalid_record${from}`, 'deadLetters', signal);
    },
    async erase(id, signal) {
      await ask('DELETE', pathOf(id), signal, ERASE_MS_MAX);
    },
  };
}

const pathOf = (id: string) => `/records/${encodeURIComponent(id)}`;

function parseObject(text: string): Fields | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
