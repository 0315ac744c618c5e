import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../base/limits.ts';
import { type Position, readPage } from './page.ts';

function createList(count: number, filler = '') {
  const asked: [number, Position][] = [];
  return {
    asked,
    async read(limit: number, from: Position) {
      asked.push([limit, from]);
      const start = 'after' in from ? Number(from.after) + 1 : from.offset;
      return Array.from({ length: Math.max(0, Math.min(limit, count - start)) }, (_, index) => ({
        id: String(start + index),
        filler,
      }));
    },
    keyOf: ({ id }: { id: string }) => id,
  };
}

test('a page up to a step is one read, of one item more than asked for', async () => {
  const { asked, ...list } = createList(10);
  const page = await readPage({ ...list, limit: 4, from: { offset: 3 }, stepItemsMax: 4 });
  assert.deepEqual(asked, [[5, { offset: 3 }]]);
  assert.deepEqual(page.nextKey, '6');
  assert.deepEqual(
    JSON.parse(`[${page.json}]`).map(({ id }: { id: string }) => id),
    ['3', '4', '5', '6'],
  );
});

test('whatever the steps, the items are the same, and only the last page has no next', async () => {
  for (const stepItemsMax of [1, 2, 3, 7, 100]) {
    for (const limit of [1, 5, 6, 7, 50]) {
      const page = await readPage({ ...createList(6), limit, from: { offset: 0 }, stepItemsMax });
      assert.equal(JSON.parse(`[${page.json}]`).length, Math.min(6, limit));
      assert.equal(page.nextKey, limit < 6 ? String(limit - 1) : undefined);
    }
  }
  assert.deepEqual(await readPage({ ...createList(0), limit: 5, from: { offset: 0 } }), {
    json: '',
    nextKey: undefined,
  });
});

test('a page of very large items ends early, and says where to go on', async () => {
  const list = createList(20, 'x'.repeat(limits.page_chars_max / 4));
  const page = await readPage({ ...list, limit: 20, from: { offset: 0 }, stepItemsMax: 2 });
  assert.equal(JSON.parse(`[${page.json}]`).length, 4);
  assert.equal(page.nextKey, '3');
});
