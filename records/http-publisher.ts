import { type BurnlineError, messageOf, type Problem } from '../base/errors.ts';
import { httpErrors } from '../base/http/errors.ts';
import type { Message, Publisher } from './topic.ts';

const ANSWER_MS_MAX = 30_000;

/**
 * Publishes by Pub/Sub's REST method, one request for each call. Rejects with `unavailable` where the topic did not take the
 * messages now (whether it has them is then unknown), and with `bad_request` or `not_found` where it never will.
 *
 * @param options.url the whole URL of the method
 * @example
 * createHttpPublisher({ url: 'http://127.0.0.1:8081/v1/projects/local/topics/data-ingestion:publish' });
 */
export function createHttpPublisher({
  url,
  answerMsMax = ANSWER_MS_MAX,
}: {
  url: string;
  answerMsMax?: number;
}): Publisher {
  return {
    async publish(messages) {
      let answer: Response;
      let text: string;
      try {
        answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ messages: messages.map(toWire) }),
          signal: AbortSignal.timeout(answerMsMax),
        });
        text = await answer.text();
      } catch (error) {
        const detail = `${url} did not answer (${reasonOf(error)}): start it, or name the right address`;
        throw httpErrors.error('unavailable', detail, { cause: error });
      }
      const ids = answer.ok ? readIds(text) : undefined;
      if (ids?.length === messages.length) return ids;
      throw refusal(url, answer.status, text);
    },
  };
}

function toWire({ data, attributes, orderingKey }: Message) {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return { data: base64, attributes, ...(orderingKey !== undefined && { orderingKey }) };
}

function readIds(text: string): string[] | undefined {
  const { messageIds } = readObject(text);
  return Array.isArray(messageIds) ? messageIds.map(String) : undefined;
}

function refusal(url: string, status: number, text: string): BurnlineError {
  const { detail, problems } = readObject(text) as { detail?: unknown; problems?: readonly Problem[] };
  const said = typeof detail === 'string' ? detail : text.slice(0, 200);
  const code =
    status === 404 ? 'not_found' : status >= 400 && status < 500 && status !== 429 ? 'bad_request' : 'unavailable';
  return httpErrors.error(code, `${url} answered ${status}: ${said}`, problems && { problems });
}

function readObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** What fetch throws says no more than "fetch failed"; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return messageOf(cause ?? error);
}
