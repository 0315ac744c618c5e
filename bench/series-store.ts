// Prints what the series store does with a fleet's series: 28 days at one point a minute, half of them distributions.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createManualClock } from '../base/clock.ts';
import type { Increment, Series } from '../monitoring/model.ts';
import { openSeriesStore } from '../monitoring/series/store.ts';
import { createFleet, MINUTE_MS } from './fleet.ts';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '50' },
    days: { type: 'string', default: '28' },
    /** A file to open and replay, in a process of its own. */
    reopen: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write('Usage: node bench/series-store.ts [--services 50] [--days 28]\n');
  process.exit(0);
}
const print = (what: string, figure: string) => process.stdout.write(`${what.padEnd(58)} ${figure}\n`);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
const END_MS = Date.UTC(2026, 5, 29);

if (values.reopen) reopen(values.reopen);
else await write(Number(values.services), Number(values.days));

async function write(services: number, days: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
  const path = join(folder, 'series.sqlite');
  const minutes = days * 24 * 60;
  const clock = createManualClock(END_MS - minutes * MINUTE_MS);
  const fleet = createFleet({ services, startMs: clock.now() });
  const store = openSeriesStore({ path, clock });
  const used = { writeMs: 0, tidyMs: 0 };
  for (let minute = 1; minute <= minutes; minute += 1) {
    clock.advance(MINUTE_MS);
    const writes = fleet.next(clock.now());
    let startedMs = cpuMs();
    store.write(writes);
    store.flush();
    used.writeMs += cpuMs() - startedMs;
    if (minute % 60 > 0) continue;
    startedMs = cpuMs();
    await store.tidy();
    used.tidyMs += cpuMs() - startedMs;
  }
  const { series, points, bytes } = store.facts();
  print('series, points', `${series}, ${points}`);
  print('points a second on one core: taken', ((points / used.writeMs) * 1000).toFixed(0));
  print('points a second on one core: taken and packed', ((points / (used.writeMs + used.tidyMs)) * 1000).toFixed(0));
  print('file, MB', `${megabytes(bytes)}, ${(bytes / points).toFixed(1)} bytes a point`);
  print('memory of the writer, MB', megabytes(process.memoryUsage.rss()));
  store.close();
  const child = spawn(process.execPath, [import.meta.filename, '--reopen', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  process.stdout.write(output);
  rmSync(folder, { recursive: true });
}

function reopen(path: string): void {
  const before = process.memoryUsage.rss();
  const startedMs = performance.now();
  const store = openSeriesStore({ path, clock: createManualClock(END_MS) });
  const openedMs = performance.now();
  let increments = 0;
  let events = 0;
  const usedBefore = cpuMs();
  store.replay(({ point: { value } }: Increment) => {
    increments += 1;
    events += typeof value === 'object' ? value.count : Number(value);
  });
  const replayedMs = performance.now();
  print('open, s', ((openedMs - startedMs) / 1000).toFixed(2));
  print(
    'replay, s',
    `${((replayedMs - openedMs) / 1000).toFixed(2)}, ${((cpuMs() - usedBefore) / 1000).toFixed(2)} of the processor`,
  );
  print('increments, events in them', `${increments}, ${events}`);
  print('memory of the reader, MB', `${megabytes(process.memoryUsage.rss())}, ${megabytes(before)} before`);
  for (const kind of ['DISTRIBUTION', 'DOUBLE']) {
    const series = [...store.seriesOf()].find(({ valueType }) => valueType === kind) as Series;
    const times = Array.from({ length: 20 }, () => {
      const at = performance.now();
      store.readIncrements(series, 0, END_MS);
      return performance.now() - at;
    });
    print(`28 days of one series of ${kind}, ms`, times.toSorted((a, b) => a - b)[10]?.toFixed(1) ?? '');
  }
  store.close();
}

/** Of the whole process, what collects its garbage included: other processes do not move it much. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
