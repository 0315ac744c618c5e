import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { startMonitoring } from './api/testing.ts';

const service = { custom: {} };
const path = '/v3/projects/local/services?serviceId=';

/** Sends headers that `fetch` does not let one send; the status and the body. */
function send(url: string, method: string, headers: Record<string, string>, body = ''): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method, headers: { ...length, ...headers } }, async response => {
      resolve([response.statusCode ?? 0, (await response.toArray()).join('')]);
    });
    sent.once('error', reject).end(body);
  });
}

test('a page of another site can neither write nor, by a name of its own for loopback, read', async () => {
  await using server = await startMonitoring();
  const { port } = new URL(server.url);
  const own = `127.0.0.1:${port}`;
  const json = { 'content-type': 'application/json' };
  const post = (headers: Record<string, string>, id: string) =>
    send(`${server.url}${path}${id}`, 'POST', { ...json, ...headers }, JSON.stringify(service));
  for (const headers of [
    { host: own, origin: 'http://evil.example' },
    { host: own, origin: 'http://localhost:3000' },
    { host: own, origin: `https://${own}` },
    { host: own, origin: 'null' },
    { host: own, origin: '' },
    { host: own, 'sec-fetch-site': 'cross-site' },
    { host: own, 'sec-fetch-site': 'same-site' },
    { host: `evil.example:${port}` },
    { host: `127.0.0.1.evil.example:${port}` },
    { host: `localhost.evil.example:${port}` },
    { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
  ]) {
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']) {
      const [status, text] = await send(
        `${server.url}${path}a`,
        method,
        { ...json, ...headers },
        JSON.stringify(service),
      );
      assert.equal(status, 403, `${method} ${JSON.stringify(headers)}`);
      assert.equal(JSON.parse(text).error.status, 'PERMISSION_DENIED');
    }
  }
  const list = `${server.url}/v3/projects/local/services`;
  assert.equal((await send(list, 'GET', { host: `evil.example:${port}` }))[0], 403);
  assert.deepEqual(await send(list, 'GET', { host: own, origin: 'http://evil.example' }), [200, '{}']);
  for (const [index, headers] of [
    { host: own },
    { host: own, origin: `http://${own}` },
    { host: `localhost:${port}`, origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' },
    { host: `[::1]:${port}`, 'sec-fetch-site': 'none' },
  ].entries()) {
    assert.equal((await post(headers, `s${index}`))[0], 200, JSON.stringify(headers));
  }
});

test('no answer lets a page of another site read it', async () => {
  await using server = await startMonitoring();
  for (const method of ['GET', 'OPTIONS']) {
    const response = await fetch(`${server.url}/v3/projects/local/services`, { method });
    const names = [...response.headers.keys()].filter(name => name.startsWith('access-control'));
    assert.deepEqual(names, []);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
});

test('the intake is asked first, and not for what comes from elsewhere', async () => {
  const seen: (string | undefined)[] = [];
  await using server = await startMonitoring({
    intake: {
      async handle(req, res) {
        seen.push(req.url);
        if (req.url !== '/v1/traces') return false;
        res.writeHead(202).end('{}');
        return true;
      },
    },
  });
  assert.equal((await server.ask('POST', '/v1/traces', {})).status, 202);
  assert.equal((await server.ask('GET', '/v3/projects/local/services')).status, 200);
  const { port } = new URL(server.url);
  const elsewhere = { host: `127.0.0.1:${port}`, origin: 'http://evil.example' };
  assert.equal((await send(`${server.url}/v1/traces`, 'POST', elsewhere))[0], 403);
  assert.deepEqual(seen, ['/v1/traces', '/v3/projects/local/services']);
});

test('a failure of ours is logged, and told in general terms', async () => {
  const broken = () => {
    throw new TypeError('a detail that is nobody’s business');
  };
  await using server = await startMonitoring({ intake: { handle: async () => broken() } });
  const { status, body } = await server.ask('GET', '/v3/projects/local/services');
  const message = 'The request failed on our side; its log entry has the reason';
  assert.deepEqual([status, body], [500, { error: { code: 500, message, status: 'INTERNAL' } }]);
  assert.match(String((server.failures[0] as { err: Error }).err), /nobody’s business/);
});

test('what is not served, and what cannot be read, is an error of Google’s shape', async () => {
  await using server = await startMonitoring();
  const services = '/v3/projects/local/services';
  const long = JSON.stringify({ custom: {}, displayName: 'x'.repeat(3_000_000) });
  for (const [method, url, body, code, status] of [
    ['GET', '/', undefined, 404, 'NOT_FOUND'],
    ['GET', '//', undefined, 404, 'NOT_FOUND'],
    ['GET', '/v3/projects/local/nothing', undefined, 404, 'NOT_FOUND'],
    ['PUT', services, '{}', 404, 'NOT_FOUND'],
    ['GET', '/v3/projects/other/services', undefined, 404, 'NOT_FOUND'],
    ['GET', `${services}/%E0%A4%A`, undefined, 400, 'INVALID_ARGUMENT'],
    ['POST', services, '', 400, 'INVALID_ARGUMENT'],
    ['POST', services, 'no json', 400, 'INVALID_ARGUMENT'],
    ['POST', services, '[]', 400, 'INVALID_ARGUMENT'],
    ['POST', services, `{"custom":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'INVALID_ARGUMENT'],
    ['POST', services, '{"nothing":1}', 400, 'INVALID_ARGUMENT'],
    ['POST', services, long, 413, 'INVALID_ARGUMENT'],
    ['GET', `${services}?pageSize=-1`, undefined, 400, 'INVALID_ARGUMENT'],
    ['GET', `${services}?pageToken=1.x`, undefined, 400, 'INVALID_ARGUMENT'],
    ['GET', `${services}?filter=(`, undefined, 400, 'INVALID_ARGUMENT'],
    ['POST', '/v3/projects/local/timeSeries:query', '{"query":"fetch a"}', 501, 'UNIMPLEMENTED'],
  ] as const) {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const [found, text] = await send(`${server.url}${url}`, method, headers, body);
    const { error } = JSON.parse(text) as { error: { code: number; status: string; message: string } };
    assert.deepEqual([found, error.code, error.status], [code, code, status], `${method} ${url}`);
    assert.ok(error.message.length > 0);
  }
  assert.deepEqual(server.failures, []);
});
