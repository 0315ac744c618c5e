import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../base/errors.ts';
import type { Place } from '../place.ts';

const CHECK_MS_MAX = 10_000;
// The toolkit itself, as it is or bundled: the line of a builder that throws is no place of a user's.
const OURS = ['slo', 'base'].map(folder => join(findPackageJSON('.', import.meta.url) ?? '', '..', folder, '/'));

/** Why a spec file did not load: where, and one sentence. */
export function describeFailure(error: unknown, file: string): { place: Place; message: string } {
  const message = messageOf(error).trim().split('\n')[0] ?? '';
  const [, from] = / imported from (\S.*)$/.exec(message) ?? [];
  if (from !== undefined) return missingImport(message, toPath(from));
  const place = placeOf(error, file) ?? placeByCheck(error, file) ?? { file, line: 1 };
  if ((error as { code?: string } | null)?.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return { place, message: `only types can be stripped, and this is more (enum, namespace, …): ${message}` };
  }
  return { place, message };
}

/** The first place of the stack that is the spec's, or a user's at all. A syntax error has its own on top. */
function placeOf(error: unknown, file: string): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = placesIn(stack);
  return (
    places.find(place => place.file === file) ??
    places.find(place => place.file.includes('.slo.')) ??
    places.find(place => !OURS.some(folder => place.file.startsWith(folder)))
  );
}

function placesIn(stack: string): Place[] {
  const found = stack.matchAll(/(?:^|\(|at (?:async )?)((?:file:\/\/)?\/[^()\n]+?):(\d+)(?::\d+)?\)?$/gm);
  return [...found].map(([, path = '', line]) => ({ file: toPath(path), line: Number(line) }));
}

/** Node tells the line of some syntax errors only where nobody catches them. Nothing runs: what has one is never evaluated. */
function placeByCheck(error: unknown, file: string): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const options = { encoding: 'utf8', timeout: CHECK_MS_MAX } as const;
  const { stderr } = spawnSync(process.execPath, ['--no-warnings', file], options);
  return stderr.includes(error.message) ? placesIn(stderr)[0] : undefined;
}

/** Node names the file that imports and what it looked for, and no line. */
function missingImport(message: string, from: string): { place: Place; message: string } {
  const [, wanted = ''] = /['"]([^'"]+)['"]/.exec(message) ?? [];
  const text = existsSync(from) ? readFileSync(from, 'utf8') : '';
  const imports = [...text.matchAll(/\b(?:from|import)\s*\(?\s*(['"])(.+?)\1/g)];
  const found = imports.find(([, , specifier = '']) => isFor(wanted, specifier, from));
  const line = text.slice(0, found?.index ?? 0).split('\n').length;
  const specifier = found?.[2] ?? wanted;
  return {
    place: { file: from, line },
    message: `cannot find ${JSON.stringify(specifier)}: ${whatToDo(wanted, specifier)}`,
  };
}

/** Whether an import is the one that Node speaks of: by a file's path, a package's name, or what a package exports. */
function isFor(wanted: string, specifier: string, from: string): boolean {
  if (wanted.startsWith('./')) return specifier.endsWith(wanted.slice(1));
  return specifier === wanted || specifier.startsWith(`${wanted}/`) || resolve(dirname(from), specifier) === wanted;
}

function whatToDo(wanted: string, specifier: string): string {
  if (wanted.startsWith('./')) return 'the package exports nothing by that name';
  if (!/^[./]/.test(specifier)) return 'install the package, or correct its name';
  const [ending] = ['.ts', '.js', '/index.ts', '/index.js'].filter(each => existsSync(wanted + each));
  return ending === undefined
    ? 'there is no such file'
    : `write ${JSON.stringify(specifier + ending)}, for Node adds no endings`;
}

function toPath(text: string): string {
  return text.startsWith('file:') ? fileURLToPath(text) : text;
}
