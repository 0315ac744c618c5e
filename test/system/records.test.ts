import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { envelope, eventually, publish, send, startTestPlatform } from './platform.ts';

const found = (api: string, id: string) => async () => {
  const { status, json } = await send('GET', `${api}/records/${encodeURIComponent(id)}`);
  return status === 200 && json;
};

/** Waits until all that was delivered before is readable: another message, delivered after it, is. */
async function settled({ api, ingest }: { api: string; ingest: string }): Promise<void> {
  const id = `sentinel-${crypto.randomUUID()}`;
  assert.equal((await send('POST', ingest, envelope(JSON.stringify({ id, name: id }), { messageId: id }))).status, 204);
  await eventually(found(api, id));
  await send('DELETE', `${api}/records/${id}`);
}

test('the five payload shapes go in at the topic and come out of every read', async t => {
  const platform = await startTestPlatform(t);
  const { api } = platform;
  const payloads = [
    { id: '1', name: 'Test Name', timestamp: '2024-10-10T10:00:00Z' },
    { id: '2', name: 'Nombre', surname: 'Apellido', country: 'Chile' },
    { id: '3', name: 'Sample Data', value: 45.67 },
    { id: '4', name: 'Flight', flight: 'LA800', seats: ['1A', '2B'] },
    { id: '5', name: 'Only a name' },
  ];
  await publish(
    platform,
    payloads.map(payload => JSON.stringify(payload)),
  );
  for (const { id } of payloads) await eventually(found(api, id));

  const { json: page } = await send('GET', `${api}/records?limit=2&offset=1`);
  assert.deepEqual(
    page.records.map(({ id }: { id: string }) => id),
    ['2', '3'],
  );
  assert.deepEqual({ limit: page.limit, offset: page.offset }, { limit: 2, offset: 1 });
  const { json: all } = await send('GET', `${api}/data`);
  assert.equal(all.length, 5);
  assert.deepEqual(all[0], payloads[0]);
  assert.deepEqual(all[3].attributes, { flight: 'LA800', seats: ['1A', '2B'] });
  assert.equal((await send('GET', `${api}/records/3`)).json.value, 45.67);
});

test('POST / answers as its document says, and what it stored is readable at once', async t => {
  const { api } = await startTestPlatform(t);
  const stored = await send('POST', api, { data: { id: '123', name: 'Sample Data', value: 45.67 } });
  assert.equal(stored.status, 200);
  assert.deepEqual(stored.json, { success: true, message: 'Data inserted successfully!' });
  assert.equal((await send('GET', `${api}/records/123`)).json.value, 45.67);
  const refused = await send('POST', api, { data: { id: '123', name: 'Sample Data' } });
  assert.equal(refused.status, 400);
  assert.equal(refused.json.success, false);
  assert.match(refused.json.error, /value/);
});

test('the same message delivered ten times is one record', async t => {
  const { api, ingest } = await startTestPlatform(t);
  const pushed = envelope('{"id":"1","name":"once"}', { publishTime: '2026-01-01T00:00:00Z' });
  for (let time = 0; time < 10; time += 1) assert.equal((await send('POST', ingest, pushed)).status, 204);
  await settled({ api, ingest });
  const { json } = await send('GET', `${api}/data`);
  assert.deepEqual(json, [{ id: '1', name: 'once', timestamp: '2026-01-01T00:00:00Z' }]);
});

test('an older version that arrives late does not overwrite a newer one', async t => {
  const { api, ingest } = await startTestPlatform(t);
  const version = (name: string, messageId: string, publishTime: string) =>
    send('POST', ingest, envelope(JSON.stringify({ id: '1', name }), { messageId, publishTime }));
  await version('newer', '2', '2026-01-02T00:00:00Z');
  await version('older', '1', '2026-01-01T00:00:00Z');
  await settled({ api, ingest });
  assert.equal((await send('GET', `${api}/records/1`)).json.name, 'newer');
});

test('a dead letter keeps its bytes; replayed unchanged it cannot overwrite, corrected it becomes a record', async t => {
  const platform = await startTestPlatform(t);
  const { api } = platform;
  await publish(platform, ['{"id":"1","name":7}', '{"id":"2"']);
  const letters = await eventually(async () => {
    const { json } = await send('GET', `${api}/dead-letters`);
    return json.deadLetters.length === 2 && json.deadLetters;
  });
  const reasons = (reason: string) => letters.find((letter: { reason: string }) => letter.reason === reason);
  const [wrongType, broken] = [reasons('invalid_record'), reasons('not_json')];
  assert.match(wrongType.detail, /name must be a string, not 7/);
  assert.equal(Buffer.from(broken.data, 'base64').toString(), '{"id":"2"');

  const unchanged = await send('POST', `${api}/dead-letters/${wrongType.id}/replay`);
  assert.equal(unchanged.status, 422);
  const corrected = await send('POST', `${api}/dead-letters/${wrongType.id}/replay`, { id: '1', name: 'seven' });
  assert.equal(corrected.status, 200);
  assert.equal((await send('GET', `${api}/records/1`)).json.name, 'seven');
  assert.equal((await send('GET', `${api}/dead-letters`)).json.deadLetters.length, 1);
});

