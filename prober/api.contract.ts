import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbedApi } from './api.ts';

/** An API under test, and how messages come to it: their texts in, their message ids out. */
type ApiUnderTest = { api: ProbedApi; publish(texts: readonly string[]): Promise<string[]> };

const { signal } = new AbortController();

/** What a walk asks of an API, whether it is real or not. */
export function testProbedApi(
  kind: string,
  open: (t: { after(run: () => unknown): void }) => Promise<ApiUnderTest>,
): void {
  test(`${kind}: a record is served with the version of its last message, and listed by its prefix in order`, async t => {
    const { api, publish } = await open(t);
    const ids = ['probe-a-1', 'probe-a-2 ñ漢', 'probe-a-3', 'probe-a', 'probe-b-1'];
    const text = (id: string, name: string) => JSON.stringify({ id, name, value: 1.5, big: JSON.parse('1') });
    await publish(ids.map(id => text(id, 'first')));
    const [messageId] = await publish([text('probe-a-2 ñ漢', 'second')]);
    const served = await api.get('probe-a-2 ñ漢', signal);
    assert.equal(served?.version?.messageId, messageId);
    const { timestamp: _, ...record } = served?.record ?? {};
    assert.deepEqual(record, { id: 'probe-a-2 ñ漢', name: 'second', value: 1.5, attributes: { big: 1 } });
    assert.equal(await api.get('probe-c', signal), undefined);
    const listed = await api.list('probe-a-', signal);
    assert.deepEqual(
      listed.map(({ id, name }) => [id, name]),
      [
        ['probe-a-1', 'first'],
        ['probe-a-2 ñ漢', 'second'],
        ['probe-a-3', 'first'],
      ],
    );
    assert.deepEqual(await api.list('probe-c-', signal), []);
  });

  test(`${kind}: an erased record is gone, and a poison message is a dead letter with its bytes`, async t => {
    const { api, publish } = await open(t);
    const poison = '{"id":"probe-a-poison","name":7}';
    const [, messageId] = await publish(['{"id":"probe-a-1","name":"a"}', poison]);
    await api.erase('probe-a-1', signal);
    assert.equal(await api.get('probe-a-1', signal), undefined);
    const { items, next } = await api.deadLetters(undefined, signal);
    const letters = items.map(letter => [letter.messageId, letter.data]);
    assert.deepEqual(letters, [[messageId, Buffer.from(poison).toString('base64')]]);
    assert.equal(next, undefined);
    await api.erase('probe-a-nobody', signal);
  });
}
