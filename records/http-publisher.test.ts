import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listen } from '../base/http/server.ts';
import { createHttpPublisher } from './http-publisher.ts';

async function serve(t: TestContext, status: number, answer: string) {
  const bodies: string[] = [];
  const server = await listen({
    port: 0,
    async handler(req, res) {
      bodies.push(Buffer.concat(await Array.fromAsync(req)).toString());
      res.writeHead(status).end(answer);
    },
  });
  t.after(() => server.drain(0));
  return { url: `${server.url}/v1/projects/p/topics/t:publish`, bodies };
}

const messages = [
  { data: Buffer.from('hello'), attributes: { a: 'b' }, orderingKey: 'k' },
  { data: new Uint8Array([0xff]), attributes: {} },
];

test('it sends what the REST method takes, and resolves with the ids', async t => {
  const { url, bodies } = await serve(t, 200, '{"messageIds":["7","8"]}');
  assert.deepEqual(await createHttpPublisher({ url }).publish(messages), ['7', '8']);
  assert.deepEqual(JSON.parse(bodies[0] ?? ''), {
    messages: [
      { data: 'aGVsbG8=', attributes: { a: 'b' }, orderingKey: 'k' },
      { data: '/w==', attributes: {} },
    ],
  });
});

for (const [status, answer, code, said] of [
  [400, '{"detail":"messages[0].data must be a base64 string"}', 'bad_request', /400: messages\[0\]/],
  [404, '{"detail":"There is no topic"}', 'not_found', /no topic/],
  [429, '{}', 'unavailable', /429/],
  [503, 'upstream', 'unavailable', /503: upstream/],
  [200, '{"messageIds":["7"]}', 'unavailable', /200/],
  [200, 'hello', 'unavailable', /hello/],
] as const) {
  test(`an answer of ${status} ${answer} is ${code}`, async t => {
    const { url } = await serve(t, status, answer);
    await assert.rejects(createHttpPublisher({ url }).publish(messages), { code, message: said });
  });
}

test('a topic that is not there, or does not answer, is unavailable, and says why', async () => {
  const server = await listen({ port: 0, handler: () => {} });
  const slow = createHttpPublisher({ url: server.url, answerMsMax: 20 });
  await assert.rejects(slow.publish(messages), { code: 'unavailable', message: /timeout/i });
  await server.drain(0);
  await assert.rejects(createHttpPublisher({ url: server.url }).publish(messages), {
    ...{ code: 'unavailable', message: /ECONNREFUSED/ },
  });
});
