import { setTimeout as sleep } from 'node:timers/promises';
import { generateRecords } from '../../records/generate.ts';
import type { Message } from '../../records/topic.ts';
import type { Accepted } from './ledger.ts';
import type { Target } from './scene.ts';

const BATCH_MESSAGES = 50;
const SENDERS = 4;
const REFUSED_PAUSE_MS = 20;

type Made = { text: string; recordId?: string; name?: string };

/** Load on a target until it is told to end: topic publishes, and beside them pushes and writes through the API. */
export type Load = {
  readonly accepted: Accepted[];
  /** Requests that were answered with an error or not at all; their messages may be stored or not. */
  readonly unanswered: { requests: number };
  /** Lets every sender rest so long between two requests. */
  pace(restMs: number): void;
  end(): Promise<void>;
};

/**
 * Starts sending. Every fifth valid record is a new version of an earlier one; `poisonShare` of all are no records. Only what
 * was answered with success is noted as accepted.
 */
export function startLoad({ target, seed, poisonShare }: { target: Target; seed: number; poisonShare: number }): Load {
  const accepted: Accepted[] = [];
  const unanswered = { requests: 0 };
  const messages = makeMessages(seed, poisonShare);
  const take = (count: number): Made[] => Array.from({ length: count }, () => messages.next().value as Made);
  let running = true;
  let restMs = 0;

  async function send(): Promise<void> {
    for (let turn = 0; running; turn += 1) {
      try {
        if (turn % 10 === 8) await writeOne();
        else if (turn % 10 === 9) await pushOne();
        else await publishSome(take(BATCH_MESSAGES));
        if (restMs > 0) await sleep(restMs);
      } catch {
        unanswered.requests += 1;
        await sleep(REFUSED_PAUSE_MS);
      }
    }
  }

  async function publishSome(made: readonly Made[]): Promise<void> {
    const body = { messages: made.map(({ text }) => toWire({ data: Buffer.from(text), attributes: {} })) };
    const { messageIds } = (await post(`${target.topicUrl}:publish`, body)) as { messageIds: string[] };
    made.forEach(({ recordId, name }, index) => {
      accepted.push({ messageId: messageIds[index] as string, ...(recordId && name && { recordId, name }) });
    });
  }

  async function pushOne(): Promise<void> {
    const messageId = `push-${crypto.randomUUID()}`;
    const name = `pushed ${messageId}`;
    const data = Buffer.from(JSON.stringify({ id: messageId, name })).toString('base64');
    await post(target.ingestUrl, { message: { messageId, data, attributes: {} }, subscription: 's' });
    accepted.push({ messageId, recordId: messageId, name });
  }

  async function writeOne(): Promise<void> {
    const id = `write-${crypto.randomUUID()}`;
    const name = `written ${id}`;
    await post(`${target.apiUrl}/records`, { id, name });
    accepted.push({ recordId: id, name });
  }

  const senders = Array.from({ length: SENDERS }, send);
  return {
    accepted,
    unanswered,
    pace(ms) {
      restMs = ms;
    },
    async end() {
      running = false;
      await Promise.all(senders);
    },
  };
}

function* makeMessages(seed: number, poisonShare: number): Generator<Made, never> {
  const earlierIds: string[] = [];
  let made = 0;
  for (const { id, text, poison } of generateRecords({ seed, now: Date.now(), poisonShare })) {
    made += 1;
    if (poison) {
      yield { text };
      continue;
    }
    const recordId = made % 5 === 0 ? (earlierIds[(made * 7919) % earlierIds.length] ?? id) : id;
    if (recordId === id) earlierIds.push(id);
    const name = `version ${made}`;
    yield { text: JSON.stringify({ ...JSON.parse(text), id: recordId, name }), recordId, name };
  }
  throw new Error('The generator of records ended');
}

function toWire({ data, attributes }: Message): { data: string; attributes: Message['attributes'] } {
  return { data: Buffer.from(data).toString('base64'), attributes };
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
