import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service as ServiceName } from '../../cli/parts/part.ts';

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 30_000;
const COMMAND = join(import.meta.dirname, '../../cli/burnline.ts');

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signal(child, 'SIGKILL');
});

/** One service of the platform, as `burnline up --only` runs it, in a process that ends with this one at the latest. */
export type Service = {
  readonly name: ServiceName;
  readonly isRunning: boolean;
  /** Resolves when it says that it is up. Rejects where it ends before, or takes longer than a minute. */
  start(): Promise<void>;
  /** SIGKILL: nothing of it runs after this. */
  kill(): Promise<void>;
  /** Stops it in its tracks, and lets it go on after so long. */
  pause(ms: number): Promise<void>;
  /** A stop in good order. Resolves with whether it was one. */
  stop(): Promise<boolean>;
};

/**
 * Prepares a service. What it writes goes to `<name>.log` in the folder.
 *
 * @param options.onEnd called where it ends and nobody has told it to
 */
export function createService(options: {
  name: ServiceName;
  folder: string;
  env: NodeJS.ProcessEnv;
  onEnd(text: string): void;
}): Service {
  const { name, folder, env, onEnd } = options;
  let child: ChildProcess | undefined;
  let ending: Promise<unknown> = Promise.resolve();
  let isTold = false;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [COMMAND, 'up', '--only', name, '--format', 'json'], {
      env: { ...process.env, ...env },
      // In a group of its own, so that a Ctrl-C is ours alone to answer.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    isTold = false;
    running.add(started);
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    for (const output of [started.stdout, started.stderr]) output.pipe(log, { end: false });
    started.once('close', () => log.end());
    const up = Promise.withResolvers<void>();
    createInterface({ input: started.stdout }).on('line', line => {
      if (line.includes('"readySeconds"')) up.resolve();
    });
    ending = once(started, 'exit').then(([code, by]) => {
      running.delete(started);
      child = undefined;
      const text = `the ${name} ended by itself with ${code ?? by}`;
      up.reject(new Error(text));
      if (!isTold) onEnd(text);
    });
    const late = setTimeout(
      () => up.reject(new Error(`the ${name} was not up in ${READY_MS_MAX / 1000} s`)),
      READY_MS_MAX,
    );
    try {
      await up.promise;
    } finally {
      clearTimeout(late);
    }
  }

  async function tell(name: NodeJS.Signals): Promise<void> {
    isTold = true;
    if (child) signal(child, name);
    await ending;
  }

  return {
    name,
    get isRunning() {
      return child !== undefined;
    },
    start,
    kill: () => tell('SIGKILL'),
    async pause(ms) {
      const paused = child;
      if (!paused) return;
      signal(paused, 'SIGSTOP');
      await sleep(ms);
      signal(paused, 'SIGCONT');
    },
    async stop() {
      const stopped = child;
      const late = setTimeout(() => stopped && signal(stopped, 'SIGKILL'), STOP_MS_MAX);
      await tell('SIGTERM');
      clearTimeout(late);
      return stopped?.exitCode === 0;
    },
  };
}

function signal({ pid, exitCode, signalCode }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, name);
}
