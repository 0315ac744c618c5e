import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../base/http/server.ts';
import { createHealthHandler } from './health.ts';

test('it is alive while it runs, ready while it takes work, and knows nothing else', async t => {
  let ready = true;
  const server = await listen({ port: 0, handler: createHealthHandler({ isReady: () => ready }) });
  t.after(() => server.drain(0));
  const statusOf = async (path: string) => (await fetch(server.url + path)).status;
  assert.deepEqual(
    [await statusOf('/health'), await statusOf('/healthz?x=1'), await statusOf('/ready')],
    [200, 200, 200],
  );
  ready = false;
  assert.deepEqual([await statusOf('/health'), await statusOf('/readyz'), await statusOf('/')], [200, 503, 404]);
});
