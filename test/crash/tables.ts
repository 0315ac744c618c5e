import { openBigQuery } from '../../records/bigquery/clients.ts';
import { sqlName, tableNames } from '../../records/bigquery/names.ts';
import { createQueries } from '../../records/bigquery/query.ts';
import { bigQueryEmulator } from '../emulators/settings.ts';
import type { StoredEvent } from './ledger.ts';

/** The platform's tables in BigQuery's emulator, looked into past the platform. */
export type Tables = {
  /** How many messages are an event or a dead letter. */
  countMessages(): Promise<number>;
  /** Which messages are a dead letter. */
  deadLettered(): Promise<Set<string>>;
  /** Each event by its message id, and how many rows there are beyond. */
  events(): Promise<{ events: Map<string, StoredEvent>; repeated: number }>;
};

/** Opens the tables of a project in the emulator that the environment names. */
export async function openTables({ projectId }: { projectId: string }): Promise<Tables> {
  const queries = createQueries(await openBigQuery({ projectId, emulator: bigQueryEmulator() }));
  const nameOf = (table: 'events' | 'deadLetters') => sqlName({ projectId, dataset: 'latam' }, tableNames[table]);
  return {
    async countMessages() {
      const sql = `SELECT COUNT(*) AS messages FROM (
        SELECT message_id FROM ${nameOf('events')} UNION DISTINCT SELECT message_id FROM ${nameOf('deadLetters')})`;
      return Number((await queries.all({ sql }))[0]?.messages);
    },
    async deadLettered() {
      const rows = await queries.all({ sql: `SELECT DISTINCT message_id FROM ${nameOf('deadLetters')}` });
      return new Set(rows.map(({ message_id }) => String(message_id)));
    },
    async events() {
      const columns = 'message_id, name, UNIX_MICROS(ordered_at) AS ordered_at';
      const rows = await queries.all({ sql: `SELECT ${columns} FROM ${nameOf('events')}` });
      const events = new Map(
        rows.map(({ message_id, name, ordered_at }) => [
          String(message_id),
          { name: String(name), orderedAt: Number(ordered_at) },
        ]),
      );
      return { events, repeated: rows.length - events.size };
    },
  };
}
