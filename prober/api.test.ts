import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startApi } from '../app/testing.ts';
import { systemClock } from '../base/clock.ts';
import { nowMicros } from '../base/time.ts';
import { decodeMessage } from '../ingest/decode.ts';
import { testProbedApi } from './api.contract.ts';
import { createProbedApi } from './api.ts';
import { createFakePath } from './fakes.ts';

const { signal } = new AbortController();

testProbedApi('the records API', async t => {
  const { url, stores } = await startApi(t as TestContext);
  let published = 0;
  async function publish(texts: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const text of texts) {
      const [messageId, now] = [String(ids.length + published), nowMicros(systemClock)];
      const message = { data: Buffer.from(text), attributes: {}, messageId, publishedAt: now };
      const decoded = decodeMessage(message, { now });
      if ('event' in decoded) await stores.warehouse.append([decoded.event]);
      else await stores.deadLetters.add([decoded.deadLetter]);
      ids.push(messageId);
    }
    published += ids.length;
    return ids;
  }
  return { api: createProbedApi({ url }), publish };
});

testProbedApi('the fake', async () => {
  const { api, publisher } = createFakePath();
  return { api, publish: texts => publisher.publish(texts.map(text => ({ data: Buffer.from(text), attributes: {} }))) };
});

/** A server that answers as a test wants it. */
async function serve(t: TestContext, handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('every request is marked as synthetic, and says by key and identity who asks', async t => {
  const asked: unknown[] = [];
  const url = await serve(t, (req, res) => {
    const { authorization, 'x-api-key': key, 'x-synthetic': synthetic } = req.headers;
    asked.push([req.method, req.url?.split('?')[0], authorization, key, synthetic]);
    res.end('{"records":[],"deadLetters":[],"nextCursor":null}');
  });
  const api = createProbedApi({ url, apiKey: 'k', identity: async () => ({ authorization: 'Bearer t' }) });
  await api.get('a b', signal);
  await api.list('a', signal);
  await api.deadLetters(undefined, signal);
  await api.erase('a', signal);
  assert.deepEqual(asked, [
    ['GET', '/records/a%20b', 'Bearer t', 'k', 'true'],
    ['GET', '/records', 'Bearer t', 'k', 'true'],
    ['GET', '/dead-letters', 'Bearer t', 'k', 'true'],
    ['DELETE', '/records/a', 'Bearer t', 'k', 'true'],
  ]);
});

test('an API that does not answer, refuses, or is another server, is told with what was asked and what it said', async t => {
  const answers: [number, string][] = [
    [403, '{"detail":"Without API keys this is for the machine itself only"}'],
    [404, '<html>Not here</html>'],
    [200, '<html>Hello</html>'],
  ];
  const url = await serve(t, (_req, res) => {
    const [status, text] = answers.shift() ?? [200, '{}'];
    res.writeHead(status).end(text);
  });
  const api = createProbedApi({ url });
  const refused = (message: RegExp) => ({ code: 'api_refused', message });
  await assert.rejects(api.get('a', signal), refused(/GET http.+\/records\/a was answered 403, Without API keys/));
  await assert.rejects(api.get('a', signal), refused(/was answered 404, no JSON object: <html>Not here/));
  await assert.rejects(api.get('a', signal), refused(/was answered 200, no JSON object: <html>Hello/));
  await assert.rejects(api.list('a', signal), refused(/without records: is it the records API\?/));
  const gone = createProbedApi({ url: 'http://127.0.0.1:9' });
  await assert.rejects(gone.get('a', signal), {
    code: 'api_silent',
    message: /not answered: .*(ECONNREFUSED|bad port)/,
  });
});

test('a cursor that leads back where it came from ends the listing', async t => {
  const url = await serve(t, (req, res) => {
    const cursor = new URL(req.url ?? '', 'http://a').searchParams.get('cursor');
    res.end(JSON.stringify({ records: [{ id: 'a-1' }, { id: 'a-2' }], nextCursor: cursor }));
  });
  assert.equal((await createProbedApi({ url }).list('a-', signal)).length, 2);
});
