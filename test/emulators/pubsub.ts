import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../base/testing.ts';

const READY_MS_MAX = 60_000;

export type Emulator = { host: string; stop(): Promise<void> };

/** Starts the Pub/Sub emulator of the Google Cloud SDK on a free port. Throws where it is not installed or does not get ready. */
export async function startPubSubEmulator(): Promise<Emulator> {
  const port = await freePort();
  const emulator = spawn(findEmulator(), ['--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', detached: true });
  const exited = once(emulator, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (const startedAt = performance.now(); !(await answers(url)); await sleep(100)) {
    if (emulator.exitCode !== null) throw new Error(`The Pub/Sub emulator ended with ${emulator.exitCode}`);
    if (performance.now() - startedAt > READY_MS_MAX) throw new Error(`The Pub/Sub emulator was not ready in 60 s`);
  }
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      endGroup(emulator);
      await exited;
    },
  };
}

function findEmulator(): string {
  const root = execFileSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' }).trim();
  const path = join(root, 'platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  if (!existsSync(path)) throw new Error(`The Pub/Sub emulator is not installed: there is no ${path}`);
  return path;
}

/** The emulator is a Java process that a script starts. */
function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
