import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../base/clock.ts';
import type { SeriesWrite } from '../../monitoring/model.ts';
import { oldestUnackedAge } from './pubsub.ts';
import { type Source, startReporting } from './reporting.ts';

/** A source whose samples tell their number, and when they were taken. */
function numbered(clock: { now(): number }): Source & { sample(): SeriesWrite[] } {
  let samples = 0;
  return {
    sample() {
      samples += 1;
      const endMs = clock.now();
      return [{ series: oldestUnackedAge('p', 's'), points: [{ startMs: endMs, endMs, value: samples }] }];
    },
  };
}

/** Reporting on a clock that goes on as fast as it is waited for, until so many waits were over. */
async function report(waits: number, sourcesOf: (clock: { now(): number }) => readonly Source[]) {
  const clock = createManualClock(0);
  const reported: [atMs: number, value: unknown][] = [];
  const warned: string[] = [];
  const ended = Promise.withResolvers<void>();
  let left = waits;
  const reporting = startReporting({
    everyMs: 15_000,
    ...{ clock, sources: sourcesOf(clock) },
    report: writes => {
      for (const { points } of writes) reported.push([points[0]?.endMs ?? 0, points[0]?.value]);
    },
    log: { warn: (_fields: object, text: string) => void warned.push(text) } as never,
    async wait(ms, signal) {
      left -= 1;
      if (signal.aborted) return;
      if (left <= 0) {
        ended.resolve();
        await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
      } else clock.advance(ms);
    },
  });
  await ended.promise;
  await reporting.stop();
  return { reported, warned };
}

test('a sample is taken at once and then every 15 s', async () => {
  const { reported } = await report(4, clock => [numbered(clock)]);
  assert.deepEqual(reported, [
    [0, 1],
    [15_000, 2],
    [30_000, 3],
    [45_000, 4],
  ]);
});

test('a source that does not answer holds up no other, is broken off by a stop, and what it still says is not told', async () => {
  const { reported, warned } = await report(3, clock => [
    {
      async sample(signal) {
        await new Promise(resolve => signal.addEventListener('abort', resolve));
        return numbered({ now: () => 99 }).sample();
      },
    },
    numbered(clock),
  ]);
  assert.deepEqual(reported, [
    [0, 1],
    [15_000, 2],
    [30_000, 3],
  ]);
  assert.deepEqual(warned, []);
});

test('a sample that fails is logged, and the next one is taken', async () => {
  let samples = 0;
  const { reported, warned } = await report(3, clock => {
    const source = numbered(clock);
    return [
      {
        sample() {
          samples += 1;
          if (samples === 2) throw new Error('the topic is closed');
          return source.sample();
        },
      },
    ];
  });
  assert.deepEqual(
    reported.map(([, value]) => value),
    [1, 2],
  );
  assert.deepEqual(warned, ['A sample could not be taken: the topic is closed']);
});
