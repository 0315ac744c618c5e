import { copyFile, rename, stat, utimes } from 'node:fs/promises';

/** Where a snapshot of the replica is kept, from which another process starts. */
export interface Snapshots {
  /** Copies the snapshot to a path. Resolves with false where there is none. */
  fetch(path: string): Promise<boolean>;
  /** Puts the file in the place of the snapshot there is, whole or not at all. */
  put(path: string): Promise<void>;
  /** When the snapshot was put, in milliseconds since the Unix epoch; undefined where there is none. */
  putAtMs(): Promise<number | undefined>;
}

/** A snapshot in a file. */
export function createFileSnapshots({ path: place }: { path: string }): Snapshots {
  return {
    async fetch(path) {
      return (await unlessMissing(copyFile(place, path).then(() => true))) ?? false;
    },
    async put(path) {
      const beside = `${place}.${process.pid}.part`;
      await copyFile(path, beside);
      const now = new Date();
      await utimes(beside, now, now);
      await rename(beside, place);
    },
    async putAtMs() {
      return (await unlessMissing(stat(place)))?.mtimeMs;
    },
  };
}

async function unlessMissing<Result>(doing: Promise<Result>): Promise<Result | undefined> {
  try {
    return await doing;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
