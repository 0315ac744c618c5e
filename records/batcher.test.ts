import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from './batcher.ts';

const batcherOf = (run: (items: string[]) => string[]) =>
  createBatcher({ run, weigh: item => item.length, unit: 'letters', batchWeightMax: 4, waitingWeightMax: 8 });

test('what is handed over in one turn is one run, and each gets its own answer', async () => {
  const runs: string[][] = [];
  const write = batcherOf(items => {
    runs.push(items);
    return items.map(item => item.toUpperCase());
  });
  assert.deepEqual(await Promise.all([write('a'), write('b'), write('c')]), ['A', 'B', 'C']);
  assert.deepEqual(runs, [['a', 'b', 'c']]);
});

test('a run takes no more than its weight', async () => {
  const runs: string[][] = [];
  const write = batcherOf(items => {
    runs.push(items);
    return items;
  });
  await Promise.all(['aaa', 'bb', 'c', 'd'].map(write));
  assert.deepEqual(runs, [['aaa'], ['bb', 'c', 'd']]);
});

test('a run that fails fails its own items and no others', async () => {
  const write = batcherOf(items => {
    if (items.includes('bad!')) throw new Error('disk full');
    return items;
  });
  const [bad, good] = await Promise.allSettled([write('bad!'), write('good')]);
  assert.equal(bad.status, 'rejected');
  assert.equal(good.status, 'fulfilled');
});

test('beyond its limit an item is refused at once, with the limit and what waits', async () => {
  const write = batcherOf(items => items);
  const waiting = write('12345678');
  await assert.rejects(write('9'), { code: 'queue_full', message: /8 of at most 8 letters/ });
  await waiting;
  assert.equal(await write('9'), '9');
});

test('while as many runs as allowed are under way, the rest waits and is then joined', async () => {
  const runs: { items: string[]; end(): void }[] = [];
  const write = createBatcher<string, string>({
    run: items => new Promise(resolve => runs.push({ items, end: () => resolve(items) })),
    weigh: () => 1,
    unit: 'items',
    batchWeightMax: 10,
    waitingWeightMax: 100,
    runsMax: 1,
  });
  const first = write('a');
  await new Promise(setImmediate);
  const others = [write('b'), write('c')];
  await new Promise(setImmediate);
  assert.deepEqual(
    runs.map(({ items }) => items),
    [['a']],
  );
  runs[0]?.end();
  assert.equal(await first, 'a');
  await new Promise(setImmediate);
  runs[1]?.end();
  assert.deepEqual(await Promise.all(others), ['b', 'c']);
  assert.deepEqual(runs[1]?.items, ['b', 'c']);
});
