import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordErrors } from '../records/errors.ts';
import type { WarehouseFile } from '../records/sqlite/warehouse-file.ts';
import type { ApiParts } from './api.ts';
import type { OpenApi, Operation } from './openapi.ts';
import { startApi } from './testing.ts';

const API_KEY = 'api-key';
const OPERATOR_KEY = 'operator-key';
const keyed = (...keys: string[]) => keys.map(key => ({ 'x-api-key': key }));

const down = () => Promise.reject(recordErrors.error('warehouse_unreachable', 'It does not answer'));
const broken = () => Promise.reject(new Error('database or disk is full'));

/** Every store of the API failing in one way; readiness too. */
const failing = (fail: () => Promise<never>) => (stores: WarehouseFile) => ({
  reader: { ...stores.reader, get: fail, page: fail, catchUp: fail },
  warehouse: { ...stores.warehouse, append: fail },
  deadLetters: { ...stores.deadLetters, list: fail, get: fail },
  erase: fail,
  replay: fail,
  isReady: () => false,
});

const worlds: Record<string, (stores: WarehouseFile) => Partial<ApiParts>> = {
  'all is well': () => ({}),
  'the warehouse is down': failing(down),
  'the disk is full': failing(broken),
  'requests are limited': () => ({ settings: { apiKeys: [], requestsPerSecondMax: 1 } }),
  'there are keys': () => ({ settings: { apiKeys: [API_KEY] } }),
  'there are keys for operators': () => ({ settings: { apiKeys: [API_KEY], operatorKeys: [OPERATOR_KEY] } }),
  'there are keys for operators alone': () => ({ settings: { apiKeys: [], operatorKeys: [OPERATOR_KEY] } }),
};

/** What is asked of each operation: its path, headers and body. */
function* requestsTo(path: string, { requestBody }: Operation) {
  const body = requestBody?.content['application/json']?.example;
  const [there, missing] = ['1', 'none'].map(id => path.replace('{id}', id)) as [string, string];
  const headersMore = [{}, ...keyed('no-key', API_KEY, OPERATOR_KEY), { 'if-none-match': '*' }];
  for (const headers of headersMore) yield { path: there, headers, body };
  for (const other of [missing, `${there}?minVersion=9999999999999999.m`, `${there}?nothing=1`, `${there}?limit=x`]) {
    yield { path: other, headers: { 'x-forwarded-for': '203.0.113.9' }, body };
  }
  if (body === undefined) return;
  const type = { 'content-type': 'text/plain' };
  for (const wrong of ['', 'no JSON', '{}', 'x'.repeat(1_200_000)]) yield { path: there, headers: {}, body: wrong };
  yield { path: there, headers: type, body: '{}' };
}

for (const [world, parts] of Object.entries(worlds)) {
  test(`where ${world}, no operation answers what the document does not say`, async t => {
    const { get, send } = await startApi(t, parts);
    await send('PUT', '/records/1', { name: 'a' });
    const { paths }: OpenApi = (await get('/openapi.json')).json;
    const unsaid = new Set<string>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        for (const { path: asked, headers, body } of requestsTo(path, operation)) {
          const answer = await send(method.toUpperCase(), asked, body, headers);
          const said = operation.responses[answer.status];
          const type = answer.headers.get('content-type')?.split(';')[0] ?? 'none';
          const isSaid = said?.content === undefined ? said !== undefined : type in said.content;
          if (!isSaid) unsaid.add(`${method} ${path} ${answer.status} ${type}`);
        }
      }
    }
    assert.deepEqual([...unsaid], []);
  });
}
