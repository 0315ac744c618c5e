import type { Migration } from '../../base/sqlite/database.ts';
import { newestTables } from '../sqlite/newest.ts';

/**
 * The replica's file: the newest versions, and in `replica` which table they come from, up to when its events are all here
 * (null until the first load is whole), when it was last compared with the table day by day, and whether the records of noted
 * erasures are still to be looked for.
 */
export const replicaMigrations: readonly Migration[] = [
  `${newestTables.records};
   ${newestTables.erasures};
   ${newestTables.lastApiWrite};
   CREATE TABLE replica (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     source TEXT NOT NULL,
     applied_to INTEGER,
     compared_at INTEGER NOT NULL DEFAULT 0
   ) STRICT`,
  'ALTER TABLE replica ADD COLUMN is_erasing INTEGER NOT NULL DEFAULT 0',
];
