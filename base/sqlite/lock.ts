import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BurnlineError, messageOf } from '../errors.ts';
import { sqliteErrors } from './errors.ts';

/**
 * Takes a data folder for this process: each of its files has one writer. The lock is the operating system's, so it ends
 * with the process, however that ends. Throws `data_folder_in_use` where another has it, and `data_folder_unusable` where nothing can be
 * written there. Call the answer to give the folder back.
 */
export function lockFolder(folder: string): () => void {
  return lock(folder, join(folder, 'lock'));
}

/** Takes one file, in a folder whose other files may have other owners. Otherwise as `lockFolder`. */
export function lockFile(path: string): () => void {
  return lock(path, `${path}.lock`);
}

// The low byte of an extended code is the code itself: https://sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;

/** @param stem where the lock lies, and beside it who has it */
function lock(what: string, stem: string): () => void {
  const pidPath = `${stem}.pid`;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(stem), { recursive: true });
    database = new DatabaseSync(`${stem}.sqlite`);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    writeFileSync(pidPath, String(process.pid));
  } catch (error) {
    database?.close();
    throw isHeld(error) ? inUse(what, pidPath, error) : unusable(what, `${stem}.sqlite`, error);
  }
  const held = database;
  return () => held.close();
}

function isHeld(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  return code === BUSY || code === LOCKED;
}

function inUse(what: string, pidPath: string, cause: unknown): BurnlineError {
  const detail = `${what} is in use by process ${readPid(pidPath)}: stop that one, or name another folder in BURNLINE_DATA_DIR`;
  return sqliteErrors.error('data_folder_in_use', detail, { cause });
}

function unusable(what: string, path: string, cause: unknown): BurnlineError {
  const advice = 'see that it may be written and has room, or name another folder in BURNLINE_DATA_DIR';
  const detail = `${what} cannot be used, for ${path} cannot be locked (${messageOf(cause)}): ${advice}`;
  return sqliteErrors.error('data_folder_unusable', detail, { cause });
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unknown';
  }
}
