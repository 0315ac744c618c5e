import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { protos } from '@google-cloud/bigquery-storage';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from '@grpc/grpc-js';
import type { FaultName } from './faults.ts';
import { startProxy } from './proxy.ts';

const { AppendRowsRequest, AppendRowsResponse } = protos.google.cloud.bigquery.storage.v1;
const SERVICE = '/google.cloud.bigquery.storage.v1.BigQueryWrite';
const encode = (bytes: Uint8Array) => Buffer.from(bytes);
const decode = (bytes: Buffer) => bytes;

/** A proxy before a warehouse that keeps what it is sent and says yes, with calls to the proxy. */
async function createBench(t: TestContext) {
  const stored: protos.google.cloud.bigquery.storage.v1.AppendRowsRequest[] = [];
  const upstream = new Server();
  upstream.register(
    `${SERVICE}/AppendRows`,
    (call: ServerDuplexStream<Buffer, Uint8Array>) => {
      call.on('data', bytes => {
        stored.push(AppendRowsRequest.decode(bytes));
        call.write(AppendRowsResponse.encode({ appendResult: {} }).finish());
      });
      call.on('end', () => call.end());
    },
    encode,
    decode,
    'bidi',
  );
  const port = await new Promise<number>((resolve, reject) =>
    upstream.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const proxy = await startProxy({ upstream: `127.0.0.1:${port}` });
  const client = new Client(proxy.host, credentials.createInsecure());
  t.after(() => {
    client.close();
    proxy.close();
    upstream.forceShutdown();
  });

  function open() {
    const call = client.makeBidiStreamRequest(`${SERVICE}/AppendRows`, encode, decode, new Metadata());
    call.on('error', () => {});
    return {
      call,
      /** Sends rows, with the schema where they are the call's first; resolves with the answer, or rejects with the call. */
      async append(texts: string[], options: { table?: string; isFirst?: boolean } = {}) {
        const { table = 'record_events', isFirst = false } = options;
        const serializedRows = texts.map(text => Buffer.from(text));
        const writerSchema = { protoDescriptor: { name: 'Row' } };
        const protoRows = { rows: { serializedRows }, ...(isFirst && { writerSchema }) };
        const writeStream = `projects/p/datasets/d/tables/${table}/streams/_default`;
        call.write(AppendRowsRequest.encode({ writeStream, protoRows }).finish());
        const [bytes] = await once(call, 'data');
        return AppendRowsResponse.decode(bytes);
      },
    };
  }
  return { ...proxy, client, open, stored };
}

const rowsOf = (request: protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest) =>
  request.protoRows?.rows?.serializedRows?.map(String);

test('appends go on as they are, each with the schema of its call, and their answers come back', async t => {
  const { open, stored } = await createBench(t);
  const { append } = open();
  assert.ok((await append(['a', 'b'], { isFirst: true })).appendResult);
  assert.ok((await append(['c'])).appendResult);
  assert.deepEqual(stored.map(rowsOf), [['a', 'b'], ['c']]);
  assert.deepEqual(
    stored.map(({ protoRows }) => protoRows?.writerSchema?.protoDescriptor?.name),
    ['Row', 'Row'],
  );
});

test('what is refused is answered in-band, nothing of it is stored, and what follows is', async t => {
  const { injection, open, stored } = await createBench(t);
  const { append } = open();
  async function refused(name: FaultName) {
    injection.set(name);
    const { error, rowErrors } = await append(['a', 'b'], { isFirst: true });
    injection.set(undefined);
    return { code: error?.code, rows: rowErrors.length };
  }
  assert.deepEqual(await refused('rowRefused'), { code: status.INVALID_ARGUMENT, rows: 1 });
  assert.deepEqual(await refused('quota'), { code: status.RESOURCE_EXHAUSTED, rows: 0 });
  assert.deepEqual(await refused('requestRefused'), { code: status.INVALID_ARGUMENT, rows: 0 });
  assert.deepEqual(stored, []);
  await append(['c']);
  assert.deepEqual(stored.map(rowsOf), [['c']]);
  assert.deepEqual(injection.met('quota'), { all: 1, batches: 1 });
});

test('only rows of the event table are refused', async t => {
  const { injection, open } = await createBench(t);
  injection.set('rowRefused');
  assert.ok((await open().append(['a'], { table: 'dead_letters', isFirst: true })).appendResult);
  assert.deepEqual(injection.met('rowRefused'), { all: 0, batches: 0 });
});

test('a connection is reset before or after its append is stored, and another can be made', async t => {
  const { injection, open, stored } = await createBench(t);
  for (const [name, rows] of [
    ['resetBefore', 0],
    ['resetAfter', 1],
  ] as const) {
    injection.set(name);
    await assert.rejects(open().append(['a'], { isFirst: true }), { code: status.UNAVAILABLE });
    assert.equal(stored.length, rows);
    injection.set(undefined);
    assert.ok((await open().append(['b'], { isFirst: true })).appendResult);
    stored.length = 0;
  }
});

test('an answer that never arrives is not followed by others, though what they answer is stored', async t => {
  const { injection, open, stored } = await createBench(t);
  const { append } = open();
  injection.set('silence');
  const answers = [append(['a'], { isFirst: true }), append(['b'])];
  const first = await Promise.race([...answers, sleep(300, 'none')]);
  assert.equal(first, 'none');
  assert.deepEqual(stored.map(rowsOf), [['a'], ['b']]);
});

test('down, it cuts the calls that are open and refuses others, until it is up again', async t => {
  const { client, setDown, refused, open } = await createBench(t);
  const { append, call } = open();
  await append(['a'], { isFirst: true });
  setDown(true);
  const [error] = await once(call, 'error');
  assert.equal(error.code, status.UNAVAILABLE);
  await assert.rejects(open().append(['b'], { isFirst: true }), { code: status.UNAVAILABLE });
  const asked = await new Promise<number | undefined>(resolve =>
    client.makeUnaryRequest(`${SERVICE}/GetWriteStream`, encode, decode, Buffer.of(), error => resolve(error?.code)),
  );
  assert.equal(asked, status.UNAVAILABLE);
  assert.equal(refused(), 3);
  setDown(false);
  assert.ok((await open().append(['c'], { isFirst: true })).appendResult);
});
