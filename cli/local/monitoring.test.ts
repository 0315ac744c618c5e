import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import { createFlags, type FlagState } from '../faults/flags.ts';
import { startLocalMonitoring } from './monitoring.ts';
import { oldestUnackedAge } from './pubsub.ts';
import { place } from './testing.ts';

/** A local Cloud Monitoring whose threads a test may end. */
async function start(t: TestContext) {
  const folder = temporaryFolder();
  const flags = createFlags({ clock: systemClock });
  const threads: Worker[] = [];
  const said: string[] = [];
  const say = (_fields: object, text: string) => void said.push(text);
  const monitoring = await startLocalMonitoring({
    data: {
      folder,
      port: 0,
      place,
      specsRoot: join(import.meta.dirname, '../..'),
      asGoogle: false,
      logLevel: 'silent',
    },
    flags,
    log: { error: say, warn: say } as never,
    createThread(data) {
      const thread = new Worker(join(import.meta.dirname, 'monitoring-worker.ts'), { workerData: data });
      threads.push(thread);
      return thread;
    },
    random: () => 0,
  });
  t.after(() => monitoring.stop());
  async function get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(monitoring.url + path);
    return (await response.json()) as Answer;
  }
  const services = async () => (await get<{ services: object[] }>(`/v3/projects/${place.project}/services`)).services;
  return { ...monitoring, folder, flags, threads, said, get, services };
}

test('where its thread ends by itself, that is told, and it is started again on the same port, with the flags that are on', async t => {
  const { url, flags, threads, said, get, services } = await start(t);
  flags.set('api-latency', 300);
  await threads[0]?.terminate();
  await assert.rejects(fetch(url));
  while (said.length < 2) await sleep(20);
  assert.deepEqual(said, [
    'The local Cloud Monitoring has ended, and is started again: its thread has ended with code 1',
    'The local Cloud Monitoring is up again; what came meanwhile is lost',
  ]);
  assert.ok((await services()).length > 0);
  const { flags: known } = await get<{ flags: FlagState[] }>('/flags');
  assert.deepEqual(
    known.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }])),
    [{ name: 'api-latency', value: 300 }],
  );
});

test('a disk on which nothing can be written ends no thread', async t => {
  const { folder, threads, said, report, services } = await start(t);
  const file = new DatabaseSync(join(folder, 'series.sqlite'));
  file.exec("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
  file.close();
  const series = oldestUnackedAge(place.project, 's');
  // More than it writes at once, twice: the second report finds that the first could not be written.
  const nowMs = Date.now();
  for (let times = 0; times < 2; times += 1) {
    const points = Array.from({ length: 1000 }, (_, index) => {
      const endMs = nowMs - 3_000_000 + times * 1_500_000 + index * 1000;
      return { startMs: endMs, endMs, value: 1 };
    });
    report([{ series, points }]);
  }
  report([{ series, points: [] }]);
  assert.ok((await services()).length > 0);
  assert.deepEqual([threads.length, said], [1, []]);
});
