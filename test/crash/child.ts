import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../base/testing.ts';
import type { Fault } from './target.ts';

/** The process under test: started, killed without warning, started again on the same data folder and ports. */
export type Target = {
  apiUrl: string;
  ingestUrl: string;
  start(): Promise<void>;
  /** SIGKILL: nothing of it runs after this. */
  kill(): Promise<void>;
  fail(fault: Fault): void;
  /** How many of the pull worker's appends have been committed without an answer. */
  unanswered(): number;
  /** A stop in good order. */
  stop(): Promise<void>;
};

/** Prepares a target on two free ports. */
export async function createTarget(dataFolder: string): Promise<Target> {
  const [apiPort, ingestPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    BURNLINE_DATA_DIR: dataFolder,
    BURNLINE_API_PORT: String(apiPort),
    BURNLINE_INGEST_PORT: String(ingestPort),
  };
  let child: ChildProcess | undefined;
  let unanswered = 0;

  async function ended(): Promise<void> {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  return {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    ingestUrl: `http://127.0.0.1:${ingestPort}`,
    async start() {
      const started = fork(new URL('target.ts', import.meta.url), { env });
      child = started;
      started.on('message', message => {
        if (message === 'unanswered') unanswered += 1;
      });
      const exit = once(started, 'exit').then(([code]) => {
        throw new Error(`The process under test ended with ${code} before it was ready`);
      });
      await Promise.race([once(started, 'message'), exit]);
      exit.catch(() => {});
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended();
    },
    unanswered: () => unanswered,
    fail(fault) {
      child?.send(fault);
    },
    async stop() {
      child?.send('stop');
      await ended();
    },
  };
}
