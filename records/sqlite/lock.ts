import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { recordErrors } from '../errors.ts';

/**
 * Takes a data folder for this process: each of its files has one writer. The lock is the operating system's, so it ends
 * with the process, however that ends. Throws `data_folder_in_use`. Call the answer to give the folder back.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const pidPath = join(folder, 'lock.pid');
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const detail = `${folder} is in use by process ${readPid(pidPath)}: stop that one, or name another folder in BURNLINE_DATA_DIR`;
    throw recordErrors.error('data_folder_in_use', detail, { cause: error });
  }
  writeFileSync(pidPath, String(process.pid));
  return () => lock.close();
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unknown';
  }
}
