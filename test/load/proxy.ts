import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a proxy does: delays each nth request or those above a rate, answers each nth with 503, or spoils the nth answer. */
export type Fault =
  | { kind: 'slow'; every: number; ms: number }
  | { kind: 'crowded'; abovePerSecond: number; ms: number }
  | { kind: 'failing'; every: number }
  | { kind: 'wrong'; every: number };

/** A service in a bad state: stands before it, and treats requests as its fault says. */
export async function startProxy({ upstream }: { upstream: string }) {
  const agent = new Agent({ keepAlive: true });
  const slowed = new Set<string>();
  const arrivals: number[] = [];
  let fault: Fault | undefined;
  let seen = 0;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    seen += 1;
    arrivals.push(performance.now());
    const isHit = fault !== undefined && isHitBy(fault);
    if (isHit && fault?.kind === 'failing') {
      incoming.resume();
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"status":503}');
      return;
    }
    if (isHit && (fault?.kind === 'slow' || fault?.kind === 'crowded')) {
      slowed.add(String(incoming.headers.traceparent).split('-')[1] ?? '');
      await sleep(fault.ms);
    }
    const { method, url, headers } = incoming;
    const isWrong = isHit && fault?.kind === 'wrong' && method === 'GET';
    const outgoing = request(`${upstream}${url}`, { method, headers, agent });
    incoming.pipe(outgoing);
    const [answered] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    if (!isWrong) return void answered.pipe(response);
    const chunks = await answered.toArray();
    // As long as before: the length stands in the headers.
    response.end(Buffer.concat(chunks).toString('latin1').replace('"name":"', '"nane":"'), 'latin1');
  }

  function isHitBy(fault: Fault): boolean {
    if (fault.kind !== 'crowded') return seen % fault.every === 0;
    while ((arrivals[0] ?? Number.POSITIVE_INFINITY) < performance.now() - 1000) arrivals.shift();
    return arrivals.length > fault.abovePerSecond;
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The trace ids of the requests that were delayed. */
    slowed,
    setFault(next: Fault | undefined): void {
      fault = next;
      if (fault) slowed.clear();
    },
    close(): void {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
