import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from '../../base/sqlite/database.ts';
import type { Column } from '../columns.ts';
import { newestTables } from './newest.ts';

/**
 * The warehouse file. `record_events` keeps every accepted version; `records` is the view of the newest ones, kept as a table
 * in the append's own transaction (a window function over a million rows takes 786 ms a page, this 0.02 ms). Both get the
 * record's own columns from its schema by `addRecordColumns`.
 */
export const warehouseMigrations: readonly Migration[] = [
  `CREATE TABLE record_events (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     ordered_at INTEGER NOT NULL,
     message_id TEXT NOT NULL,
     appended_at INTEGER NOT NULL,
     source TEXT NOT NULL,
     traceparent TEXT
   ) STRICT;
   ${newestTables.records};
   CREATE TABLE dead_letters (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     message_id TEXT NOT NULL UNIQUE,
     reason TEXT NOT NULL,
     detail TEXT NOT NULL,
     data BLOB NOT NULL,
     attributes TEXT NOT NULL,
     published_at INTEGER NOT NULL,
     refused_at INTEGER NOT NULL,
     record_id TEXT,
     replayed_at INTEGER
   ) STRICT;
   CREATE INDEX dead_letters_waiting ON dead_letters (seq) WHERE replayed_at IS NULL;
   CREATE INDEX dead_letters_by_record ON dead_letters (record_id) WHERE record_id IS NOT NULL;
   ${newestTables.erasures};
   ${newestTables.lastApiWrite}`,
  // The ids of the records that a dead letter became: each replay may correct it to another one.
  `CREATE TABLE dead_letter_replays (
     record_id TEXT NOT NULL,
     seq INTEGER NOT NULL REFERENCES dead_letters ON DELETE CASCADE,
     PRIMARY KEY (record_id, seq)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX dead_letter_replays_by_letter ON dead_letter_replays (seq)`,
];

const SQL_TYPES: Readonly<Record<Column['kind'], string>> = {
  text: 'TEXT',
  timestamp: 'TEXT',
  number: 'REAL',
  json: 'TEXT',
};

/** Adds to tables the columns of the record's schema that they do not have yet: rows written before hold null there. */
export function addRecordColumns(
  database: DatabaseSync,
  columns: readonly Column[],
  tables: readonly string[] = ['record_events', 'records'],
): void {
  for (const table of tables) {
    const present = new Set(
      database
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map(row => row.name),
    );
    for (const { name, kind } of columns.filter(column => !present.has(column.name))) {
      database.exec(`ALTER TABLE ${table} ADD COLUMN "${name}" ${SQL_TYPES[kind]}`);
    }
  }
}
