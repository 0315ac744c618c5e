import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../base/clock.ts';
import { temporaryFolder } from '../../base/testing.ts';
import type { Point } from '../model.ts';
import { openSeriesStore } from './store.ts';
import { seriesOf } from './testing.ts';

const ROUNDS = 10;
const SERIES = Array.from({ length: 5 }, (_, index) => seriesOf('CUMULATIVE', 'DOUBLE', { index: String(index) }));
const path = process.env.SERIES_PATH;

if (path) await writeUntilKilled(path);
else test(`killed ${ROUNDS} times while it writes and packs, the store keeps what it was done with, whole`, keepsAll);

/** Counts up from where the file ends, and tells each count that must outlast a kill. */
async function writeUntilKilled(file: string): Promise<void> {
  const store = openSeriesStore({ path: file, clock: systemClock });
  const [series] = [...store.seriesOf()];
  let count = series ? Number(store.read(series, 0, Date.now()).at(-1)?.value) : 0;
  for (;;) {
    const endMs = Date.now();
    count += 1;
    const point: Point = { startMs: Math.floor(endMs / 1e6) * 1e6, endMs, value: count };
    const { kept } = store.write(SERIES.map(each => ({ series: each, points: [point] })));
    // Within a millisecond of the last one, or over the edge of a start.
    if (kept < SERIES.length) count -= 1;
    else if (count % 3 === 0) {
      store.flush();
      process.stdout.write(`${count}\n`);
    }
    if (count % 7 === 0) store.tidy();
    await sleep(1);
  }
}

async function keepsAll(): Promise<void> {
  const file = join(temporaryFolder(), 'series.sqlite');
  let told = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, [import.meta.filename], {
      env: { ...process.env, SERIES_PATH: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    told = await killAfter(child, 3 + 7 * round, file);
    const store = openSeriesStore({ path: file, clock: systemClock });
    const series = [...store.seriesOf()];
    assert.equal(series.length, SERIES.length);
    for (const each of series) {
      const values = store.read(each, 0, Number.MAX_SAFE_INTEGER).map(({ value }) => value);
      assert.deepEqual(
        values,
        values.map((_, index) => index + 1),
      );
      assert.ok(values.length >= told, `${values.length} of ${told}`);
    }
    store.close();
    const database = new DatabaseSync(file);
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    database.close();
  }
}

/** Kills a writer once it has told so many counts. Answers the last of them. */
async function killAfter(child: ChildProcess, lines: number, file: string): Promise<number> {
  const exited = once(child, 'exit');
  let [told, seen] = [0, 0];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    told = Number(line);
    seen += 1;
    if (seen === 2)
      assert.throws(() => openSeriesStore({ path: file, clock: systemClock }), new RegExp(`process ${child.pid}`));
    if (seen === lines) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
  return told;
}
