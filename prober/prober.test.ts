import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createManualClock } from '../base/clock.ts';
import { createCollector } from '../telemetry/collect.ts';
import { createLogger } from '../telemetry/log.ts';
import { createInstruments } from '../telemetry/signals.ts';
import { startProber } from './prober.ts';
import type { Walk, Walked } from './walk.ts';

/** A prober whose rounds do what the test says, until there are no more; its time passes as it waits. */
function createBench(rounds: ((signal: AbortSignal) => Promise<Walked>)[], erase: Walk['erase'] = async () => []) {
  const clock = createManualClock(0);
  const collector = createCollector();
  const instruments = createInstruments(new MeterProvider({ readers: collector.sinks.metricReaders }).getMeter('test'));
  const logged: { message: string; severity: string }[] = [];
  const log = createLogger({ service: 'test', destination: { write: line => logged.push(JSON.parse(line)) } });
  const waits: number[] = [];
  const idle = Promise.withResolvers<void>();
  const walk: Walk = {
    async round(signal) {
      const next = rounds.shift();
      if (next) return next(signal);
      idle.resolve();
      return stopped(signal);
    },
    poison: () => Promise.reject(new Error('a prober sends no poison')),
    erase,
  };
  const prober = startProber({
    ...{ walk, everyMs: 60_000, instruments, log, clock },
    async wait(ms) {
      waits.push(ms);
      clock.advance(ms);
    },
  });
  async function counts() {
    const metrics = await collector.metrics();
    const points = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
    return {
      paths: Object.fromEntries(points('probe.paths').map(({ attributes, value }) => [attributes.outcome, value])),
      durations: (points('probe.path.duration')[0]?.value as { count: number; sum: number } | undefined) ?? {
        count: 0,
      },
    };
  }
  return { prober, clock, logged, waits, idle: idle.promise, counts };
}

/** Rejects when it is broken off. */
const stopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('each round is counted by what came of it, and what is not ok is logged in words', async () => {
  const { prober, logged, idle, counts } = createBench([
    async () => ({ outcome: 'ok', readableSeconds: 2 }),
    async () => ({ outcome: 'ok', readableSeconds: 3 }),
    async () => ({ outcome: 'late', readableSeconds: 60, detail: 'not in the table' }),
    async () => ({
      ...{ outcome: 'wrong', readableSeconds: 1 },
      differences: [
        {
          id: 'a',
          field: 'name',
          sides: [
            ['the table', 1],
            ['the API', 2],
          ],
        },
      ],
    }),
    () => Promise.reject(new Error('the API is down')),
  ]);
  await idle;
  await prober.stop();
  const { paths, durations } = await counts();
  assert.deepEqual(paths, { ok: 2, late: 1, wrong: 1, failed: 1 });
  assert.deepEqual([durations.count, 'sum' in durations && durations.sum], [4, 66]);
  assert.deepEqual(
    logged.map(({ severity, message }) => [severity, message]),
    [
      ['WARNING', 'A probe is late: not in the table'],
      ['WARNING', 'A probe is wrong: a: name is 1 in the table and 2 in the API'],
      ['ERROR', 'A probe has failed: the API is down'],
    ],
  );
});

test('rounds begin one interval apart, and one that takes longer is followed at once, never overlapped', async () => {
  let under = 0;
  const taking = (ms: number) => async () => {
    under += 1;
    assert.equal(under, 1);
    // Not before the bench is there.
    await null;
    bench.clock.advance(ms);
    under -= 1;
    return { outcome: 'ok', readableSeconds: 1 } as const;
  };
  const bench = createBench([taking(10_000), taking(75_000), taking(0)]);
  await bench.idle;
  await bench.prober.stop();
  assert.deepEqual(bench.waits.slice(0, 3), [50_000, 0, 60_000]);
});

test('stopped in the middle of a round it counts nothing of it, and erases when the round has ended', async () => {
  const order: string[] = [];
  const started = Promise.withResolvers<void>();
  const { prober, logged, counts } = createBench(
    [
      async signal => {
        started.resolve();
        await stopped(signal).catch(() => {});
        order.push('round ended');
        throw new Error('broken off');
      },
    ],
    async () => {
      order.push('erased');
      return [{ id: 'probe-1', reason: '403' }];
    },
  );
  await started.promise;
  await prober.stop();
  assert.deepEqual(order, ['round ended', 'erased']);
  assert.deepEqual((await counts()).paths, {});
  assert.deepEqual(
    logged.map(({ message }) => message),
    ['Not erased: probe-1 (403)'],
  );
});

test('a round that does not end when it is stopped keeps nothing from being erased', async () => {
  const started = Promise.withResolvers<void>();
  let erased = 0;
  const { prober } = createBench(
    [
      () => {
        started.resolve();
        return new Promise(() => {});
      },
    ],
    async () => {
      erased += 1;
      return [];
    },
  );
  await started.promise;
  await prober.stop();
  assert.equal(erased, 1);
});
