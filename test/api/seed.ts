import type { Platform } from '../platform-process.ts';

const RECORDS = 20;
const brokenMessages = [
  '{"id":',
  '{"name":"no id"}',
  '{"id":"x","name":7}',
  '{"id":"x","name":"n","timestamp":"0001-01-01T00:00:00Z"}',
];

/** Puts in some records and dead letters, so that lists, cursors and replay have something to work on. */
export async function seed({ api, ingest }: Platform, headers: Record<string, string>): Promise<void> {
  for (let number = 1; number <= RECORDS; number += 1) {
    await post(`${api}/records`, { id: `seed-${number}`, name: `Seed ${number}`, value: number / 2 }, headers);
  }
  for (const [index, text] of brokenMessages.entries()) {
    const message = { data: Buffer.from(text).toString('base64'), messageId: `broken-${index}` };
    await post(`${ingest}/`, { message, subscription: 'projects/local/subscriptions/data-ingestion-subscription' });
  }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${url} was answered ${answer.status}: ${await answer.text()}`);
}
