// Prints ratios, each against a baseline of the same run on the same machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCursor } from '../records/cursor.ts';
import { readOptions } from './options.ts';
import { measureFreshness, measureStartup } from './platform.ts';
import { memoryMb, type Served, serve, startOtlpSink } from './processes.ts';
import { idOf, seedRecords } from './seed.ts';
import { median, withSpread } from './statistics.ts';
import { compareServers, describeRatio } from './throughput.ts';

const values = readOptions('bench', {
  records: '1000000',
  rounds: '40',
  // Short rounds: what disturbs the machine then disturbs neighbours alike, and their ratio not.
  seconds: '0.5',
});
const [records, rounds, secondsPerRound] = [values.records, values.rounds, values.seconds].map(Number) as [
  number,
  number,
  number,
];
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (what: string, figure: string) => process.stdout.write(`${what.padEnd(58)} ${figure}\n`);

const folder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
const file = join(folder, 'warehouse.sqlite');
say(`Writing ${records} records …`);
await seedRecords({ path: file, count: records, onProgress: done => done % 250_000 === 0 && say(`  ${done}`) });

const sink = await startOtlpSink();
const servers = {
  bare: await serve('bare', file, ''),
  app: await serve('app', file, ''),
  traced: await serve('traced', file, sink.url),
};

for (const limit of [50, 1]) {
  say(`Pages of ${limit}, 20 connections, ${rounds} rounds of ${secondsPerRound} s each …`);
  const { traced, app, bare } = await compareServers({
    servers,
    path: `/records?limit=${limit}`,
    rounds,
    secondsPerRound,
  });
  print(`pages of ${limit}: full telemetry to none`, describeRatio(traced, app));
  print(`pages of ${limit}: full telemetry to bare node:http`, describeRatio(traced, bare));
  print(`pages of ${limit}: no telemetry to bare node:http`, describeRatio(app, bare));
}
print('telemetry requests that arrived', String(await sink.requests()));

await comparePositions(servers.app);
await Promise.all(Object.values(servers).map(server => server.stop()));
await sink.stop();
await measureAllRecords();
rmSync(folder, { recursive: true });

say('Starting the platform five times …');
const startup = await measureStartup(5);
print('time to ready, ms', withSpread(startup.readyMs, 0));
print('memory once ready, MB', withSpread(startup.memoryMb, 0));
say('Publishing 500 messages a second …');
const freshness = await measureFreshness({ perSecond: 500, seconds: 20 });
print('publish to readable at 500/s, ms', `p50 ${freshness.p50Ms.toFixed(0)}, p99 ${freshness.p99Ms.toFixed(0)}`);

/** What a page of 50 costs at the start, far behind it by offset, and there by cursor. */
async function comparePositions({ url }: Served): Promise<void> {
  const deep = Math.floor(records * 0.9);
  const paths = {
    start: '?offset=0',
    offset: `?offset=${deep}`,
    cursor: `?cursor=${encodeCursor('records', idOf(deep - 1))}`,
  };
  const timesMs: Record<keyof typeof paths, number[]> = { start: [], offset: [], cursor: [] };
  for (let round = 0; round < 100; round += 1) {
    for (const name of Object.keys(paths) as (keyof typeof paths)[]) {
      const startedAt = performance.now();
      await (await fetch(`${url}/records${paths[name]}`)).arrayBuffer();
      timesMs[name].push(performance.now() - startedAt);
    }
  }
  const start = median(timesMs.start);
  print('a page at offset 0, ms', withSpread(timesMs.start));
  for (const name of ['offset', 'cursor'] as const) {
    print(
      `a page at ${name} ${deep}, times one at offset 0`,
      `${(median(timesMs[name]) / start).toFixed(2)}   ${withSpread(timesMs[name])} ms`,
    );
  }
}

/** All records in one answer of a fresh server: how much memory it needs at its highest. */
async function measureAllRecords(): Promise<void> {
  const { url, pid, stop } = await serve('app', file, '');
  const before = memoryMb(pid, 'VmRSS');
  const answer = await fetch(`${url}/data`);
  let bytes = 0;
  for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length;
  const figure = `${memoryMb(pid, 'VmHWM').toFixed(0)} at its highest, ${before.toFixed(0)} before`;
  print(`GET /data of ${records} records, ${(bytes / 1e6).toFixed(0)} MB: memory, MB`, figure);
  await stop();
}
