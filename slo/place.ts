import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';

/** Where something was written. */
export type Place = { file: string; line: number };

/** The place of the call to the function that calls this. */
export function placeOfCall(): Place {
  // Of this function, of the builder, of who called it.
  const site = getCallSites(3)[2];
  const file = site?.scriptName ?? '';
  return { file: file.startsWith('file:') ? fileURLToPath(file) : file, line: site?.lineNumber ?? 0 };
}
