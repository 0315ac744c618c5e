import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { specErrors } from '../errors.ts';

const SPEC = /\.slo\.(ts|js|mjs)$/;
const SKIPPED = new Set(['node_modules', 'dist']);

/** What `package.json` says under `burnline`: where specs are, and what they generate. */
export type Config = { specs?: readonly string[]; outputs?: readonly string[] };

/** The configuration in a folder's `package.json`; nothing where there is none. Throws where it cannot be read as such. */
export function readConfig(root: string): Config {
  const file = join(root, 'package.json');
  if (!statSync(file, { throwIfNoEntry: false })) return {};
  let config: unknown;
  try {
    config = (JSON.parse(readFileSync(file, 'utf8')) as { burnline?: unknown }).burnline ?? {};
  } catch (error) {
    const detail = `package.json cannot be read: ${(error as Error).message}`;
    throw specErrors.error('specs_unloadable', detail, { cause: error });
  }
  const { specs, outputs } = config as Config;
  for (const [key, value] of Object.entries({ specs, outputs })) {
    if (value === undefined || (Array.isArray(value) && value.every(item => typeof item === 'string'))) continue;
    const detail = `"burnline": { "${key}": … } in package.json must be an array of texts, not ${JSON.stringify(value)}`;
    throw specErrors.error('specs_unloadable', detail);
  }
  return config as Config;
}

/**
 * The spec files below a folder, in the order of their paths: `*.slo.ts` outside node_modules, dist and dot folders. Throws
 * `specs_missing` where there is none, or a named one is not there.
 *
 * @param named files or folders instead of those that `package.json` names, or of all
 */
export function findSpecFiles(root: string, named: readonly string[] = []): string[] {
  const places = named.length > 0 ? named : (readConfig(root).specs ?? ['.']);
  const missing = places.filter(place => !statSync(resolve(root, place), { throwIfNoEntry: false }));
  if (missing.length > 0) {
    throw specErrors.error(
      'specs_missing',
      missing.map(place => `${place} is not there (looked in ${root})`).join('\n'),
    );
  }
  const files = places.map(place => resolve(root, place)).flatMap(path => (isFolder(path) ? walk(path) : [path]));
  if (files.length > 0) return [...new Set(files)];
  const looked = places.map(place => relative(root, resolve(root, place)) || 'this folder').join(', ');
  const detail = `no *.slo.ts file is in ${looked}: write one, or let burnline init write the first`;
  throw specErrors.error('specs_missing', detail);
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : walk(path);
    return SPEC.test(entry.name) ? [path] : [];
  });
}
