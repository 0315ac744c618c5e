import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInjection } from './injection.ts';

const answer = Uint8Array.of(1);
const append = { rows: 2, isOfEvents: true, forward: async () => answer };

test('without a fault every append has the warehouse’s answer, and nothing is counted', async () => {
  const injection = createInjection();
  assert.deepEqual(await injection.decide(append), { answer });
  assert.deepEqual(injection.met('quota'), { all: 0, batches: 0 });
});

test('a fault meets one append of so many, the first at once, and says how many were batches', async () => {
  const injection = createInjection();
  injection.set('resetBefore');
  const fates = [];
  for (const rows of [1, 2, 2, 2, 2, 1]) fates.push(await injection.decide({ ...append, rows }));
  assert.deepEqual(fates, ['reset', { answer }, { answer }, { answer }, 'reset', { answer }]);
  assert.deepEqual(injection.met('resetBefore'), { all: 2, batches: 1 });
  injection.set(undefined);
  assert.deepEqual(await injection.decide(append), { answer });
});
