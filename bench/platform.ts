import { setTimeout as sleep } from 'node:timers/promises';
import { type Platform, startPlatform } from '../test/platform-process.ts';
import { memoryMb } from './processes.ts';
import { quantile } from './statistics.ts';

/** Milliseconds to ready, and megabytes once ready, of `runs` starts. */
export async function measureStartup(runs: number): Promise<{ readyMs: number[]; memoryMb: number[] }> {
  const measured = { readyMs: [] as number[], memoryMb: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    const { pid, stop } = await startPlatform();
    measured.readyMs.push(performance.now() - startedAt);
    measured.memoryMb.push(memoryMb(pid, 'VmRSS'));
    await stop();
  }
  return measured;
}

/** Milliseconds from the start of a publish until a GET finds the record, for one message of each batch at `perSecond`. */
export async function measureFreshness(options: { perSecond: number; seconds: number }) {
  const platform = await startPlatform();
  const batchesPerSecond = 50;
  const latenciesMs: Promise<number>[] = [];
  for (let batch = 0; batch < options.seconds * batchesPerSecond; batch += 1) {
    latenciesMs.push(publishAndFind(platform, batch, options.perSecond / batchesPerSecond));
    await sleep(1000 / batchesPerSecond);
  }
  const measured = await Promise.all(latenciesMs);
  await platform.stop();
  return { p50Ms: quantile(measured, 0.5), p99Ms: quantile(measured, 0.99) };
}

async function publishAndFind({ api, ingest }: Platform, batch: number, size: number): Promise<number> {
  const startedAt = performance.now();
  const messages = Array.from({ length: size }, (_, index) => {
    const data = JSON.stringify({ id: `${batch}-${index}`, name: 'bench', value: index });
    return { data: Buffer.from(data).toString('base64') };
  });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${ingest}/v1/projects/local/topics/data-ingestion:publish`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ messages }),
  });
  if (!answer.ok) throw new Error(`The publish was answered ${answer.status}`);
  await answer.arrayBuffer();
  while (!(await find(`${api}/records/${batch}-0`))) await sleep(2);
  return performance.now() - startedAt;
}

async function find(url: string): Promise<boolean> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer.ok;
}
