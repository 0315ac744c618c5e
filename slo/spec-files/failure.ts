import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../base/errors.ts';
import type { Place } from '../place.ts';

/** Why a spec file did not load: where, and one sentence. */
export function describeFailure(error: unknown, file: string): { place: Place; message: string } {
  const { code } = error as { code?: string };
  if (code === 'ERR_MODULE_NOT_FOUND') return missingImport(error, file);
  const place = placeIn(error) ?? { file, line: 1 };
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return {
      place,
      message: `only types can be stripped, and this is more (enum, namespace, parameter property): ${firstLine(error)}`,
    };
  }
  return { place, message: firstLine(error) };
}

function firstLine(error: unknown): string {
  return messageOf(error).trim().split('\n')[0] ?? '';
}

/** Node names the file that imports and what it looked for, and no line. */
function missingImport(error: unknown, file: string): { place: Place; message: string } {
  const text = messageOf(error);
  const [, wanted = '', importer] = /Cannot find (?:module|package) '([^']+)'(?: imported from (.+))?/.exec(text) ?? [];
  const from = importer?.startsWith('file:') ? fileURLToPath(importer) : (importer ?? file);
  const lines = existsSync(from) ? readFileSync(from, 'utf8').split('\n') : [];
  const last = wanted.split('/').at(-1) ?? wanted;
  const line = lines.findIndex(each => /\bfrom\b|\bimport\b/.test(each) && each.includes(last)) + 1;
  const specifier = /['"]([^'"]+)['"]/.exec(lines[line - 1] ?? '')?.[1] ?? wanted;
  return {
    place: { file: from, line: Math.max(1, line) },
    message: `cannot find ${JSON.stringify(specifier)}, which it imports`,
  };
}

/** The first place of the stack that is a file of a user: a syntax error has it on top, a thrown one among the calls. */
function placeIn(error: unknown): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = [...stack.matchAll(/(file:\/\/[^\s)]+?|\/[^\s():]+?):(\d+)(?::\d+)?(?=[\s)]|$)/gm)].map(
    ([, path = '', line]) => ({
      file: path.startsWith('file:') ? fileURLToPath(path) : path,
      line: Number(line),
    }),
  );
  return (
    places.find(({ file }) => /\.slo\.\w+$/.test(file)) ?? places.find(({ file }) => !file.includes('node:internal'))
  );
}
