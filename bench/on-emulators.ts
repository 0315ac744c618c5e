// Prints ratios of the platform on the emulators of Pub/Sub and BigQuery, each against a baseline of the same run.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmulators } from '../test/emulators/emulators.ts';
import { measureImport } from './imports.ts';
import { readOptions } from './options.ts';
import { compareReads, measureReady } from './replica.ts';
import { median, withSpread } from './statistics.ts';
import { describeRatio } from './throughput.ts';

const values = readOptions('bench:emulators', {
  messages: '20000',
  records: '100000',
  rounds: '7',
});
const [messages, records, rounds] = [values.messages, values.records, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (what: string, figure: string) => process.stdout.write(`${what.padEnd(58)} ${figure}\n`);
const run = promisify(execFile);

const IMPORTS = [
  'koa',
  'zod',
  '@google-cloud/bigquery',
  '@google-cloud/bigquery-storage',
  '@google-cloud/pubsub',
  '@google-cloud/storage',
  '@opentelemetry/sdk-node',
];
for (const specifier of IMPORTS) {
  const { ms, mb } = await measureImport(specifier, 5);
  print(`import ${specifier}`, `${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB resident`);
}

const emulators = await startEmulators();
Object.assign(process.env, emulators.env);
const folder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
try {
  await compareDrains();
  say(`Loading ${records} records into a replica and an embedded warehouse …`);
  const { replica, embedded } = await compareReads({ folder, records, rounds: rounds * 5, secondsPerRound: 0.5 });
  print('pages of 50: reads of the replica to embedded ones', describeRatio(replica, embedded));
  const ready = await measureReady({ folder, runs: rounds });
  print(`from start to ready, snapshot of ${records} records there, ms`, withSpread(ready, 0));
} finally {
  await emulators.stop();
  rmSync(folder, { recursive: true });
}

/** Every way of draining in each round, each in a process of its own, in turning order. */
async function compareDrains(): Promise<void> {
  const ways = ['client', 'pulls', 'sqlite', 'bigquery', 'embeddedPulls', 'embedded'] as const;
  type Rates = Record<(typeof ways)[number], number[]>;
  const rates = Object.fromEntries(ways.map(way => [way, []])) as unknown as Rates;
  say(`Draining ${messages} messages, ${rounds} rounds of ${ways.length} ways …`);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      const drain = fileURLToPath(new URL('drains.ts', import.meta.url));
      const { stdout } = await run(process.execPath, [drain, way, String(messages)]);
      rates[way].push(Number(stdout));
    }
  }
  const compare = (what: string, of: keyof Rates, to: keyof Rates) => {
    const ratios = rates[of].map((rate, round) => rate / (rates[to][round] ?? Number.NaN));
    print(what, `${withSpread(ratios)}   ${median(rates[of]).toFixed(0)}/s to ${median(rates[to]).toFixed(0)}/s`);
  };
  compare('drain Pub/Sub into SQLite, to Google’s own subscriber', 'sqlite', 'client');
  compare('drain Pub/Sub into SQLite, to pulls that only ack', 'sqlite', 'pulls');
  compare('drain Pub/Sub into BigQuery, to Google’s own subscriber', 'bigquery', 'client');
  compare('drain the embedded topic into SQLite, to pulls that only ack', 'embedded', 'embeddedPulls');
}
