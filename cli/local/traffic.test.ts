import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createManualClock, systemClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { decodeMessage } from '../../ingest/decode.ts';
import { createLogger } from '../../telemetry/log.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { startPlatform } from '../platform.ts';
import { readSettings } from '../settings.ts';
import { compiled } from './testing.ts';
import { runTraffic } from './traffic.ts';
import { createUptimeChecks } from './uptime.ts';

const HOUR_MS = 3_600_000;
const urls = { api: 'http://api', publish: 'http://topic/v1/projects/local/topics/data-ingestion:publish' };

type Sent = { atMs: number; method: string; url: string; body: string; headers: Headers };
type Answer = (signal: AbortSignal) => Promise<Response>;

/** Traffic on a clock that goes on as fast as it is waited for, for so long. */
async function run(options: { forMs: number; answer?: Answer; poisonShare?: () => number; seed?: number }) {
  const { forMs, answer = async () => Response.json({}), seed = 1, ...given } = options;
  const clock = createManualClock(0);
  const controller = new AbortController();
  const sent: Sent[] = [];
  let [underWay, most] = [0, 0];
  await runTraffic({
    ...{ urls, clock, seed, signal: controller.signal, ...given },
    async fetch(url, { method = '', body = '', headers, signal } = {}) {
      sent.push({ atMs: clock.now(), method, url: String(url), body: String(body), headers: new Headers(headers) });
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        return await answer(signal as AbortSignal);
      } finally {
        underWay -= 1;
      }
    },
    async wait(ms) {
      clock.advance(ms);
      // What is answered at once is answered before the next request.
      await new Promise(resolve => setImmediate(resolve));
      if (clock.now() >= forMs) controller.abort();
    },
  });
  return { sent, most, underWay };
}

const published = (sent: readonly Sent[]) =>
  sent.flatMap(({ url, body }) =>
    url === urls.publish
      ? JSON.parse(body).messages.map(({ data }: { data: string }) => Buffer.from(data, 'base64'))
      : [],
  );
const isRecord = (data: Buffer) =>
  'event' in decodeMessage({ data, attributes: {}, messageId: '1', publishedAt: 0 }, { now: HOUR_MS * 1000 });

test('an hour of it has the requests and messages that our specs count on in their quietest', async () => {
  const { sent } = await run({ forMs: HOUR_MS / 6 });
  const quietest = Object.fromEntries(
    compiled.catalogue.services.map(({ id, traffic }) => [id, traffic?.quietestHour]),
  );
  const ofApi = 6 * sent.filter(({ url }) => url.startsWith(`${urls.api}/records`)).length;
  const messages = 6 * published(sent).length;
  assert.ok(ofApi > (quietest['records-api'] ?? Number.NaN), `${ofApi} requests`);
  assert.ok(
    messages > (quietest.ingest ?? Number.NaN) && messages > (quietest.warehouse ?? Number.NaN),
    `${messages} messages`,
  );
  assert.ok(6 * sent.length < 4 * 3600, 'and is light');
});

test('it reads pages and single records, writes, publishes, and nothing says that it is no user', async () => {
  const { sent } = await run({ forMs: HOUR_MS / 4 });
  const kinds = Object.groupBy(sent, ({ method, url }) => `${method} ${url.replace(/traffic-\d+|\?.*/, '…')}`);
  assert.deepEqual(Object.keys(kinds).sort(), [
    'GET http://api/records/…',
    'GET http://api/records…',
    `POST ${urls.publish}`,
    'PUT http://api/records/…',
  ]);
  assert.ok(sent.every(({ headers }) => !headers.has('x-synthetic')));
  assert.ok(published(sent).every(isRecord));
});

test('only records that were written are asked for', async () => {
  const { sent } = await run({ forMs: HOUR_MS / 4 });
  const written = new Set<string>();
  for (const { method, url } of sent) {
    if (method === 'PUT') written.add(url);
    else if (url.includes('/traffic-')) assert.ok(written.has(url), url);
  }
  assert.ok(written.size > 10);
});

test('the same seed sends the same, and another seed something else', async () => {
  const bodies = async (seed: number) => (await run({ forMs: 60_000, seed })).sent.map(({ url, body }) => url + body);
  assert.deepEqual(await bodies(1), await bodies(1));
  assert.notDeepEqual(await bodies(1), await bodies(2));
});

test('as many messages are poison as is asked for, at the time', async () => {
  let share = 0;
  const { sent } = await run({
    forMs: HOUR_MS / 6,
    poisonShare: () => share,
    async answer() {
      share = 0.3;
      return Response.json({});
    },
  });
  const messages = published(sent);
  const poison = messages.filter(data => !isRecord(data)).length / messages.length;
  assert.ok(poison > 0.25 && poison < 0.35, `${poison}`);
});

