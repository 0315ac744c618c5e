import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { createRandom } from '../../base/random.ts';
import { sleep } from '../../base/sleep.ts';

/**
 * Requests a second, and what they are by share. The quietest hours that our specs name are 600 requests of the API and 2,000 messages:
 * this comes to some 8,100 and 2,700, and grows the tables by 20 MB a day.
 */
const PER_SECOND = 3;
const SHARES = { page: 0.45, record: 0.25, write: 0.05, publish: 0.25 } as const;

/** As many records as are written over and over, so that a platform left running has no more. */
const RECORDS = 500;
const IN_FLIGHT_MAX = 10;
const ANSWER_MS_MAX = 30_000;
const BACKOFF_MS = { msMin: 1000, msMax: 30_000 };
const USER_AGENT = 'burnline-traffic';

type Kind = keyof typeof SHARES;
type Request = { method: string; url: string; body?: string };

/**
 * Users of the local platform: pages and single records are read, records written through the API and by way of the topic, at random
 * times with a mean rate. Nothing marks them as synthetic. Where nobody answers it waits longer and longer, and says nothing. Resolves
 * once the signal has aborted, and with it all that was under way.
 *
 * @param options.urls the records API, without a slash at its end, and the whole URL of the topic's REST method
 * @param options.poisonShare from 0 to 1, asked for each message: that share of them is no record
 */
export async function runTraffic(options: {
  urls: { api: string; publish: string };
  signal: AbortSignal;
  seed: number;
  clock: Clock;
  poisonShare?: () => number;
  apiKey?: string | undefined;
  fetch?: typeof globalThis.fetch;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}): Promise<void> {
  const { urls, signal, seed, clock, poisonShare = () => 0, apiKey, fetch = globalThis.fetch, wait = sleep } = options;
  const random = createRandom(seed);
  const headers = {
    ...{ 'content-type': 'application/json', 'user-agent': USER_AGENT },
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
  };
  const underWay = new Set<Promise<void>>();
  /** Records that are there for sure, for what was published may be on its way. */
  const written = new Set<string>();
  let failures = 0;

  const newId = () => `traffic-${Math.floor(random() * RECORDS)}`;

  function fieldsOf(id: string): string {
    const value = Math.round(random() * 100_000) / 100;
    return JSON.stringify({ id, name: `Sensor ${id}`, value, timestamp: new Date(clock.now()).toISOString() });
  }

  function request(kind: Kind): Request {
    switch (kind) {
      case 'page':
        return { method: 'GET', url: `${urls.api}/records?limit=20&offset=${Math.floor(random() * 100)}` };
      case 'record': {
        const id = [...written][Math.floor(random() * written.size)];
        return id === undefined ? request('page') : { method: 'GET', url: `${urls.api}/records/${id}` };
      }
      case 'write': {
        const id = newId();
        return { method: 'PUT', url: `${urls.api}/records/${id}`, body: fieldsOf(id) };
      }
      case 'publish': {
        const text = fieldsOf(newId());
        const data = Buffer.from(random() < poisonShare() ? spoil(text, random) : text).toString('base64');
        return { method: 'POST', url: urls.publish, body: JSON.stringify({ messages: [{ data }] }) };
      }
    }
  }

  async function send({ method, url, body }: Request): Promise<void> {
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
      const answer = await fetch(url, { method, headers, signal: patience, ...(body !== undefined && { body }) });
      await answer.arrayBuffer();
      failures = 0;
      if (method === 'PUT' && answer.ok) written.add(url.slice(url.lastIndexOf('/') + 1));
    } catch {
      failures += 1;
    }
  }

  while (!signal.aborted) {
    const ms = failures > 0 ? backoffMs(failures, { ...BACKOFF_MS, random }) : pauseMs(random);
    await wait(ms, signal);
    // What would be too much at once is left out, and not made up for.
    if (signal.aborted || underWay.size >= IN_FLIGHT_MAX) continue;
    const sent: Promise<void> = send(request(kindAt(random()))).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}

/** Between two requests that come independently of each other. */
function pauseMs(random: () => number): number {
  return (-Math.log(1 - random()) * 1000) / PER_SECOND;
}

function kindAt(share: number): Kind {
  let left = share;
  for (const [kind, own] of Object.entries(SHARES)) {
    left -= own;
    if (left < 0) return kind as Kind;
  }
  return 'page';
}

/** A message that is no JSON, or no record. */
function spoil(text: string, random: () => number): string {
  return random() < 0.5 ? text.slice(0, -1) : text.replace('"name"', '"nome"');
}
