import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Difference } from './difference.ts';

/** Brings the files on disk to what is generated. Each is replaced whole: who reads it meanwhile sees the old or the new one. */
export function writeDifferences(root: string, differences: readonly Difference[]): void {
  for (const { path, is, text } of differences) {
    const file = join(root, path);
    if (is === 'left over' || text === undefined) {
      rmSync(file);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }
}
