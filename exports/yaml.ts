/**
 * Plain data as YAML in block style, read alike by YAML 1.1 and 1.2: what could be taken for anything but a string is quoted, several
 * lines stand in a block. Keys without a value are left out.
 */
export function toYaml(value: unknown): string {
  return `${write(value, isCollection(value) ? '\n' : '\n  ')}\n`;
}

/** A value whose further lines begin with `newline`, a line feed and their indentation. */
function write(value: unknown, newline: string): string {
  if (typeof value === 'string') return writeString(value, newline);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'object' || value === null) return value === true || value === false ? String(value) : 'null';
  return Array.isArray(value) ? writeList(value, newline) : writeMap(value, newline);
}

function writeList(items: readonly unknown[], newline: string): string {
  const inner = `${newline}  `;
  return items.length === 0 ? '[]' : items.map(item => `- ${write(item, inner)}`).join(newline);
}

function writeMap(map: object, newline: string): string {
  const inner = `${newline}  `;
  const lines: string[] = [];
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    lines.push(`${isPlain(key) ? key : quote(key)}:${isCollection(value) ? inner : ' '}${write(value, inner)}`);
  }
  return lines.length === 0 ? '{}' : lines.join(newline);
}

/** Whether a value takes lines of its own. */
function isCollection(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null && Object.values(value).some(inner => inner !== undefined);
}

/** YAML 1.1 takes an exponent for a number only after a point. */
function writeNumber(value: number): string {
  return JSON.stringify(value).replace(/^(-?\d+)e/, '$1.0e');
}

function writeString(text: string, newline: string): string {
  if (isPlain(text)) return text;
  if (!isBlock(text)) return quote(text);
  const [header, body] = text.endsWith('\n') ? ['|', text.slice(0, -1)] : ['|-', text];
  return (
    header +
    body
      .split('\n')
      .map(line => (line === '' ? '\n' : newline + line))
      .join('')
  );
}

// Neither a word or number of YAML 1.1, a date nor an indicator.
const TEXT_START = /^(?!(?:y|n|yes|no|on|off|true|false|null|e\d+)$)(?:[a-z_(/$]|\d+ \D)/i;
const NOT_PLAIN = /[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|:(?: |$)| (?:#|$)/;

function isPlain(text: string): boolean {
  return TEXT_START.test(text) && !NOT_PLAIN.test(text);
}

// A block that begins or ends with space needs to be told so, and some characters no block can hold.
const BLOCK_START = /^\n*\S.*\n/s;
const NOT_BLOCK = /[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[ \t](?:\n|$)|\n\n$/;

function isBlock(text: string): boolean {
  return BLOCK_START.test(text) && !NOT_BLOCK.test(text);
}

const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** YAML's quoted strings are JSON's, but for what JSON leaves as it is and YAML cannot print. */
function quote(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
