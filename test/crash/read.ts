import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Target } from './scene.ts';

/** Every record as a reader sees them. */
export async function readRecords({ apiUrl }: Target): Promise<{ id: string; name: string }[]> {
  const answer = await get(`${apiUrl}/data`, 'application/x-ndjson');
  const lines = createInterface({ input: Readable.fromWeb(answer.body as never) });
  const records: { id: string; name: string }[] = [];
  for await (const line of lines) {
    const { id, name } = JSON.parse(line);
    records.push({ id, name });
  }
  return records;
}

/** The reasons of all dead letters, by their message ids. */
export async function readDeadLetters({ apiUrl }: Target): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  let cursor: string | null | undefined = '';
  do {
    const answer = await get(`${apiUrl}/dead-letters?limit=1000${cursor ? `&cursor=${cursor}` : ''}`);
    const page = (await answer.json()) as {
      deadLetters: { messageId: string; reason: string }[];
      nextCursor?: string | null;
    };
    for (const { messageId, reason } of page.deadLetters) reasons.set(messageId, reason);
    cursor = page.nextCursor;
  } while (cursor);
  return reasons;
}

async function get(url: string, accept = 'application/json'): Promise<Response> {
  const answer = await fetch(url, { headers: { accept } });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer;
}
