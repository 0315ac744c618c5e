import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './child.ts';

/** Every record as a reader sees them. */
export async function readRecords({ apiUrl }: Target): Promise<{ id: string; name: string }[]> {
  const answer = await fetch(`${apiUrl}/data`, { headers: { accept: 'application/x-ndjson' } });
  const lines = createInterface({ input: Readable.fromWeb(answer.body as never) });
  const records: { id: string; name: string }[] = [];
  for await (const line of lines) {
    const { id, name } = JSON.parse(line);
    records.push({ id, name });
  }
  return records;
}

/** The message ids of all dead letters. */
export async function readDeadLetters({ apiUrl }: Target): Promise<Set<string>> {
  const messageIds = new Set<string>();
  let cursor: string | null | undefined = '';
  do {
    const answer: Response = await fetch(`${apiUrl}/dead-letters?limit=1000${cursor ? `&cursor=${cursor}` : ''}`);
    const page = (await answer.json()) as { deadLetters: { messageId: string }[]; nextCursor?: string | null };
    for (const { messageId } of page.deadLetters) messageIds.add(messageId);
    cursor = page.nextCursor;
  } while (cursor);
  return messageIds;
}

/** Waits until nothing is left in the topic's file: no message waits, none is on lease. */
export async function waitUntilDrained(topicPath: string, timeoutMs: number): Promise<void> {
  const database = new DatabaseSync(topicPath, { readOnly: true });
  try {
    const count = database.prepare('SELECT count(*) AS messages FROM messages');
    const until = Date.now() + timeoutMs;
    for (let left = -1; left !== 0; left = Number(count.get()?.messages)) {
      if (Date.now() > until) throw new Error(`${left} messages are still in the topic after ${timeoutMs / 1000} s`);
      await sleep(100);
    }
  } finally {
    database.close();
  }
}

/** The name in each event row by its message id, and how many rows redelivery repeated: no reader sees those. */
export function readEvents(warehousePath: string): { names: Map<string, string>; repeated: number } {
  const database = new DatabaseSync(warehousePath, { readOnly: true });
  const rows = database.prepare('SELECT message_id, name FROM record_events').all();
  database.close();
  const names = new Map(rows.map(row => [row.message_id as string, row.name as string]));
  return { names, repeated: rows.length - names.size };
}
