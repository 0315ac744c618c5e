import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteErrors } from './errors.ts';

/** One step of a schema. Steps only ever add; a step that has landed is never edited. */
export type Migration = string;

/**
 * Opens a SQLite file the way every file of ours is opened: WAL, `synchronous=FULL` (a commit that was answered survives a
 * power cut, not only a kill), and all migrations applied. Throws `data_folder_newer` where the file knows more steps than we.
 *
 * @param options.synchronous `NORMAL` only for what can be made anew: it stays whole, and may lose its last commits to a power cut
 */
export function openDatabase(options: {
  path: string;
  migrations: readonly Migration[];
  synchronous?: 'FULL' | 'NORMAL';
}): DatabaseSync {
  mkdirSync(dirname(options.path), { recursive: true });
  const database = new DatabaseSync(options.path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${options.synchronous ?? 'FULL'};
    PRAGMA busy_timeout = 5000;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -16384;
  `);
  migrate(database, options);
  return database;
}

function migrate(
  database: DatabaseSync,
  { path, migrations }: { path: string; migrations: readonly Migration[] },
): void {
  const applied = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (applied > migrations.length) {
    database.close();
    const detail = `${path} is at schema ${applied}, and this version knows ${migrations.length}: run the version that wrote it, or name another folder in BURNLINE_DATA_DIR`;
    throw sqliteErrors.error('data_folder_newer', detail);
  }
  for (const [index, sql] of migrations.slice(applied).entries()) {
    inTransaction(database, () => database.exec(`${sql}; PRAGMA user_version = ${applied + index + 1}`));
  }
}

/** Runs `work` in one transaction: all of it is durable when this returns, none of it when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
