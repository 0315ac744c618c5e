import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { limits } from '../../base/limits.ts';
import { createDirectReader } from './direct-reader.ts';
import { createQueries } from './query.ts';

type Request = { query: string; params: object; maximumBytesBilled: string };

/** A BigQuery client that answers each query with the rows, or fails with the error. */
function createFake(answer: readonly object[] | Error) {
  const requests: Request[] = [];
  let sent = 0;
  const client = {
    createQueryStream(request: Request) {
      requests.push(request);
      if (!(answer instanceof Error)) return Readable.from(answer);
      return new Readable({ objectMode: true, read: () => {} }).destroy(answer);
    },
    async query(request: Request) {
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return [[], undefined, { numDmlAffectedRows: '3' }];
    },
  } as unknown as BigQuery;
  const queries = createQueries(client, () => {
    sent += 1;
  });
  return { queries, requests, sent: () => sent };
}

const tooMuch = Object.assign(new Error('Query exceeded limit for bytes billed: 10. 20 or higher required.'), {
  errors: [{ reason: 'bytesBilledLimitExceeded' }],
});

test('every query says how many bytes it may be billed for, and is counted', async () => {
  const { queries, requests, sent } = createFake([{ n: 1 }]);
  assert.deepEqual(await queries.all({ sql: 'SELECT 1' }), [{ n: 1 }]);
  assert.equal(await queries.change({ sql: 'DELETE', bytesMax: 7 }), 3);
  assert.deepEqual(
    requests.map(({ maximumBytesBilled }) => maximumBytesBilled),
    [String(limits.query_bytes_max), '7'],
  );
  assert.equal(sent(), 2);
});

test('a query that would read too much is told by its limit, and any other failure as no answer', async () => {
  for (const run of ['all', 'change'] as const) {
    const query = { sql: 'SELECT 1', bytesMax: 10 };
    await assert.rejects(createFake(tooMuch).queries[run](query), {
      code: 'query_too_large',
      message: /more than 10 bytes/,
    });
    await assert.rejects(createFake(new Error('socket hang up')).queries[run](query), {
      code: 'warehouse_unreachable',
    });
  }
});

test('a direct read is one query with its own limit, and gives values as parameters, never as text', async () => {
  const row = {
    id: "'; DROP",
    ordered_at: 5,
    message_id: '7',
    appended_at: 6,
    source: 'topic',
    name: 'n',
    timestamp: 0,
  };
  const { queries, requests } = createFake([
    { ...row, attributes: '{"long":12345678901234567890}', value: null, unmapped: null },
  ]);
  const reader = createDirectReader({ queries, dataset: { projectId: 'p', dataset: 'latam' } });
  const found = await reader.get("'; DROP");
  assert.deepEqual(found?.version, { orderedAt: 5, messageId: '7' });
  assert.equal(
    JSON.stringify(found?.record),
    `{"id":"'; DROP","name":"n","timestamp":"1970-01-01T00:00:00Z","attributes":{"long":12345678901234567890}}`,
  );
  await reader.page({ limit: 2, after: "'" });
  await reader.page({ limit: 2, offset: 4 });
  assert.deepEqual(
    requests.map(({ params }) => params),
    [{ id: "'; DROP" }, { limit: 2, after: "'" }, { limit: 2, offset: 4 }],
  );
  assert.ok(requests.every(({ query }) => !query.includes('DROP')));
});
