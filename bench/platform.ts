import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, memoryMb } from './processes.ts';
import { quantile } from './statistics.ts';

type Running = { child: ChildProcess; api: string; ingest: string; readyMs: number; stop(): Promise<void> };

/** `burnline up` on an empty data folder, as a user starts it, from the start of the process to the first ready answer. */
async function startPlatform(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'burnline-bench-'));
  const env = { ...process.env, BURNLINE_DATA_DIR: folder, BURNLINE_API_PORT: '0', BURNLINE_INGEST_PORT: '0' };
  const startedAt = performance.now();
  const args = ['cli/burnline.ts', 'up', '--format', 'json'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(child, 'exit').then(() => []);
  const [line] = await Promise.race([once(child.stdout, 'data'), exit]);
  if (line === undefined) throw new Error('burnline up ended before it was ready');
  const { api, ingest } = JSON.parse(String(line));
  const { ok } = await fetch(`${api}/ready`);
  if (!ok) throw new Error('burnline up said that it was up, and /ready that it was not');
  return {
    child,
    api,
    ingest,
    readyMs: performance.now() - startedAt,
    async stop() {
      await end(child, 'SIGTERM');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Milliseconds to ready, and megabytes once ready, of `runs` starts. */
export async function measureStartup(runs: number): Promise<{ readyMs: number[]; memoryMb: number[] }> {
  const measured = { readyMs: [] as number[], memoryMb: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const { child, readyMs, stop } = await startPlatform();
    measured.readyMs.push(readyMs);
    measured.memoryMb.push(memoryMb(child.pid ?? 0, 'VmRSS'));
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

async function publishAndFind({ api, ingest }: Running, batch: number, size: number): Promise<number> {
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
