import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { BurnlineError } from '../errors.ts';
import { listen } from './server.ts';

const ok: RequestListener = (_req, res) => res.end('ok');

async function speak(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  return (await socket.toArray()).join('');
}

test('a free port is picked for 0, and the address says which', async () => {
  const { url, port, drain } = await listen({ handler: ok, port: 0 });
  assert.equal(url, `http://127.0.0.1:${port}`);
  assert.equal(await (await fetch(url)).text(), 'ok');
  await drain(0);
});

test('a port that is taken is told with the variable that would change it', async () => {
  const { port, drain } = await listen({ handler: ok, port: 0 });
  await assert.rejects(listen({ handler: ok, port, portVariable: 'SOME_PORT' }), (error: BurnlineError) => {
    assert.ok(error instanceof BurnlineError);
    assert.equal(error.code, 'port_in_use');
    assert.ok(error.message.includes(String(port)) && error.message.includes('SOME_PORT'), error.message);
    return true;
  });
  await drain(0);
});

test('what is not HTTP is answered 400, and headers without end 431, both as problem+json', async () => {
  const { port, drain } = await listen({ handler: ok, port: 0 });
  const nonsense = await speak(port, 'hello\r\n\r\n');
  assert.match(nonsense, /^HTTP\/1\.1 400 .*application\/problem\+json.*bad_request/s);
  const endless = await speak(port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`);
  assert.match(endless, /^HTTP\/1\.1 431 .*headers_too_large/s);
  await drain(0);
});

test('draining ends idle connections, and those never used, without waiting', async () => {
  const { url, port, drain } = await listen({ handler: ok, port: 0 });
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get(url, { agent }), 'response');
  await response.toArray();
  const silent = connect(port, '127.0.0.1');
  await once(silent, 'connect');
  await drain(600_000);
  agent.destroy();
  silent.destroy();
});

test('draining lets a running request end, tells its client to close, and takes no new one', async () => {
  const running = Promise.withResolvers<() => void>();
  const { url, drain } = await listen({ handler: (_req, res) => running.resolve(() => res.end('done')), port: 0 });
  const agent = new Agent({ keepAlive: true });
  const answered = once(get(url, { agent }), 'response');
  const finish = await running.promise;
  const drained = drain(600_000);
  await assert.rejects(fetch(url));
  finish();
  const [response] = await answered;
  assert.equal(response.headers.connection, 'close');
  assert.equal((await response.toArray()).join(''), 'done');
  await drained;
  agent.destroy();
});

test('what still runs when the grace is over is cut', async () => {
  const running = Promise.withResolvers<void>();
  const { url, drain } = await listen({ handler: () => running.resolve(), port: 0 });
  const answered = once(get(url), 'response');
  const cut = assert.rejects(answered, { code: 'ECONNRESET' });
  await running.promise;
  await drain(1);
  await cut;
});

test('draining twice is draining once', async () => {
  const { drain } = await listen({ handler: ok, port: 0 });
  await Promise.all([drain(0), drain(0)]);
});
