import type { DatabaseSync } from 'node:sqlite';
import type { Micros } from '../../base/time.ts';
import { digestOf, type Erasure } from '../erasures.ts';
import type { RecordEvent } from '../warehouse.ts';
import { recordColumnList, toColumnValues } from './rows.ts';

/** The tables that hold what readers see: the newest versions, and which ids were erased. */
export const newestTables = {
  records: `CREATE TABLE records (
     id TEXT PRIMARY KEY NOT NULL,
     ordered_at INTEGER NOT NULL,
     message_id TEXT NOT NULL,
     traceparent TEXT
   ) STRICT`,
  erasures: 'CREATE TABLE erasures (id_sha256 BLOB PRIMARY KEY NOT NULL, erased_at INTEGER NOT NULL) STRICT',
  /** Read by nothing any more: a step of a schema that has landed stays. */
  lastApiWrite: `CREATE TABLE last_api_write (one INTEGER PRIMARY KEY CHECK (one = 1), ordered_at INTEGER NOT NULL) STRICT;
   INSERT INTO last_api_write VALUES (1, 0)`,
} as const;

/** The newest versions as tables, kept in the transaction of whoever calls. */
export type NewestVersions = {
  /** Whether what is ordered then has been erased since: accepted, so that it does not come for ever, and not stored. */
  isErased(id: string, orderedAt: Micros): boolean;
  /** Makes the event the newest version of its id, where it is newer than what there is. */
  keep(event: RecordEvent): void;
  /** Remembers an erasure. Answers whether it was not known yet. */
  noteErasure(erasure: Erasure): boolean;
  /** Removes the id's newest version, where the erasure covers it. */
  remove(id: string, erasedAt: Micros): void;
  /** When the last that is known of an id is ordered, its newest version or its erasure; 0 where nothing is. */
  lastOrder(id: string): Micros;
};

/** Prepares the statements over `newestTables`. */
export function createNewestVersions(database: DatabaseSync): NewestVersions {
  const columns = `ordered_at, message_id, traceparent, ${recordColumnList}`;
  const assignments = columns
    .split(', ')
    .map(column => `${column} = excluded.${column}`)
    .join(', ');
  const upsert = database.prepare(`
    INSERT INTO records (${columns}) VALUES (?, ?, ?, ${columnPlaceholders})
    ON CONFLICT (id) DO UPDATE SET ${assignments}
    WHERE (excluded.ordered_at, length(excluded.message_id), excluded.message_id)
        > (records.ordered_at, length(records.message_id), records.message_id)`);
  const findErasure = database.prepare('SELECT erased_at FROM erasures WHERE id_sha256 = ?');
  const countErasures = database.prepare('SELECT count(*) AS erasures FROM erasures');
  const insertErasure = database.prepare(`
    INSERT INTO erasures VALUES (?, ?)
    ON CONFLICT (id_sha256) DO UPDATE SET erased_at = excluded.erased_at WHERE excluded.erased_at > erased_at`);
  const remove = database.prepare('DELETE FROM records WHERE id = ? AND ordered_at <= ?');
  const findOrder = database.prepare('SELECT ordered_at FROM records WHERE id = ?');

  let hasErasures = Number(countErasures.get()?.erasures) > 0;
  const erasedAt = (id: string) =>
    (hasErasures ? findErasure.get(digestOf(id))?.erased_at : undefined) as Micros | undefined;

  return {
    isErased: (id, orderedAt) => orderedAt <= (erasedAt(id) ?? Number.NEGATIVE_INFINITY),
    keep({ record, version, traceparent = null as unknown as string }) {
      upsert.run(version.orderedAt, version.messageId, traceparent, ...toColumnValues(record));
    },
    noteErasure({ idSha256, erasedAt }) {
      hasErasures = true;
      return Number(insertErasure.run(idSha256, erasedAt).changes) > 0;
    },
    remove(id, erasedAt) {
      remove.run(id, erasedAt);
    },
    lastOrder: id => Math.max(erasedAt(id) ?? 0, Number(findOrder.get(id)?.ordered_at ?? 0)),
  };
}

/** A placeholder for each column of `recordColumnList`. */
export const columnPlaceholders = recordColumnList.replaceAll(/"[^"]+"/g, '?');