test('an erased record is gone from records and dead letters, and a redelivery does not bring it back', async t => {
  const { api, ingest } = await startTestPlatform(t);
  const pushed = envelope('{"id":"person","name":"Somebody"}', { publishTime: '2026-01-01T00:00:00Z' });
  await send('POST', ingest, pushed);
  await send('POST', ingest, envelope('{"id":"person","name":', { messageId: '2' }));
  await eventually(found(api, 'person'));
  assert.equal((await send('DELETE', `${api}/records/person`)).status, 200);
  assert.equal((await send('POST', ingest, pushed)).status, 204);
  await settled({ api, ingest });
  assert.equal((await send('GET', `${api}/records/person`)).status, 404);
  assert.deepEqual((await send('GET', `${api}/dead-letters`)).json.deadLetters, []);
});

test('an erasure leaves nothing in any file, also not of the message that brought the record', async t => {
  const platform = await startTestPlatform(t);
  const { api, dataFolder } = platform;
  await publish(platform, ['{"id":"person","name":"Somebody Unmistakable"}']);
  await eventually(found(api, 'person'));
  // Its message may not be acknowledged yet when it is readable, and is erased with it only then.
  await eventually(async () => {
    await send('DELETE', `${api}/records/person`);
    return readdirSync(dataFolder).every(file => !readFileSync(join(dataFolder, file)).includes('Unmistakable'));
  });
});

test('a push body without a message is 400; one whose data cannot be read is a durable dead letter and 204', async t => {
  const { api, ingest } = await startTestPlatform(t);
  for (const body of ['', 'no json', '[]', '{}', '{"message":7}', '{"message":null}']) {
    assert.equal((await send('POST', ingest, body)).status, 400, body);
  }
  const broken = [{}, { data: 7 }, { data: '%%%' }, { data: Buffer.from([255, 254]).toString('base64') }, { data: '' }];
  for (const [index, message] of broken.entries()) {
    const { status } = await send('POST', ingest, { message: { messageId: `m${index}`, ...message } });
    assert.equal(status, 204, JSON.stringify(message));
    assert.equal((await send('GET', `${api}/dead-letters`)).json.deadLetters.length, index + 1);
  }
});

test('paging by cursor while others write neither skips nor repeats what was there at the start', async t => {
  const { api } = await startTestPlatform(t);
  const ids = Array.from({ length: 60 }, (_, index) => `r${String(index).padStart(3, '0')}`);
  for (const id of ids) await send('PUT', `${api}/records/${id}`, { name: id });
  const seen: string[] = [];
  let url = `${api}/records?limit=7`;
  for (let page = 0; url !== ''; page += 1) {
    const { json, headers } = await send('GET', url);
    seen.push(...json.records.map(({ id }: { id: string }) => id));
    await send('POST', `${api}/records`, { id: `r0${page}-new`, name: 'in between' });
    await send('PUT', `${api}/records/${ids[page]}`, { name: 'changed' });
    const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    url = next ? new URL(next, api).href : '';
  }
  assert.deepEqual(
    seen.filter(id => ids.includes(id)),
    ids,
  );
});

test('what was accepted before a stop is there after the next start', async t => {
  const first = await startTestPlatform(t);
  await publish(first, ['{"id":"1","name":"kept"}']);
  await send('PUT', `${first.api}/records/2`, { name: 'kept too' });
  await first.stop();
  const second = await startTestPlatform(t, { env: { BURNLINE_DATA_DIR: first.dataFolder } });
  await eventually(found(second.api, '1'));
  assert.equal((await send('GET', `${second.api}/records/2`)).json.name, 'kept too');
});

test('while the warehouse is down nothing is acknowledged, and all arrives once it is back', async t => {
  let down = true;
  const platform = await startTestPlatform(t, {
    wrap: {
      warehouse: warehouse => ({
        ...warehouse,
        append: events => (down ? Promise.reject(new Error('down')) : warehouse.append(events)),
      }),
    },
  });
  const { api, ingest } = platform;
  await publish(platform, ['{"id":"1","name":"patient"}']);
  assert.equal((await send('POST', ingest, envelope('{"id":"2","name":"pushed"}'))).status, 503);
  assert.equal((await send('PUT', `${api}/records/3`, { name: 'written' })).status, 503);
  assert.equal((await send('POST', api, { data: { id: '4', name: 'posted', value: 1 } })).status, 500);
  down = false;
  await eventually(found(api, '1'));
  assert.equal((await send('GET', `${api}/records?limit=10`)).json.records.length, 1);
});
