import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export type Served = { url: string; pid: number; stop(): Promise<void> };

/** Starts one of the servers of server.ts in a process of its own. */
export async function serve(kind: 'bare' | 'app' | 'traced', file: string, otlpUrl: string): Promise<Served> {
  const env = { ...process.env, BENCH_KIND: kind, BENCH_FILE: file, OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl };
  const child = fork(new URL('server.ts', import.meta.url), { env });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => end(child, 'SIGTERM') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Starts what takes the telemetry; it counts the requests. */
export async function startOtlpSink(): Promise<{ url: string; requests(): Promise<number>; stop(): Promise<void> }> {
  const child = fork(new URL('sink.ts', import.meta.url));
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async requests() {
      child.send('count');
      const [requests] = await once(child, 'message');
      return requests;
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Processor time that a process has used, in microseconds. Linux only, where a tick is 10 ms; NaN elsewhere. */
export function cpuMicros(pid: number): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [utime, stime] = fields.split(' ').slice(11, 13).map(Number);
    return ((utime ?? Number.NaN) + (stime ?? Number.NaN)) * 10_000;
  } catch {
    return Number.NaN;
  }
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

/** Processor time that this process has used, in milliseconds, the garbage collector's included. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
