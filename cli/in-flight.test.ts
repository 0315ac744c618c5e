import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { forEachInFlight } from './in-flight.ts';

test('so many run at once and no more, and all are done at the end', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await forEachInFlight([1, 2, 3, 4, 5, 6, 7], { tasksMax: 3 }, async item => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    done.push(item);
  });
  assert.equal(most, 3);
  assert.deepEqual(done.sort(), [1, 2, 3, 4, 5, 6, 7]);
});

test('after a failure nothing is begun, what runs ends, and the first failure is told', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const running = forEachInFlight([1, 2, 3, 4, 5, 6], { tasksMax: 2 }, async item => {
    begun.push(item);
    if (item === 1) throw new Error('first');
    await turn();
    ended.push(item);
    throw new Error('later');
  });
  await assert.rejects(running, /first/);
  assert.deepEqual(begun, [1, 2]);
  assert.deepEqual(ended, [2]);
});

test('where the items themselves fail, what runs still ends', async () => {
  const ended: number[] = [];
  async function* items() {
    yield 1;
    throw new Error('no more');
  }
  const running = forEachInFlight(items(), { tasksMax: 2 }, async item => {
    await turn();
    ended.push(item);
  });
  await assert.rejects(running, /no more/);
  assert.deepEqual(ended, [1]);
});
