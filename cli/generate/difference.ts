import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Output } from '../../exports/outputs.ts';

/** What is wrong with one file on disk, against what is generated. */
export type Difference = { path: string; is: 'missing' | 'changed' | 'left over'; text?: string };

/** How many files are generated, and how those on disk differ from them: not at all where all is fresh. */
export function compareFiles(root: string, outputs: Iterable<Output>): { count: number; differences: Difference[] } {
  let count = 0;
  const differences: Difference[] = [];
  for (const { folder, files, owns } of outputs) {
    const wanted = new Set<string>();
    for (const { path, text } of files) {
      wanted.add(path);
      const present = read(join(root, folder, path));
      if (present === text) continue;
      differences.push({ path: join(folder, path), is: present === undefined ? 'missing' : 'changed', text });
    }
    const folders = new Set(['.', ...[...wanted].map(path => dirname(path))]);
    const all = [...folders].flatMap(inner => filesIn(join(root, folder, inner)).map(name => join(inner, name)));
    const owned = all.filter(path => !wanted.has(path) && owns(path, read(join(root, folder, path)) ?? ''));
    differences.push(...owned.map((path): Difference => ({ path: join(folder, path), is: 'left over' })));
    count += wanted.size;
  }
  return { count, differences };
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
