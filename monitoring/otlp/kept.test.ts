import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createKeeper } from './kept.ts';

type Item = { traceId?: string; text: string };
const sizeOf = (item: Item) => Buffer.byteLength(JSON.stringify(item));

test('what is kept is found by its trace in the order in which it came, and listed newest first', () => {
  const keeper = createKeeper<Item>({ bytesMax: 1000 });
  keeper.keep([{ traceId: 'a', text: '1' }, { traceId: 'b', text: '2' }, { text: '3' }]);
  keeper.keep([{ traceId: 'a', text: '4' }]);
  assert.deepEqual(
    keeper.ofTrace('a').map(({ text }) => text),
    ['1', '4'],
  );
  assert.deepEqual(keeper.ofTrace('c'), []);
  assert.deepEqual(
    keeper.newest({ limit: 2 }).map(({ text }) => text),
    ['4', '3'],
  );
  const inTrace = keeper.newest({ limit: 9, where: ({ traceId }) => traceId !== undefined });
  assert.deepEqual(
    inTrace.map(({ text }) => text),
    ['4', '2', '1'],
  );
});

test('an item that alone is too large is let go, with all before it', () => {
  const keeper = createKeeper<Item>({ bytesMax: 100 });
  keeper.keep([
    { traceId: 'a', text: 'small' },
    { traceId: 'a', text: 'x'.repeat(100) },
  ]);
  assert.deepEqual(keeper.state(), { items: 0, bytes: 0, dropped: 2 });
  assert.deepEqual([keeper.ofTrace('a'), keeper.newest({ limit: 9 })], [[], []]);
});

test('whatever is kept: the newest that have room stay, every other is counted, and traces know only what stays', () => {
  const item = fc.record({ traceId: fc.constantFrom('a', 'b', 'c'), text: fc.string({ maxLength: 60 }) });
  fc.assert(
    fc.property(fc.array(fc.array(item, { maxLength: 20 })), batches => {
      const keeper = createKeeper<Item>({ bytesMax: 1000 });
      for (const batch of batches) keeper.keep(batch);
      const all = batches.flat();
      let bytes = 0;
      const room = all.toReversed().findIndex(each => {
        bytes += sizeOf(each);
        return bytes > 1000;
      });
      const expected = all.slice(room === -1 ? 0 : all.length - room);
      assert.deepEqual(keeper.newest({ limit: 1e9 }), expected.toReversed());
      for (const trace of ['a', 'b', 'c']) {
        assert.deepEqual(
          keeper.ofTrace(trace),
          expected.filter(({ traceId }) => traceId === trace),
        );
      }
      assert.deepEqual(keeper.state(), {
        items: expected.length,
        bytes: expected.reduce((sum, each) => sum + sizeOf(each), 0),
        dropped: all.length - expected.length,
      });
    }),
  );
});
