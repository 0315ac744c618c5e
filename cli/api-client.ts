import { describeProblems, type Problem, showValue } from '../base/errors.ts';
import { httpErrors } from '../base/http/errors.ts';
import { isJsonObject } from '../base/json.ts';
import { describeFailure, explainAbsence } from './endpoint.ts';
import { cliErrors } from './errors.ts';
import type { Retry } from './retry.ts';

const ANSWER_MS_MAX = 60_000;

export type Answer = { status: number; body: Readonly<Record<string, unknown>> };

export type ApiClient = {
  /** The answer, where its status is 2xx or one of `expected`. Rejects with what the API said or why it did not. */
  request(method: 'GET' | 'POST' | 'DELETE', path: string, expected?: readonly number[]): Promise<Answer>;
};

/** Asks the running records API. What it answers with 429 or 503 is asked again by `retry`. */
export function createApiClient(options: { url: string; apiKey?: string | undefined; retry: Retry }): ApiClient {
  const { url, apiKey, retry } = options;
  const headers = { accept: 'application/json', ...(apiKey && { 'x-api-key': apiKey }) };

  async function ask(method: string, path: string, expected: readonly number[]): Promise<Answer> {
    const response = await fetch(url + path, { method, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const text = await response.text();
    const { status } = response;
    if (status === 429) throw httpErrors.error('rate_limited', sayOf(text));
    if (status === 503) throw httpErrors.error('unavailable', sayOf(text));
    const body = parseObject(text);
    if (!response.ok && !expected.includes(status)) {
      throw cliErrors.error('endpoint_refused', `${method} ${url}${path} was answered ${status}: ${sayOf(text)}`);
    }
    if (body) return { status, body };
    const detail = `${method} ${url}${path} was answered ${status} without a JSON object: is this the records API?`;
    throw cliErrors.error('endpoint_refused', detail);
  }

  return {
    async request(method, path, expected = []) {
      try {
        return await retry(() => ask(method, path, expected));
      } catch (error) {
        const explained = explainAbsence(error, url);
        if (explained !== error || !(error instanceof TypeError)) throw explained;
        throw cliErrors.error('endpoint_refused', `${url} broke off: ${describeFailure(error)}`, { cause: error });
      }
    },
  };
}

/** What a problem+json says: its detail, and its problems where it has no detail. */
export function describeProblem(body: Answer['body']): string {
  const { detail, title, problems } = body;
  if (typeof detail === 'string') return detail;
  return Array.isArray(problems) ? describeProblems(problems as Problem[]) : String(title ?? showValue(body));
}

function sayOf(text: string): string {
  const body = parseObject(text);
  return body ? describeProblem(body) : text.slice(0, 200);
}

function parseObject(text: string): Answer['body'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
