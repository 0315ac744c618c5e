import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
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
    const place = join(root, folder);
    for (const { path, text } of files) {
      wanted.add(path);
      const is = compare(`${place}/${path}`, text);
      if (is !== 'same') differences.push({ path: join(folder, path), is, text });
    }
    const folders = new Set(['.', ...[...wanted].map(path => dirname(path))]);
    const all = [...folders].flatMap(inner => filesIn(join(root, folder, inner)).map(name => join(inner, name)));
    const owned = all.filter(path => !wanted.has(path) && owns(path, read(join(root, folder, path)) ?? ''));
    differences.push(...owned.map((path): Difference => ({ path: join(folder, path), is: 'left over' })));
    count += wanted.size;
  }
  return { count, differences };
}

// Of each file and of what it should hold, in turn: the texts of many large files would be much to collect.
let memory = Buffer.allocUnsafe(0);

function compare(path: string, text: string): 'same' | 'missing' | 'changed' {
  // No character takes more than three bytes, and one more shows that a file is longer.
  const half = 3 * text.length + 1;
  if (memory.length < 2 * half) memory = Buffer.allocUnsafe(2 * half);
  const present = readInto(memory.subarray(half), path);
  if (present === undefined) return 'missing';
  const wanted = memory.subarray(0, memory.write(text));
  return wanted.equals(present) ? 'same' : 'changed';
}

function readInto(buffer: Buffer, path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
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
