import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { specErrors } from '../errors.ts';
import type { Place } from '../place.ts';
import { isService, type ServiceSpec } from '../service.ts';
import { describeFailure } from './failure.ts';
import { findSpecFiles } from './find.ts';

type Trouble = { kind: 'specs_unloadable' | 'specs_refused'; place: Place; message: string };

/**
 * The services of all spec files, in the order of files and exports. Throws with every trouble of every file: `specs_missing`,
 * `specs_unloadable` where some do not load, else `specs_refused` where some export is no service or an id stands twice.
 *
 * @param options.files files or folders instead of those that `package.json` names
 */
export async function loadSpecs({ root, files }: { root: string; files?: readonly string[] }): Promise<ServiceSpec[]> {
  const paths = findSpecFiles(root, files);
  const loaded = await Promise.all(paths.map(loadFile));
  const specs = [...new Set(loaded.flatMap(({ specs: own }) => own))];
  const troubles = [...loaded.flatMap(({ troubles: own }) => own), ...duplicates(specs)];
  if (troubles.length === 0) return specs;
  const kind = troubles.some(trouble => trouble.kind === 'specs_unloadable') ? 'specs_unloadable' : 'specs_refused';
  const sentences = troubles.map(({ place, message }) => `${relative(root, place.file)}:${place.line}: ${message}`);
  throw specErrors.error(kind, sentences.join('\n'));
}

async function loadFile(path: string): Promise<{ specs: ServiceSpec[]; troubles: Trouble[] }> {
  let exported: Record<string, unknown>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    return { specs: [], troubles: [{ kind: 'specs_unloadable', ...describeFailure(error, path) }] };
  }
  const read = Object.entries(exported).map(([name, value]) => readExport(path, name, value));
  const troubles = read.flatMap(result => (Array.isArray(result) ? [] : [result]));
  if (read.length === 0) troubles.push(refused(path, 'exports nothing: export a service'));
  return { specs: read.flatMap(result => (Array.isArray(result) ? result : [])), troubles };
}

function readExport(path: string, name: string, value: unknown): ServiceSpec[] | Trouble {
  if (name === 'default') {
    return refused(path, 'has a default export: export each service by a name', /^\s*export\s+default\b/);
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.every(isService)) return list;
  return refused(
    path,
    `exports ${name}, which is no service and no array of services: keep it to the file, or wrap it in service()`,
    new RegExp(`^\\s*export\\b.*\\b${name}\\b`),
  );
}

/** @param at how the line of the export begins */
function refused(file: string, message: string, at?: RegExp): Trouble {
  const lines = at === undefined ? [] : readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex(line => at?.test(line));
  return { kind: 'specs_refused', place: { file, line: index + 1 || 1 }, message };
}

/** Two services of one id would overwrite each other. */
function duplicates(specs: readonly ServiceSpec[]): Trouble[] {
  const first = new Map<string, ServiceSpec>();
  return specs.flatMap((spec): Trouble[] => {
    const other = first.get(spec.id);
    first.set(spec.id, other ?? spec);
    if (!other) return [];
    const message = `the id ${JSON.stringify(spec.id)} is taken by ${other.definedAt.file}:${other.definedAt.line}: give one of them another`;
    return [{ kind: 'specs_refused', place: spec.definedAt, message }];
  });
}
