import { posix } from 'node:path';
import type { Source } from './source.ts';

/** Which folder may import which: a folder, a folder within one, or a single file. The table of the folders, for code to read. */
export const importTable: Readonly<Record<string, 'everything' | readonly string[]>> = {
  base: [],
  records: ['base'],
  telemetry: ['base'],
  ingest: ['base', 'records', 'telemetry'],
  app: ['base', 'records', 'telemetry'],
  prober: ['base', 'records', 'telemetry'],
  slo: ['base'],
  'slo/services': ['slo', 'telemetry/signals.ts'],
  alerts: ['base', 'slo'],
  dashboards: ['base', 'slo'],
  exports: ['base', 'slo', 'alerts', 'dashboards'],
  monitoring: ['base', 'slo'],
  backtest: ['base', 'slo', 'alerts', 'monitoring/evaluate'],
  'load-tests': [],
  terraform: [],
  cli: 'everything',
  test: 'everything',
  bench: 'everything',
  docs: [],
  '.github': [],
};

/** The row of the table that a path belongs to: the longest that fits. */
export function folderOf(path: string): string | undefined {
  return Object.keys(importTable)
    .filter(folder => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** What a file imports against the table, one sentence each. */
export function refusedImports(file: string, imports: Source['imports']): string[] {
  const folder = folderOf(file);
  const isTest = /\.(test|contract)\.ts$/.test(file);
  // k6 runs the load tests as they are, and finds neither our files nor packages; its tests run on Node.
  if (folder === 'load-tests' && !isTest) {
    const foreign = imports.filter(
      ({ specifier }) => !/^k6(\/|$)/.test(specifier) && !isWithin(folder, file, specifier),
    );
    return foreign.map(({ specifier, line }) => `${file}:${line} imports ${specifier}: k6 resolves nothing but k6`);
  }
  const allowed = isTest || folder === undefined ? 'everything' : (importTable[folder] ?? []);
  if (allowed === 'everything') return [];
  return imports
    .map(({ specifier, line }) => ({ target: resolve(file, specifier), line }))
    .filter(({ target }) => target !== undefined && folderOf(target) !== folder && !isAllowed(target, allowed))
    .map(
      ({ target, line }) =>
        `${file}:${line} imports ${target}: ${folder} may import ${allowed.join(', ') || 'nothing of ours'}`,
    );
}

function isAllowed(target: string, allowed: readonly string[]): boolean {
  const folder = folderOf(target);
  return allowed.some(
    entry => entry === folder || entry === target || (!(entry in importTable) && target.startsWith(`${entry}/`)),
  );
}

function isWithin(folder: string, file: string, specifier: string): boolean {
  return resolve(file, specifier)?.startsWith(`${folder}/`) ?? false;
}

/** A path from the root for what is ours, `undefined` for a package. */
function resolve(file: string, specifier: string): string | undefined {
  // Specs import the toolkit by the package's own name, as a user's do.
  if (specifier === 'burnline') return 'slo/index.ts';
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
}
