import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Served = { url: string; pid: number; stop(): Promise<void> };

/** Starts one of the servers of server.ts in a process of its own. */
export async function serve(kind: 'bare' | 'app' | 'traced', file: string, otlpUrl: string): Promise<Served> {
  const env = { ...process.env, BENCH_KIND: kind, BENCH_FILE: file, OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl };
  const child = fork(new URL('server.ts', import.meta.url), { env });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => end(child, 'SIGTERM') };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Takes what telemetry is sent, and counts the requests. */
export async function startOtlpSink(): Promise<{ url: string; requests(): number; stop(): void }> {
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    stop: () => server.close().closeAllConnections(),
  };
}

/** Resident memory of a process in MB: now (`VmRSS`) or at its highest (`VmHWM`). Linux only; NaN elsewhere. */
export function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .find(text => text.startsWith(field));
    return Number(line?.replaceAll(/\D/g, '')) / 1024;
  } catch {
    return Number.NaN;
  }
}
