import { readFileSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { specErrors } from '../errors.ts';
import type { Place } from '../place.ts';
import { isService, type ServiceSpec } from '../service.ts';
import { asModules } from './as-modules.ts';
import { findSpecFiles } from './find.ts';

type Trouble = { code: 'specs_unloadable' | 'specs_refused'; place: Place; message: string };

/**
 * The services of all spec files, in the order of files and exports. Throws with every trouble of every file, each a problem whose
 * field is `file:line`: `specs_missing`, `specs_unloadable` where some do not load, else `specs_refused` where some export is no
 * service or an id stands twice.
 *
 * @param options.files files or folders instead of those that `package.json` names
 */
export async function loadSpecs({ root, files }: { root: string; files?: readonly string[] }): Promise<ServiceSpec[]> {
  const paths = findSpecFiles(root, files);
  const found = paths.map(path => ({ path, url: pathToFileURL(realpathSync.native(path)) }));
  const urls = found.map(({ url }) => url.href);
  const loaded = await asModules(urls, () => Promise.all(found.map(loadFile)));
  const specs = [...new Set(loaded.flatMap(({ specs: own }) => own))];
  const troubles = [...loaded.flatMap(({ troubles: own }) => own), ...duplicates(specs, root)];
  if (troubles.length === 0) return specs;
  const code = troubles.some(trouble => trouble.code === 'specs_unloadable') ? 'specs_unloadable' : 'specs_refused';
  const told = troubles.map(({ place, message }) => [`${relative(root, place.file)}:${place.line}`, message] as const);
  // A file that does not load is told once, whoever imports it.
  const problems = [...new Map(told.map(([field, rule]) => [`${field}: ${rule}`, { field, rule }])).values()];
  throw specErrors.error(code, problems.map(({ field, rule }) => `${field}: ${rule}`).join('\n'), { problems });
}

type Loaded = { specs: ServiceSpec[]; troubles: Trouble[] };

async function loadFile({ path, url }: { path: string; url: URL }): Promise<Loaded> {
  let exported: Record<string, unknown>;
  try {
    exported = await import(String(url));
  } catch (error) {
    const { describeFailure } = await import('./failure.ts');
    return { specs: [], troubles: [{ code: 'specs_unloadable', ...describeFailure(error, path) }] };
  }
  const read = Object.entries(exported).map(([name, value]) => readExport(path, name, value));
  const troubles = read.flatMap(result => (Array.isArray(result) ? [] : [result]));
  if (read.length === 0) troubles.push(refused({ file: path, line: 1 }, 'exports nothing: export a service'));
  return { specs: read.flatMap(result => (Array.isArray(result) ? result : [])), troubles };
}

function readExport(file: string, name: string, value: unknown): ServiceSpec[] | Trouble {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (name !== 'default' && list.every(isService)) return list;
  const place = { file, line: lineOfExport(readFileSync(file, 'utf8'), name) };
  if (name === 'default') return refused(place, 'has a default export: export each service by a name');
  const what = 'which is no service and no array of services: keep it to the file, or wrap it in service()';
  return refused(place, `exports ${name}, ${what}`);
}

/** The line in which a name is exported, by itself or in a list of several lines; the first where it comes from another file. */
function lineOfExport(text: string, name: string): number {
  const found = new RegExp(`^[ \\t]*export\\b[^;=]*?\\b${RegExp.escape(name)}\\b`, 'm').exec(text);
  return found === null ? 1 : text.slice(0, found.index + found[0].length).split('\n').length;
}

function refused(place: Place, message: string): Trouble {
  return { code: 'specs_refused', place, message };
}

/** Two services of one id would overwrite each other. */
function duplicates(specs: readonly ServiceSpec[], root: string): Trouble[] {
  const first = new Map<string, Place>();
  return specs.flatMap(({ id, definedAt }) => {
    const other = first.get(id);
    first.set(id, other ?? definedAt);
    if (other === undefined) return [];
    const taken = `the id ${JSON.stringify(id)} is taken by ${relative(root, other.file)}:${other.line}`;
    return [refused(definedAt, `${taken}: give one of them another`)];
  });
}
