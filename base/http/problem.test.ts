import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { httpErrors } from './errors.ts';
import { answerProblems } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { listen } from './server.ts';

type Logged = { fields: object; message: string };

async function start(t: TestContext, ...middleware: Middleware[]): Promise<{ url: string; logged: Logged[] }> {
  const logged: Logged[] = [];
  const app = new Koa();
  app.use(answerProblems({ log: { error: (fields, message) => logged.push({ fields, message }) } }));
  for (const one of [securityHeaders(), ...middleware]) app.use(one);
  const server = await listen({ handler: app.callback(), port: 0 });
  t.after(() => server.drain(0));
  return { url: server.url, logged };
}

const throwing = (error: unknown): Middleware => {
  return () => {
    throw error;
  };
};

test('an error of ours becomes problem+json with its status, its detail and each field', async t => {
  const problems = [{ field: 'a', value: '"x"', rule: 'must be 1' }];
  const { url, logged } = await start(t, throwing(httpErrors.error('bad_request', 'a must be 1', { problems })));
  const response = await fetch(`${url}/some?q=1`);
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await response.json(), {
    type: 'urn:burnline:problem:bad_request',
    title: 'The request is not valid',
    status: 400,
    detail: 'a must be 1',
    instance: '/some',
    problems,
  });
  assert.deepEqual(logged, []);
});

test('what was not foreseen is a 500 that tells the log everything and the client nothing', async t => {
  for (const thrown of [new Error('password is hunter2'), 'hunter2', undefined, null]) {
    const { url, logged } = await start(t, throwing(thrown));
    const response = await fetch(url);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /hunter2/);
    assert.deepEqual(
      logged.map(({ fields }) => (fields as { err: unknown }).err),
      [thrown],
    );
  }
});

test("Koa's own errors keep their status, and their text where it is meant to be seen", async t => {
  const { url } = await start(t, ctx => ctx.throw(413, 'too much'));
  const response = await fetch(url);
  assert.equal(response.status, 413);
  assert.equal(((await response.json()) as { detail: string }).detail, 'too much');
});

test('an unknown path is 404, an unknown method 405 with what is allowed, and OPTIONS tells it too', async t => {
  const router = new Router().get('/a/:id', ctx => ctx.throw(400)).put('/a/:id', ctx => ctx.throw(400));
  const { url } = await start(t, router.routes() as unknown as Middleware);
  assert.equal((await fetch(`${url}/b`)).status, 404);
  const refused = await fetch(`${url}/a/1`, { method: 'DELETE' });
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.get('allow'), 'GET, HEAD, PUT');
  assert.match(await refused.text(), /method_not_allowed/);
  const options = await fetch(`${url}/a/1`, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, PUT']);
});

test('every answer, also a refusal, carries the security headers', async t => {
  const { url } = await start(t, throwing(new Error('x')));
  const { headers } = await fetch(url);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.equal(headers.get('cache-control'), 'no-store');
});
