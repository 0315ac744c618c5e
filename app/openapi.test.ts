import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { recordSchema } from '../records/record.ts';
import type { OpenApi } from './openapi.ts';
import { startApi } from './testing.ts';

const ENDPOINTS = [
  'delete /records/{id}',
  'get /',
  'get /data',
  'get /dead-letters',
  'get /dead-letters/{id}',
  'get /docs',
  'get /docs/docs.css',
  'get /health',
  'get /healthz',
  'get /openapi.json',
  'get /ready',
  'get /readyz',
  'get /records',
  'get /records/{id}',
  'post /',
  'post /dead-letters/{id}/replay',
  'post /records',
  'put /records/{id}',
];

const operationsOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the document lists every endpoint, each with what it answers', async t => {
  const { get } = await startApi(t);
  const { json, headers } = await get('/openapi.json');
  const document: OpenApi = json;
  assert.equal(document.openapi, '3.0.3');
  assert.equal(headers.get('content-type'), 'application/json');
  const operations = operationsOf(document);
  assert.deepEqual(operations.map(({ method, path }) => `${method} ${path}`).toSorted(), ENDPOINTS);
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, ENDPOINTS.length);
  for (const { path, method, operation } of operations) {
    const success = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    assert.ok(success.length > 0 && operation.summary.length > 0, `${method} ${path}`);
    const inPath = operation.parameters.filter(parameter => parameter.in === 'path').map(({ name }) => `{${name}}`);
    assert.deepEqual(path.match(/\{\w+\}/g) ?? [], inPath);
    for (const [status, { description }] of Object.entries(operation.responses)) {
      assert.ok(description.length > 0, `${method} ${path} ${status}`);
    }
  }
});

test('every reference leads to a schema, and every schema is referred to', async t => {
  const { get } = await startApi(t);
  const { json, text } = await get('/openapi.json');
  const referred = new Set(text.match(/(?<="\$ref":"#\/components\/schemas\/)\w+/g));
  assert.deepEqual(Object.keys(json.components.schemas).toSorted(), [...referred].toSorted());
  assert.doesNotMatch(text, /"\$(?:id|schema)"/);
});

test('limits and defaults of the parameters are told as they are enforced', async t => {
  const { get } = await startApi(t);
  const document: OpenApi = (await get('/openapi.json')).json;
  const parameters = Object.fromEntries(
    (document.paths['/records']?.get?.parameters ?? []).map(({ name, ...rest }) => [name, rest]),
  );
  assert.deepEqual(parameters.limit?.schema, { type: 'integer', minimum: 1, maximum: 1000, default: 50 });
  assert.deepEqual([parameters.limit?.required, parameters.offset?.required], [false, false]);
  assert.equal(document.components.schemas.RecordInput?.required?.toString(), 'id,name');
});

test('an id is told as it is enforced', async t => {
  const document: OpenApi = (await (await startApi(t)).get('/openapi.json')).json;
  const pattern = String(document.paths['/records/{id}']?.get?.parameters[0]?.schema.pattern);
  const ids = ['', '.', '..', 'a', '.a', '..a', '...', 'a.', 'a..', '. ', '\0', 'a\0', '.\0', '..\0', 'ä', '\n'];
  for (const id of ids) {
    assert.equal(new RegExp(pattern).test(id), recordSchema.shape.id.safeParse(id).success, JSON.stringify(id));
  }
});

test('keys are asked for in the document where they are configured, and only there', async t => {
  const open: OpenApi = (await (await startApi(t)).get('/openapi.json')).json;
  assert.ok(!('securitySchemes' in open.components));
  const { get } = await startApi(t, () => ({ settings: { apiKeys: ['k'] } }));
  const keyed: OpenApi = (await get('/openapi.json')).json;
  for (const { path, operation } of operationsOf(keyed)) {
    assert.equal('401' in operation.responses, operation.security !== undefined, path);
  }
  assert.ok(keyed.paths['/records']?.get?.security);
  assert.ok(!keyed.paths['/health']?.get?.security);
});

test('the page shows every operation and schema under a strict policy, with its style and no script', async t => {
  const { get, url } = await startApi(t);
  const { text, headers } = await get('/docs');
  const document: OpenApi = (await get('/openapi.json')).json;
  assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'self';/);
  for (const { operation } of operationsOf(document)) assert.ok(text.includes(`id="${operation.operationId}"`));
  for (const name of Object.keys(document.components.schemas)) assert.ok(text.includes(`id="schema-${name}"`), name);
  const ids = new Set(text.match(/(?<= id=")[^"]+/g));
  for (const target of text.match(/(?<=href="#)[^"]+/g) ?? []) assert.ok(ids.has(target), target);
  // On a phone the contents, which the style unfolds where there is room, stand folded above the title.
  const [, folded = ''] = /<nav [\s\S]*?<details>([\s\S]*?)<\/details>\s*<\/nav>/.exec(text) ?? [];
  assert.equal(folded.match(/<li>/g)?.length, text.match(/<li>/g)?.length);
  assert.doesNotMatch(text, /<script|style=|undefined|\[object/);
  assert.ok(text.includes(`curl -X PUT &#39;${url}/records/42&#39;`));
  assert.equal((await get('/docs/docs.css')).headers.get('content-type'), 'text/css; charset=utf-8');
});

test('no command of the page holds a Host header that a shell would read otherwise', async t => {
  const { url } = await startApi(t);
  const request = http.get(`${url}/docs`, { headers: { host: "x' ; reboot" } });
  const [answer] = await once(request, 'response');
  const text = Buffer.concat(await answer.toArray()).toString();
  assert.ok(text.includes(`curl &#39;${url}/records`));
  assert.doesNotMatch(text, /reboot/);
});

test('not ready is 503 with a reason to come again, and no failure for the log, while alive stays 200', async t => {
  let ready = true;
  const { get, logged } = await startApi(t, () => ({ isReady: () => ready }));
  assert.deepEqual((await get('/ready')).json, { status: 'ready' });
  ready = false;
  const { status, headers, json } = await get('/readyz');
  assert.deepEqual([status, headers.get('retry-after'), json.status], [503, '1', 503]);
  assert.deepEqual((await get('/healthz?probe=1')).json, { status: 'ok' });
  assert.deepEqual(logged, [], 'a probe each second would fill the log');
});
