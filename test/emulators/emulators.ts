import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import { freePort } from '../../base/testing.ts';

const READY_MS_MAX = 60_000;
const PYTHON = join('.venv', 'emulators', 'bin');

/** Emulators that run, and the environment by which Google's clients and the platform find them. */
export type Emulators = { env: Readonly<Record<string, string>>; stop(): Promise<void> };

/**
 * Starts the emulators of Pub/Sub, BigQuery and Cloud Storage on free ports. Throws where one is not there or does not get
 * ready. They end with this process at the latest.
 */
export async function startEmulators(): Promise<Emulators> {
  const [pubsub, rest, grpc, storage] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const running = [
    start('Pub/Sub', findPubSub(), ['--host=127.0.0.1', `--port=${pubsub}`]),
    start('BigQuery', findPython('python'), [
      ...[
        join(import.meta.dirname, 'bigquery.py'),
        'start',
        `--rest-port=${rest}`,
        `--grpc-port=${grpc}`,
        '--log-level=error',
      ],
    ]),
    start('Cloud Storage', findPython('gcp-storage-emulator'), [
      ...['start', '--host=127.0.0.1', `--port=${storage}`, '--in-memory'],
    ]),
  ];
  async function stop(): Promise<void> {
    await Promise.all(running.map(emulator => emulator.stop()));
  }
  try {
    await Promise.all(running.map((emulator, n) => emulator.ready([[pubsub], [rest, grpc], [storage]][n] as number[])));
  } catch (error) {
    await stop();
    throw error;
  }
  const env = {
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsub}`,
    BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${rest}`,
    BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${grpc}`,
    STORAGE_EMULATOR_HOST: `http://127.0.0.1:${storage}`,
    METADATA_SERVER_DETECTION: 'none',
  };
  return { env, stop };
}

function start(name: string, command: string, args: readonly string[]) {
  const env = { ...process.env, BQEMU_ENABLE_FORMAT_EXTENSIONS: 'false', PYTHONWARNINGS: 'ignore' };
  const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
  const exited = once(child, 'exit');
  const end = () => endGroup(child);
  process.once('exit', end);

  async function ready(ports: readonly number[]): Promise<void> {
    for (const startedAt = performance.now(); ; await sleep(100)) {
      if ((await Promise.all(ports.map(isTaken))).every(Boolean)) return;
      if (child.exitCode !== null) throw new Error(`The ${name} emulator ended with ${child.exitCode}`);
      if (performance.now() - startedAt > READY_MS_MAX) throw new Error(`The ${name} emulator was not ready in 60 s`);
    }
  }

  async function stop(): Promise<void> {
    end();
    await exited;
    process.removeListener('exit', end);
  }
  return { ready, stop };
}

function findPubSub(): string {
  const path = join(sdkRoot(), 'platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  if (!existsSync(path)) throw new Error(`The Pub/Sub emulator is not installed: there is no ${path}`);
  return path;
}

function sdkRoot(): string {
  try {
    return execFileSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' }).trim();
  } catch (error) {
    const detail = `The Google Cloud SDK does not run (${messageOf(error)}): install it with its pubsub-emulator`;
    throw new Error(detail, { cause: error });
  }
}

function findPython(command: string): string {
  const path = join(PYTHON, command);
  if (existsSync(path)) return path;
  throw new Error(
    `The BigQuery emulator is not installed: python3 -m venv .venv/emulators && ${join(PYTHON, 'pip')} install -r test/emulators/requirements.txt`,
  );
}

/** Some are a script that starts the real process. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

function isTaken(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
