import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../base/testing.ts';
import type { StoredEvent } from './ledger.ts';
import { readDeadLetters, readRecords } from './read.ts';
import type { Scene, SceneOptions } from './scene.ts';
import type { Fault } from './target.ts';

const DRAIN_MS_MAX = 180_000;
const UNANSWERED_APPENDS_MIN = 1;
const UNANSWERED_MS_MAX = 30_000;
/** About 2,000 messages a second, so that a minute of outage is drained in one. */
const OUTAGE_REST_MS = 80;

/** The whole platform in one process (target.ts) on embedded stores, whose warehouse is told by IPC to fail. */
export async function createEmbedded({ folder, say, outageMs }: SceneOptions): Promise<Scene> {
  const [apiPort, ingestPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    BURNLINE_DATA_DIR: folder,
    BURNLINE_API_PORT: String(apiPort),
    BURNLINE_INGEST_PORT: String(ingestPort),
  };
  const ingestUrl = `http://127.0.0.1:${ingestPort}`;
  const target = {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    ingestUrl,
    topicUrl: `${ingestUrl}/v1/projects/local/topics/data-ingestion`,
  };
  let child: ChildProcess | undefined;
  // The pull worker's appends that were committed without an answer.
  let unanswered = 0;

  async function ended(): Promise<void> {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async function start(): Promise<void> {
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
  }

  function tell(message: Fault | 'stop'): void {
    child?.send(message);
  }

  return {
    target,
    restMs: { kills: 0, faults: OUTAGE_REST_MS },
    start,
    async kill() {
      child?.kill('SIGKILL');
      await ended();
      return '';
    },
    async fail() {
      tell('append_errors');
      say(`The warehouse answers errors for ${outageMs / 1000} s.`);
      await sleep(outageMs);
      tell('append_unanswered');
      say('Commits happen, and their answers never arrive.');
      const until = Date.now() + UNANSWERED_MS_MAX;
      while (unanswered < UNANSWERED_APPENDS_MIN && Date.now() < until) await sleep(10);
      tell('none');
    },
    met: () => ({ 'batches without an answer': unanswered }),
    rowsRefused: () => 0,
    async drain() {
      await waitUntilDrained(join(folder, 'topic.sqlite'));
      const readable = await readRecords(target);
      const deadLettered = await readDeadLetters(target);
      tell('stop');
      await ended();
      return { readable, deadLettered, ...readEvents(join(folder, 'warehouse.sqlite')) };
    },
    problems: () => (unanswered < UNANSWERED_APPENDS_MIN ? ['no batch went without an answer'] : []),
    async close() {
      child?.kill('SIGKILL');
      await ended();
    },
  };
}

/** Waits until nothing is left in the topic's file: no message waits, none is on lease. */
async function waitUntilDrained(topicPath: string): Promise<void> {
  const database = new DatabaseSync(topicPath, { readOnly: true });
  try {
    const count = database.prepare('SELECT count(*) AS messages FROM messages');
    const until = Date.now() + DRAIN_MS_MAX;
    for (let left = -1; left !== 0; left = Number(count.get()?.messages)) {
      if (Date.now() > until) throw new Error(`${left} messages are still in the topic after ${DRAIN_MS_MAX / 1000} s`);
      await sleep(100);
    }
  } finally {
    database.close();
  }
}

/** One topic gives ids in the order of publishing, so that they alone order the versions here. */
function readEvents(warehousePath: string): { events: Map<string, StoredEvent>; repeated: number } {
  const database = new DatabaseSync(warehousePath, { readOnly: true });
  const rows = database.prepare('SELECT message_id, name FROM record_events').all();
  database.close();
  const events = new Map(rows.map(row => [row.message_id as string, { name: row.name as string, orderedAt: 0 }]));
  return { events, repeated: rows.length - events.size };
}
