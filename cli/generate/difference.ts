import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Output } from '../../exports/outputs.ts';

/** What is wrong with one file on disk, against what is generated. */
export type Difference = { path: string; is: 'missing' | 'changed' | 'left over'; text?: string };

/** How the files on disk differ from those that are generated; none where all is fresh. */
export function differences(root: string, outputs: readonly Output[]): Difference[] {
  return outputs.flatMap(({ folder, files, owns }) => {
    const wanted = new Set(files.map(({ path }) => path));
    const folders = new Set(['.', ...files.map(({ path }) => dirname(path))]);
    const changed = files.flatMap(({ path, text }): Difference[] => {
      const present = read(join(root, folder, path));
      if (present === text) return [];
      return [{ path: join(folder, path), is: present === undefined ? 'missing' : 'changed', text }];
    });
    const leftOver = [...folders].flatMap(inner => filesIn(join(root, folder, inner)).map(name => join(inner, name)));
    const owned = leftOver.filter(path => !wanted.has(path) && owns(path, read(join(root, folder, path)) ?? ''));
    return [...changed, ...owned.map((path): Difference => ({ path: join(folder, path), is: 'left over' }))];
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.isFile() ? [entry.name] : []));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
