import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listen } from '../base/http/server.ts';
import { limits } from '../base/limits.ts';
import { createSqliteTopic } from '../records/sqlite/topic.ts';
import type { Publisher } from '../records/topic.ts';
import { createBench, message, noTelemetry, quietLog } from './fakes.ts';
import { createPushApp } from './push.ts';
import { createPushAuth } from './push-auth.ts';
import type { Receiver } from './receive.ts';

type Options = Partial<Parameters<typeof createPushApp>[0]>;

async function serve(t: TestContext, options: Options = {}) {
  const bench = createBench();
  const app = createPushApp({
    ...{
      receiver: bench.receiver,
      authenticate: async () => {},
      log: quietLog,
      isReady: () => true,
      clock: bench.clock,
    },
    ...options,
  });
  const server = await listen({ handler: app.callback(), port: 0 });
  t.after(() => server.drain(0));

  async function post(
    body: unknown,
    { path = '/', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  }
  return { ...bench, url: server.url, post };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const push = (value: unknown, messageId = '1') => ({ message: { data: encode(value), messageId }, subscription: 's' });
const down: Receiver = {
  receive: () => Promise.reject(new Error('the warehouse at 10.0.0.7 is down')),
  refuse: () => Promise.reject(new Error('the warehouse at 10.0.0.7 is down')),
};

test('a pushed record is stored and answered 204, ten times over', async t => {
  const { post, records, letters } = await serve(t);
  for (let times = 0; times < 10; times += 1) assert.equal((await post(push({ id: 'a', name: 'Ada' }))).status, 204);
  assert.deepEqual(
    (await records()).map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(await letters(), []);
});

test('204 is answered only when the message is durable', async t => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { post } = await serve(t, { receiver: { ...down, receive: () => promise } });
  let answered = false;
  const answer = post(push({ id: 'a', name: 'Ada' })).finally(() => {
    answered = true;
  });
  await new Promise(done => setTimeout(done, 50));
  assert.equal(answered, false);
  resolve();
  assert.equal((await answer).status, 204);
});

for (const [reason, data] of [
  ['no_data', undefined],
  ['not_base64', 'not base64!'],
  ['not_base64', 12],
  ['not_json', Buffer.from('hello').toString('base64')],
  ['invalid_record', encode({ name: 'Ada' })],
  ['not_utf8', Buffer.from([0xff]).toString('base64')],
] as const) {
  test(`a push with data ${JSON.stringify(data)} is a dead letter (${reason}) and 204`, async t => {
    const { post, letters } = await serve(t);
    const body = { message: { data, messageId: '9' } };
    assert.equal((await post(body)).status, 204);
    assert.equal((await post(body)).status, 204);
    assert.deepEqual(
      (await letters()).map(letter => letter.reason),
      [reason],
    );
  });
}

for (const [what, body, code] of [
  ['an empty body', '', 'body_empty'],
  ['a body that is no JSON', '{"message":', 'body_not_json'],
  ['a body without a message', '{"subscription":"s"}', 'push_message_missing'],
  ['a message that is no object', '{"message":"x"}', 'push_message_missing'],
] as const) {
  test(`${what} is 400`, async t => {
    const { post, letters } = await serve(t);
    const { status, json } = await post(body);
    assert.equal(status, 400);
    assert.equal(json.type, `urn:burnline:problem:${code}`);
    assert.ok(json.problems[0].field);
    assert.deepEqual(await letters(), []);
  });
}

test('a body above the limit is 413, and another content type 415', async t => {
  const { post } = await serve(t);
  const data = 'A'.repeat(limits.push_body_bytes_max);
  assert.equal((await post({ message: { data } })).status, 413);
  assert.equal((await post('a', { headers: { 'content-type': 'text/plain' } })).status, 415);
});

test('where nothing can be stored, it is 503 with Retry-After, and says nothing of our insides', async t => {
  const { post } = await serve(t, { receiver: down });
  for (const body of [push({ id: 'a', name: 'Ada' }), { message: {} }]) {
    const { status, headers, json } = await post(body);
    assert.equal(status, 503);
    assert.ok(Number(headers.get('retry-after')) > 0);
    assert.doesNotMatch(JSON.stringify(json), /10\.0\.0\.7/);
  }
});

test('while it drains, pushes are 503, /ready too, and /health is still 200', async t => {
  const { post, url, records } = await serve(t, { isReady: () => false });
  assert.equal((await post(push({ id: 'a', name: 'Ada' }))).status, 503);
  assert.equal((await fetch(`${url}/ready`)).status, 503);
  assert.equal((await fetch(`${url}/health`)).status, 200);
  assert.deepEqual(await records(), []);
});

test('who may not push is told before the body is read', async t => {
  const settings = { mode: 'iam' as const, audience: 'a', serviceAccount: 's', env: { K_SERVICE: 'k' } };
  const { post, records } = await serve(t, { authenticate: createPushAuth(settings) });
  const { status, headers, json } = await post('{"broken');
  assert.equal(status, 401);
  assert.equal(headers.get('www-authenticate'), 'Bearer');
  assert.equal(json.type, 'urn:burnline:problem:push_token_missing');
  assert.equal((await post(push({ id: 'a', name: 'Ada' }))).status, 401);
  assert.deepEqual(await records(), []);
});

const publishPath = '/v1/projects/local/topics/data-ingestion:publish';

test('without a topic there is no publish endpoint', async t => {
  const { post } = await serve(t);
  assert.equal((await post({ messages: [{ data: 'YQ==' }] }, { path: publishPath })).status, 404);
});

test('published messages are in the topic when they are answered, with their ids', async t => {
  const bench = createBench();
  const topic = createSqliteTopic({ path: ':memory:', clock: bench.clock });
  const { post } = await serve(t, { topic, telemetry: noTelemetry });
  const messages = [
    { data: encode({ id: 'a', name: 'Ada' }), attributes: { origin: 'test' }, orderingKey: 'k' },
    { attributes: { only: 'this' } },
  ];
  const { status, json } = await post({ messages }, { path: publishPath });
  assert.equal(status, 200);
  const pulled = await topic.subscription.pull({ messagesMax: 10, waitMs: 0 });
  assert.deepEqual(
    pulled.map(({ messageId }) => messageId),
    json.messageIds,
  );
  assert.equal(Buffer.from(pulled[0]?.data ?? []).toString(), '{"id":"a","name":"Ada"}');
  assert.deepEqual({ ...pulled[0]?.attributes }, { origin: 'test' });
  assert.equal(pulled[0]?.orderingKey, 'k');
  assert.equal(pulled[1]?.data.length, 0);
});

const never: Publisher & { name: string } = {
  name: 'data-ingestion',
  publish: () => Promise.reject(new Error('reached')),
};

for (const [field, body] of [
  ['body', []],
  ['messages', {}],
  ['messages', { messages: [] }],
  ['messages', { messages: Array.from({ length: limits.publish_messages_max + 1 }, () => ({ data: 'YQ==' })) }],
  ['messages[0]', { messages: ['x'] }],
  ['messages[1].data', { messages: [{ data: 'YQ==' }, { data: 'no base64' }] }],
  ['messages[0].data', { messages: [{ data: 7 }] }],
  ['messages[0].data', { messages: [{}] }],
  ['messages[0].data', { messages: [{ data: '', attributes: {} }] }],
  ['messages[0].attributes.n', { messages: [{ data: 'YQ==', attributes: { n: 1 } }] }],
  ['messages[0].orderingKey', { messages: [{ data: 'YQ==', orderingKey: 1 }] }],
] as const) {
  test(`publishing ${JSON.stringify(body).slice(0, 60)} is 400 and names ${field}`, async t => {
    const { post } = await serve(t, { topic: never });
    const { status, json } = await post(body, { path: publishPath });
    assert.equal(status, 400);
    assert.equal(json.problems[0].field, field);
    assert.match(json.problems[0].rule, /^must /);
  });
}

test('a message of 10,000,000 bytes is published, and one byte more is 400 and names it', async t => {
  const bench = createBench();
  const { post } = await serve(t, { topic: createSqliteTopic({ path: ':memory:', clock: bench.clock }) });
  const ofBytes = (bytes: number) => ({ messages: [{ data: Buffer.alloc(bytes).toString('base64') }] });
  assert.equal((await post(ofBytes(10_000_000), { path: publishPath })).status, 200);
  const { status, json } = await post(ofBytes(10_000_001), { path: publishPath });
  assert.equal(status, 400);
  assert.equal(json.problems[0].field, 'messages[0].data');
  assert.match(json.problems[0].rule, /^must be base64 of at most 10000000 bytes, and has 10000001$/);
});

test('many wrong messages are not all named', async t => {
  const { post } = await serve(t, { topic: never });
  const { json } = await post({ messages: Array.from({ length: 1000 }, () => ({})) }, { path: publishPath });
  assert.equal(json.problems.length, limits.publish_problems_max);
});

test('another topic is 404, a full topic 503 with Retry-After, and so is one that fails', async t => {
  const bench = createBench();
  const full = createSqliteTopic({ path: ':memory:', clock: bench.clock, messagesMax: 1 });
  await full.publish([message('1', 'x')]);
  const { post } = await serve(t, { topic: full });
  const body = { messages: [{ data: 'YQ==' }] };
  const unknown = await post(body, { path: '/v1/projects/local/topics/other:publish' });
  assert.equal(unknown.status, 404);
  assert.equal(unknown.json.type, 'urn:burnline:problem:topic_unknown');
  const refused = await post(body, { path: publishPath });
  assert.equal(refused.status, 503);
  assert.equal(refused.json.type, 'urn:burnline:problem:queue_full');
  assert.ok(refused.headers.get('retry-after'));
  const { post: postToBroken } = await serve(t, { topic: never });
  assert.equal((await postToBroken(body, { path: publishPath })).status, 503);
});
