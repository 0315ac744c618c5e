import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform } from '../test/platform-process.ts';
import { serve, startOtlpSink } from './processes.ts';
import { seedRecords } from './seed.ts';
import { quantile } from './statistics.ts';

const RECORDS = 10_000;
/** So many, for fewer tell the 99th percentile badly. */
const ROUNDS = 100;
const REQUESTS_PER_ROUND = 300;

/** Milliseconds that GET /records took: in each round, and each request of all of them. */
export type Latencies = { p50: number[]; p99: number[]; requests: number[] };

/**
 * How long the API's answers take: alone in its process, with its telemetry sent to one that drops it; as a whole platform with a
 * local Cloud Monitoring in a thread that holds and evaluates a fleet; while so many data points a second are sent past
 * it, twice, to see what chance makes; and while it takes them. In alternating rounds, so that a machine that slows down slows all of
 * them.
 */
export async function measureBeside(options: { dataFolder: string; pointsPerSecond: number }) {
  const { dataFolder, pointsPerSecond } = options;
  const sink = await startOtlpSink();
  await seedRecords({ path: join(dataFolder, 'warehouse.sqlite'), count: RECORDS, onProgress: () => {} });
  await seedRecords({ path: join(dataFolder, 'alone.sqlite'), count: RECORDS, onProgress: () => {} });
  const alone = await serve('traced', join(dataFolder, 'alone.sqlite'), sink.url);
  const whole = await startPlatform({ BURNLINE_DATA_DIR: dataFolder });
  const env = { ...process.env, BENCH_POINTS_PER_SECOND: String(pointsPerSecond) };
  const load = fork(new URL('monitoring-load.ts', import.meta.url), { env });
  await once(load, 'message');

  const measured = {
    alone: latencies(),
    beside: latencies(),
    past: latencies(),
    pastAgain: latencies(),
    loaded: latencies(),
  };
  const takenPerSecond: number[] = [];
  /** While the load is sent, to the monitoring or past it: to send it takes the machine's time too. */
  async function measureLoaded(url: string, into: Latencies | false): Promise<number> {
    load.send(url);
    await sleep(100);
    await measure(whole.api, into);
    load.send('off');
    const [perSecond] = await once(load, 'message');
    return perSecond;
  }

  for (let round = -2; round < ROUNDS; round += 1) {
    const isKept = round >= 0;
    await measure(alone.url, isKept && measured.alone);
    await measure(whole.api, isKept && measured.beside);
    await measureLoaded(sink.url, isKept && measured.past);
    const perSecond = await measureLoaded(whole.monitoring, isKept && measured.loaded);
    if (isKept) takenPerSecond.push(perSecond);
    await measureLoaded(sink.url, isKept && measured.pastAgain);
  }
  load.disconnect();
  await Promise.all([whole.stop(), alone.stop(), sink.stop()]);
  return { ...measured, takenPerSecond };
}

function latencies(): Latencies {
  return { p50: [], p99: [], requests: [] };
}

async function measure(api: string, into: Latencies | false): Promise<void> {
  const timesMs: number[] = [];
  for (let request = 0; request < REQUESTS_PER_ROUND; request += 1) {
    const startedMs = performance.now();
    const answer = await fetch(`${api}/records?limit=50`);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`GET /records was answered ${answer.status}`);
    timesMs.push(performance.now() - startedMs);
  }
  if (!into) return;
  into.p50.push(quantile(timesMs, 0.5));
  into.p99.push(quantile(timesMs, 0.99));
  into.requests.push(...timesMs);
}
