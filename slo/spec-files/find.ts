import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { specErrors } from '../errors.ts';

const SPEC = /\.slo\.(ts|js|mjs)$/;
const SKIPPED = new Set(['node_modules', 'dist']);

/** The key of `package.json` that says where specs are and what they generate. */
export type Config = { specs?: readonly string[]; outputs?: readonly string[] };

/** What `package.json` says under `burnline`; nothing where it is not there. */
export function readConfig(root: string): Config {
  const file = join(root, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { burnline?: Config }).burnline ?? {};
  } catch (error) {
    throw specErrors.error('specs_unloadable', `package.json is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * The spec files below a folder, in the order of their paths: `*.slo.ts` outside node_modules, dist and dot folders. Throws where
 * there is none, or a named one is not there.
 *
 * @param named files or folders instead of those that `package.json` names, or of all
 */
export function findSpecFiles(root: string, named: readonly string[] = []): string[] {
  const places = named.length > 0 ? named : (readConfig(root).specs ?? ['.']);
  const files = places.flatMap(place => {
    const path = join(root, place);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw specErrors.error('specs_missing', `${place} is not there (looked in ${root})`);
    return stats.isDirectory() ? walk(path) : [path];
  });
  if (files.length > 0) return [...new Set(files)];
  const looked = places.map(place => relative(root, join(root, place)) || '.').join(', ');
  throw specErrors.error(
    'specs_missing',
    `no *.slo.ts file is in ${looked}: write one, or let burnline init write the first`,
  );
}

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : walk(path);
    return SPEC.test(entry.name) ? [path] : [];
  });
}
