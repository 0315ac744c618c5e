import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { BurnlineError } from '../../base/errors.ts';
import { findSpecFiles, readConfig } from '../../slo/spec-files/find.ts';
import { cliErrors } from '../errors.ts';

/**
 * The folder, below `root`, in which a new spec is found: the first that package.json names, else `slo`. Throws
 * `spec_folder_missing` where it names files alone.
 */
export function specFolder(root: string): string {
  const { specs = ['slo'] } = readConfig(root);
  const folder = specs.find(place => !/\.m?[jt]s$/.test(place));
  if (folder !== undefined) return relative(root, resolve(root, folder));
  const named = specs.length === 0 ? 'nothing' : 'files alone';
  const detail = `"burnline": { "specs": [...] } in package.json names ${named}, so that a new one would not be found: add a folder to it`;
  throw cliErrors.error('spec_folder_missing', detail);
}

/** Throws `service_there` where a spec other than the one at `path`, which is kept, has a service with that id already. */
export function refuseTaken(root: string, service: string, path: string): void {
  // By its text: before burnline is installed no spec loads.
  const call = new RegExp(`\\bservice\\(\\s*(['"\`])${RegExp.escape(service)}\\1`);
  const others = specFilesOf(root).filter(file => file !== resolve(root, path));
  const file = others.find(other => call.test(readFileSync(other, 'utf8')));
  if (file === undefined) return;
  const detail = `the service "${service}" is in ${relative(root, file)} already, and nothing was written: name another with --service`;
  throw cliErrors.error('service_there', detail);
}

function specFilesOf(root: string): string[] {
  try {
    return findSpecFiles(root);
  } catch (error) {
    if (error instanceof BurnlineError && error.code === 'specs_missing') return [];
    throw error;
  }
}
