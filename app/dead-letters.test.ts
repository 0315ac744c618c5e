import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorTable } from '../base/errors.ts';
import { encodeCursor } from '../records/cursor.ts';
import type { DeadLetter, Replay } from '../records/dead-letters.ts';
import { startApi } from './testing.ts';

const AT = Date.parse('2026-01-02T03:04:05Z') * 1000;

const letter = (messageId: string, rest: Partial<DeadLetter> = {}): DeadLetter => ({
  messageId,
  reason: 'not_json',
  detail: 'not JSON',
  data: Buffer.from('{"id":'),
  attributes: { origin: 'test' },
  publishedAt: AT,
  refusedAt: AT + 1,
  ...rest,
});

test('a dead letter tells its reason and its bytes, as text where they are UTF-8', async t => {
  const { get, stores } = await startApi(t);
  await stores.deadLetters.add([
    letter('7', { recordId: 'r' }),
    letter('8', { data: Buffer.from([255]), reason: 'not_utf8' }),
  ]);
  const { json } = await get('/dead-letters');
  assert.deepEqual(json.deadLetters[0], {
    id: json.deadLetters[0].id,
    messageId: '7',
    reason: 'not_json',
    detail: 'not JSON',
    text: '{"id":',
    data: 'eyJpZCI6',
    attributes: { origin: 'test' },
    publishedAt: '2026-01-02T03:04:05Z',
    refusedAt: '2026-01-02T03:04:05.000001Z',
    recordId: 'r',
  });
  assert.deepEqual([json.deadLetters[1].data, 'text' in json.deadLetters[1]], ['/w==', false]);
  const one = await get(`/dead-letters/${json.deadLetters[0].id}`);
  assert.deepEqual(one.json, json.deadLetters[0]);
  assert.equal((await get('/dead-letters/none')).status, 404);
});

test('dead letters are listed page by page, by reason, and with the replayed ones where asked for', async t => {
  const { get, stores } = await startApi(t);
  await stores.deadLetters.add(Array.from({ length: 25 }, (_, index) => letter(String(index))));
  await stores.deadLetters.add([letter('x', { reason: 'too_large' })]);
  const seen: string[] = [];
  for (let path: string | undefined = '/dead-letters?limit=11&reason=not_json'; path !== undefined; ) {
    const { json, headers } = await get(path);
    seen.push(...json.deadLetters.map(({ messageId }: DeadLetter) => messageId));
    path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, index) => String(index)),
  );
  const [first] = (await stores.deadLetters.list({ limit: 1 })).letters;
  await stores.deadLetters.markReplayed(first?.id ?? '', { at: AT + 9, recordId: 'r' });
  assert.equal((await get('/dead-letters?limit=1')).json.deadLetters[0].messageId, '1');
  const replayed = (await get('/dead-letters?limit=1&replayed=true')).json.deadLetters[0];
  assert.deepEqual([replayed.messageId, replayed.replayedAt], ['0', '2026-01-02T03:04:05.000009Z']);
});

test('a list that cannot be is a 400 that names the field', async t => {
  const { get } = await startApi(t);
  for (const [query, field] of [
    ['reason=bad', 'reason'],
    ['replayed=yes', 'replayed'],
    ['limit=0', 'limit'],
    ['offset=1', 'offset'],
    ['cursor=abc', 'cursor'],
    [`cursor=${encodeCursor('records', 'id-of-a-record')}`, 'cursor'],
    [`cursor=${encodeCursor('records', 'dead-letter:xyz')}`, 'cursor'],
  ] as const) {
    const { status, json } = await get(`/dead-letters?${query}`);
    assert.deepEqual([status, json.problems[0].field], [400, field], query);
  }
});

test('a replay gets the corrected record where there is one, and its errors are told', async t => {
  const { error } = errorTable({
    still_refused: { status: 422, exitCode: 1, title: 'Still refused' },
    unknown: { status: 404, exitCode: 1, title: 'Unknown' },
  });
  const asked: unknown[][] = [];
  const replay: Replay = async (...args) => {
    asked.push(args);
    if (args[0] === '2') throw error('unknown', 'none');
    if (args[0] === '3')
      throw error('still_refused', 'name is required', { problems: [{ field: 'name', rule: 'is required' }] });
    return { outcome: 'stored', id: args[0] };
  };
  const { send } = await startApi(t, () => ({ replay }));
  const unchanged = await send('POST', '/dead-letters/1/replay');
  assert.deepEqual([unchanged.status, unchanged.json], [200, { outcome: 'stored', id: '1' }]);
  await send('POST', '/dead-letters/1/replay', { id: '1', name: 'x' });
  assert.deepEqual(asked, [['1'], ['1', { id: '1', name: 'x' }]]);
  assert.equal((await send('POST', '/dead-letters/2/replay')).status, 404);
  const refused = await send('POST', '/dead-letters/3/replay');
  assert.deepEqual([refused.status, refused.json.problems[0].field], [422, 'name']);
  assert.equal((await send('POST', '/dead-letters/1/replay', 'hello')).status, 400);
  assert.equal((await send('POST', '/dead-letters/1/replay', '{}', { 'content-type': 'text/plain' })).status, 415);
});
