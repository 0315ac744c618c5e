import { filterErrors } from './errors.ts';

/** A piece of a filter, and where it starts. Of a string its content. */
export type Token = { kind: 'word' | 'string' | 'number' | 'operator' | 'mark'; text: string; at: number };

const CHARS_MAX = 2048;
const TOKEN =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?![\w/]))|(?<word>[A-Za-z_][\w/]*)|(?<operator>!=|>=|<=|[<>=:])|(?<mark>[().,-]))/y;

/** Parts a filter into its pieces. Throws `filter_invalid` where a character fits nowhere, or there are too many. */
export function tokenize(text: string): Token[] {
  if (text.length > CHARS_MAX) {
    throw filterErrors.error(
      'filter_invalid',
      `The filter has ${text.length} characters, and at most ${CHARS_MAX} are taken`,
    );
  }
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found?.groups) {
      throw filterErrors.error('filter_invalid', `The filter cannot be read from character ${at + 1} on: ${text}`);
    }
    const [kind, raw] = Object.entries(found.groups).find(([, value]) => value !== undefined) as [
      Token['kind'],
      string,
    ];
    tokens.push({ kind, text: kind === 'string' ? unquote(raw) : raw, at: TOKEN.lastIndex - raw.length });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function unquote(raw: string): string {
  return raw.slice(1, -1).replaceAll(/\\(.)/gs, '$1');
}
