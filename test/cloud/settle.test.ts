import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compared, type Fact, notSettled } from './fact.ts';
import { settleAll } from './settle.ts';
import { createWorld, type World } from './world.ts';

const about = { project: 'p', location: 'l', run: 'r', labels: {}, append: async () => {}, made() {}, now: Date.now };
const google = {} as World['google'];

const fact = (settle: Fact['settle'], msMax?: number): Fact => ({
  ...{ id: 'f', question: '', believed: '', dependsOn: [], does: '', setting: '', settle },
  ...(msMax !== undefined && { msMax }),
});

async function outcomes(facts: readonly Fact[], options: { msMax?: number; interrupt?: AbortSignal } = {}) {
  const { msMax = 60_000, interrupt = new AbortController().signal } = options;
  const results = await settleAll(facts, {
    createWorld: signal => createWorld(about, google, { signal, timesFaster: 1 }),
    ...{ interrupt, msMax, graceMs: 20 },
  });
  return results.map(({ answer, observed }) => `${answer}: ${observed}`);
}

const hangs = () => new Promise<never>(() => {});
const waits: Fact['settle'] = async ({ poll }) =>
  notSettled(`found ${await poll(async () => undefined, 3_600_000)} in the time`);

test('a fact that never ends is given up after its own time, and the others are heard', async () => {
  const fine = fact(async () => compared(true, 'seen'));
  assert.deepEqual(await outcomes([fact(hangs, 10), fine]), [
    'not settled: It did not end: its 0.01 s are over',
    'as believed: seen',
  ]);
});

test('the time of all bounds the time of each, and a wait ends with it', async () => {
  assert.deepEqual(await outcomes([fact(waits, 3_600_000), fact(hangs)], { msMax: 10 }), [
    'not settled: found undefined in the time',
    'not settled: It did not end: its 0.01 s are over',
  ]);
});

test('whatever goes wrong in a fact is why it is not settled', async () => {
  const breaks = fact(async () => {
    throw new TypeError('cannot read');
  });
  assert.deepEqual(await outcomes([breaks]), ['not settled: cannot read']);
});

test('an interrupt, before or meanwhile, ends every wait', async () => {
  const before = AbortSignal.abort('SIGTERM');
  assert.deepEqual(await outcomes([fact(hangs), fact(waits)], { interrupt: before }), [
    'not settled: It did not end: SIGTERM',
    'not settled: found undefined in the time',
  ]);
  const controller = new AbortController();
  const settled = outcomes([fact(waits)], { interrupt: controller.signal });
  controller.abort('SIGINT');
  assert.deepEqual(await settled, ['not settled: found undefined in the time']);
});