test('no more than ten are under way, however long answers take', async () => {
  const { sent, most, underWay } = await run({
    forMs: HOUR_MS / 10,
    answer: signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  assert.deepEqual([sent.length, most, underWay], [10, 10, 0]);
});

test('where nobody answers it asks less and less, and goes on as before once somebody does', async () => {
  let isUp = false;
  const answer = async () => {
    if (!isUp) throw new TypeError('fetch failed');
    return Response.json({});
  };
  const down = await run({ forMs: HOUR_MS, answer });
  assert.ok(down.sent.length < 300, `${down.sent.length} in an hour`);
  isUp = true;
  const up = await run({ forMs: 60_000, answer });
  assert.ok(up.sent.length > 120, `${up.sent.length} in a minute`);
});

test('an answer that is an error is an answer: it goes on at its pace', async () => {
  const { sent } = await run({ forMs: 60_000, answer: async () => new Response('', { status: 503 }) });
  assert.ok(sent.length > 120);
});

test('it stops at once: a wait ends, what is under way is broken off, and no more is sent', async () => {
  const controller = new AbortController();
  const brokenOff: unknown[] = [];
  const waits = [0, HOUR_MS];
  const first = Promise.withResolvers<void>();
  const running = runTraffic({
    ...{ urls, clock: systemClock, seed: 1, signal: controller.signal },
    fetch(_url, { signal } = {}) {
      first.resolve();
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          brokenOff.push(signal.reason);
          reject(signal.reason);
        }),
      );
    },
    // The first request comes at once, the second not before the end of the test.
    wait: (_ms, signal) => delay(waits.shift(), undefined, { signal }).catch(() => {}),
  });
  await first.promise;
  controller.abort();
  await running;
  assert.deepEqual(brokenOff, [controller.signal.reason]);
});

test('on the platform itself everything is answered and stored, and the uptime check passes until it is stopped', async t => {
  const ports = { BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0' };
  const settings = readSettings({ ...ports, BURNLINE_DATA_DIR: temporaryFolder() });
  const telemetry = await startTelemetry({ service: 'burnline' });
  const log = createLogger({ service: 'burnline', level: 'silent' });
  const platform = await startPlatform({ settings, telemetry, log });
  let running = true;
  const stop = async () => {
    if (running) await platform.stop();
    running = false;
  };
  t.after(() => stop().then(telemetry.shutdown));
  const [api, ingest] = [platform.listening.api?.url ?? '', platform.listening.ingest?.url ?? ''];
  const uptime = createUptimeChecks({ checks: compiled.resources.uptimeChecks, url: api, clock: systemClock });
  const passed = async () =>
    (await uptime.sample(AbortSignal.timeout(5000))).flatMap(({ series, points }) =>
      series.valueType === 'BOOL' ? [points[0]?.value] : [],
    );

  const sent: Request[] = [];
  const statuses = new Set<number>();
  const controller = new AbortController();
  const { signal } = controller;
  await runTraffic({
    ...{ urls: { api, publish: `${ingest}/v1/projects/local/topics/data-ingestion:publish` }, seed: 1, signal },
    clock: systemClock,
    async fetch(url, { signal: _, ...init } = {}) {
      sent.push(new Request(url, init));
      // It is not broken off, or nobody knew whether it was stored.
      const answer = await fetch(url, init);
      statuses.add(answer.status);
      return answer;
    },
    async wait() {
      await delay(1);
      if (sent.length >= 100) controller.abort();
    },
  });
  assert.deepEqual([...statuses], [200]);
  const stored = async () => {
    const page = (await (await fetch(`${api}/records?limit=1000`)).json()) as { records: { id: string }[] };
    return page.records.map(({ id }) => id).sort();
  };
  const wanted = await idsIn(sent);
  assert.ok(wanted.length > 20);
  while ((await stored()).length < wanted.length) await delay(10);
  assert.deepEqual(await stored(), wanted);
  assert.deepEqual(await passed(), [true, true, true]);
  await stop();
  assert.deepEqual(await passed(), [false, false, false]);
});

/** The ids of all records that requests write or publish, each once. */
async function idsIn(requests: readonly Request[]): Promise<string[]> {
  const writes = requests.filter(({ method }) => method !== 'GET');
  type Body = { id?: string; messages?: { data: string }[] };
  const bodies = await Promise.all(writes.map(async write => (await write.json()) as Body));
  const ids = bodies.flatMap(({ id, messages = [] }) => [
    ...(id === undefined ? [] : [id]),
    ...messages.map(({ data }): string => JSON.parse(Buffer.from(data, 'base64').toString()).id),
  ]);
  return [...new Set(ids)].sort();
}
