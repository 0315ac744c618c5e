import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteErrors } from './errors.ts';

/**
 * Takes a data folder for this process: each of its files has one writer. The lock is the operating system's, so it ends
 * with the process, however that ends. Throws `data_folder_in_use`. Call the answer to give the folder back.
 */
export function lockFolder(folder: string): () => void {
  return lock(folder, join(folder, 'lock'));
}

/** Takes one file, in a folder whose other files may have other owners. Otherwise as `lockFolder`. */
export function lockFile(path: string): () => void {
  return lock(path, `${path}.lock`);
}

/** @param stem where the lock lies, and beside it who has it */
function lock(what: string, stem: string): () => void {
  mkdirSync(dirname(stem), { recursive: true });
  const pidPath = `${stem}.pid`;
  const database = new DatabaseSync(`${stem}.sqlite`);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const detail = `${what} is in use by process ${readPid(pidPath)}: stop that one, or name another folder in BURNLINE_DATA_DIR`;
    throw sqliteErrors.error('data_folder_in_use', detail, { cause: error });
  }
  writeFileSync(pidPath, String(process.pid));
  return () => database.close();
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unknown';
  }
}
