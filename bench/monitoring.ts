// Prints what the local Cloud Monitoring does with a fleet: fifty services of four SLOs each, all tiers of policies, and 28 days of
// series at one point a minute. Each figure stands beside what is asked of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMonitoringProcess } from '../test/monitoring-process.ts';
import { MINUTE_MS } from './fleet.ts';
import { type Latencies, measureBeside } from './monitoring-beside.ts';
import { writeHistory } from './monitoring-history.ts';
import { evaluateRounds } from './monitoring-rounds.ts';
import { readOptions } from './options.ts';
import { measureIntake } from './otlp-intake.ts';
import { cpuMicros, memoryMb } from './processes.ts';
import { median, quantile, withSpread } from './statistics.ts';

const values = readOptions('bench:monitoring', {
  services: '50',
  days: '28',
});
const STARTS = 5;
const POINTS_PER_SECOND = 20_000;
const say = (text: string) => process.stderr.write(`${text}\n`);
const print = (what: string, figure: string, asked = '') =>
  process.stdout.write(`${what.padEnd(58)} ${figure.padEnd(24)} ${asked}\n`.trimEnd().concat('\n'));
const dataFolder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
const folder = join(dataFolder, 'monitoring');

try {
  printIntake();
  const [services, days] = [Number(values.services), Number(values.days)];
  say(`Writing ${days} days of ${services} services …`);
  const endMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const onDay = (day: number) => say(`  day ${day}`);
  const { fleet, ...written } = await writeHistory({ folder, services, days, endMs, onDay });
  print('SLOs, policies', `${written.objectives}, ${written.policies}`);
  print('series, points', `${written.series}, ${written.points}`);
  print('points a processor second: written and packed', written.pointsPerCpuSecond.toFixed(0));
  print('store, MB', (written.bytes / 1e6).toFixed(0), 'asked: under 500');
  print('bytes a point', (written.bytes / written.points).toFixed(1));
  say('Evaluating …');
  const rounds = evaluateRounds({ folder, fleet, endMs });
  print('an evaluation round, ms', withSpread(rounds.ms, 1), 'asked: under 50');
  print('the same, of the processor, ms', withSpread(rounds.cpuMs, 1));
  await printStarts();
  say(`Asking the API, beside ${POINTS_PER_SECOND} data points a second …`);
  const { alone, beside, past, pastAgain, loaded, takenPerSecond } = await measureBeside({
    dataFolder,
    pointsPerSecond: POINTS_PER_SECOND,
  });
  print('data points a second that were taken meanwhile', withSpread(takenPerSecond, 0));
  for (const [share, q] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    /** Of each round, for they alternate, and of all requests together. */
    const compare = (what: string, one: Latencies, other: Latencies, asked: string) => {
      const byRounds = one[share].map((ms, at) => ms / (other[share][at] ?? ms));
      print(`  ${what}`, withSpread(byRounds), asked);
      print('    of all requests together', (quantile(one.requests, q) / quantile(other.requests, q)).toFixed(2));
    };
    print(`GET /records, ${share}, ms: alone`, withSpread(alone[share]));
    compare('beside a monitoring that holds the fleet, to alone', beside, alone, 'asked: not moved');
    compare('beside one that takes points, to points sent past it', loaded, past, 'asked: not moved');
    compare('points sent past it, to the same again', pastAgain, past, 'chance');
  }
} finally {
  rmSync(dataFolder, { recursive: true });
}

function printIntake(): void {
  say('Taking in OTLP …');
  const { protobuf, json } = measureIntake();
  print('OTLP data points a processor second', withSpread(protobuf, 0), 'asked: 20000');
  print('to what is asked', (median(protobuf) / POINTS_PER_SECOND).toFixed(1));
  print('JSON to protocol buffers', withSpread(json.map((perSecond, at) => perSecond / (protobuf[at] ?? perSecond))));
}

/** From the start of a process until it says by HTTP how an SLO has done over its 28 days. */
async function printStarts(): Promise<void> {
  const measured = { readySeconds: [] as number[], cpuSeconds: [] as number[], memoryMb: [] as number[] };
  for (let start = 0; start < STARTS; start += 1) {
    say(`Starting on it, ${start + 1} of ${STARTS} …`);
    const startedAt = performance.now();
    const { url, pid, kill } = await startMonitoringProcess(folder);
    await askCompliance(url);
    measured.readySeconds.push((performance.now() - startedAt) / 1000);
    measured.cpuSeconds.push(cpuMicros(pid) / 1e6);
    measured.memoryMb.push(memoryMb(pid, 'VmRSS'));
    await kill();
  }
  print('from process start to ready, s', withSpread(measured.readySeconds), 'asked: under 5');
  print('the same, of the processor, s', withSpread(measured.cpuSeconds));
  print('resident memory then, MB', withSpread(measured.memoryMb, 0));
}

async function askCompliance(url: string): Promise<void> {
  const objective = 'projects/local/services/service-1/serviceLevelObjectives/latency';
  const query = new URLSearchParams({
    filter: `select_slo_compliance("${objective}")`,
    'interval.startTime': new Date(Date.now() - 60 * MINUTE_MS).toISOString(),
    'interval.endTime': new Date().toISOString(),
  });
  const answer = await fetch(`${url}/v3/projects/local/timeSeries?${query}`);
  const { timeSeries } = (await answer.json()) as { timeSeries?: { points: unknown[] }[] };
  if (!timeSeries?.[0]?.points.length) throw new Error(`${objective} has no compliance`);
}
