import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import { listen } from '../../base/http/server.ts';
import { createFlags } from './flags.ts';
import { createFlagsHandler } from './handler.ts';
import { flagNames, flagTable } from './table.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered
type Json = any;

async function start(t: TestContext) {
  const clock = createManualClock(0);
  const flags = createFlags({ clock });
  const server = await listen({ handler: createFlagsHandler({ flags, asGoogle: true }), port: 0 });
  t.after(() => server.drain(0));
  async function ask(method: string, path: string, body?: unknown, type = 'application/json') {
    const answer = await fetch(server.url + path, {
      method,
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': type },
      }),
    });
    return { status: answer.status, json: (await answer.json()) as Json };
  }
  return { flags, ask };
}

test('a flag is set for a time, listed and switched off', async t => {
  const { flags, ask } = await start(t);
  const set = { name: 'api-errors', value: 0.5, offInSeconds: 600 };
  assert.deepEqual(await ask('POST', '/flags', { name: 'api-errors', value: 0.5, for: '10m' }), {
    status: 200,
    json: { ...set, asGoogle: true },
  });
  assert.equal(flags.value('api-errors'), 0.5);
  const { json } = await ask('GET', '/flags');
  assert.deepEqual(
    json.flags.map(({ name }: Json) => name),
    flagNames,
  );
  const facts = { unit: 'share', default: 1, description: flagTable['api-errors'].does };
  assert.deepEqual(json.flags[1], { ...set, isOn: true, ...facts });
  assert.deepEqual([json.flags[0].isOn, json.flags[0].value], [false, undefined]);
  assert.deepEqual(await ask('DELETE', '/flags/api-errors'), { status: 200, json: { name: 'api-errors' } });
  assert.equal(flags.value('api-errors'), undefined);
});

test('without a value a flag has its own', async t => {
  const { flags, ask } = await start(t);
  await ask('POST', '/flags', { name: 'slow-appends' });
  await ask('POST', '/flags', { name: 'warehouse-down' });
  assert.deepEqual([flags.value('slow-appends'), flags.value('warehouse-down')], [1500, 1]);
});

test('what cannot be set is refused with a sentence and the field, and changes nothing', async t => {
  const { flags, ask } = await start(t);
  const refusals: [unknown, string, RegExp][] = [
    [{ name: 'api' }, 'name', /^name must be one of api-latency, .*dropped-telemetry, not "api"$/],
    [{}, 'name', /^name must be one of/],
    [{ name: 'api-errors', value: '1' }, 'value', /^value must be a number, or left out, not "1"$/],
    [{ name: 'api-errors', value: 2 }, 'api-errors', /^api-errors must be a share from 0\.001 to 1, .* not 2$/],
    [{ name: 'api-errors', for: 10 }, 'for', /^for must be a duration such as 10m, not 10$/],
    [{ name: 'api-errors', for: '10' }, 'for', /^for must be a duration such as .* not "10"$/],
    [{ name: 'api-errors', for: '2d' }, 'for', /^for must be above 0 and at most 24h, such as 10m, not 172800s$/],
    [{ name: 'api-errors', fro: '10m' }, 'body', /^body must be an object of name, value and for, not /],
    [[1], 'body', /^body must be an object/],
  ];
  for (const [body, field, message] of refusals) {
    const { status, json } = await ask('POST', '/flags', body);
    assert.equal(status, 400);
    assert.deepEqual([json.error.code, json.error.status], [400, 'INVALID_ARGUMENT']);
    assert.match(json.error.message, message);
    assert.equal(json.error.details[0].fieldViolations[0].field, field);
  }
  assert.ok(flags.list().every(({ value }) => value === undefined));
});

test('a body that is no JSON, not said to be JSON or too long is refused', async t => {
  const { ask } = await start(t);
  assert.equal((await ask('POST', '/flags', '{')).status, 400);
  // A page of another site may send a form or plain text without asking first.
  assert.equal((await ask('POST', '/flags', '{"name":"api-errors"}', 'text/plain')).status, 415);
  assert.equal((await ask('POST', '/flags', `"${'x'.repeat(5000)}"`)).status, 413);
});

test('a flag, path or method that is not there is told', async t => {
  const { ask } = await start(t);
  const missing = await ask('DELETE', '/flags/api');
  assert.deepEqual([missing.status, missing.json.error.status], [404, 'NOT_FOUND']);
  assert.match(missing.json.error.message, /^there is no failure flag "api": there are api-latency, /);
  for (const [method, path] of [
    ['PUT', '/flags'],
    ['GET', '/flags/api-errors'],
  ] as const) {
    const { status, json } = await ask(method, path);
    assert.equal(status, 404);
    assert.match(json.error.message, new RegExp(`takes DELETE: there is no ${method} ${path}$`));
  }
});
