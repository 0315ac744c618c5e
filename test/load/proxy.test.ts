import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startServer } from '../../cli/testing.ts';
import { startProxy } from './proxy.ts';

async function start(t: TestContext) {
  const upstream = await startServer((request, response) => {
    response.setHeader('x-upstream', 'yes');
    response.end(`{"name":"${request.method} ${request.url} ${request.text}"}`);
  });
  const proxy = await startProxy({ upstream: upstream.url });
  t.after(() => proxy.close());
  t.after(() => upstream[Symbol.asyncDispose]());
  async function ask(path = '/a', init: RequestInit = {}) {
    const answer = await fetch(proxy.url + path, init);
    return { status: answer.status, header: answer.headers.get('x-upstream'), text: await answer.text() };
  }
  return { proxy, ask };
}

test('without a fault, requests and answers go through as they are', async t => {
  const { ask } = await start(t);
  const answer = await ask('/a?b=c', { method: 'PUT', body: 'text' });
  assert.deepEqual(answer, { status: 200, header: 'yes', text: '{"name":"PUT /a?b=c text"}' });
});

test('failing, each nth request is answered 503 and reaches nobody', async t => {
  const { proxy, ask } = await start(t);
  proxy.setFault({ kind: 'failing', every: 3 });
  const answers = [await ask(), await ask(), await ask(), await ask()];
  assert.deepEqual(
    answers.map(({ status, header }) => [status, header]),
    [
      [200, 'yes'],
      [200, 'yes'],
      [503, null],
      [200, 'yes'],
    ],
  );
});

test('slow, it delays each nth, and tells their traces', async t => {
  const { proxy, ask } = await start(t);
  proxy.setFault({ kind: 'slow', every: 2, ms: 1 });
  for (const id of ['aa', 'bb']) await ask('/', { headers: { traceparent: `00-${id}-cc-01` } });
  assert.deepEqual([...proxy.slowed], ['bb']);
});

test('crowded, it delays what comes above a rate', async t => {
  const { proxy, ask } = await start(t);
  proxy.setFault({ kind: 'crowded', abovePerSecond: 100_000, ms: 1 });
  await ask();
  assert.equal(proxy.slowed.size, 0);
  proxy.setFault({ kind: 'crowded', abovePerSecond: 0, ms: 1 });
  await ask();
  assert.equal(proxy.slowed.size, 1);
});

test('wrong, an answer says something else at the same length, and only where it is read', async t => {
  const { proxy, ask } = await start(t);
  proxy.setFault({ kind: 'wrong', every: 1 });
  assert.equal((await ask()).text, '{"nane":"GET /a "}');
  assert.equal((await ask('/a', { method: 'PUT', body: 'x' })).text, '{"name":"PUT /a x"}');
});
