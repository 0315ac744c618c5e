/**
 * Plain data as YAML in block style, read alike by YAML 1.1 and 1.2: what could be taken for anything but a string is quoted, several
 * lines stand in a block. Keys without a value are left out.
 */
export function toYaml(value: unknown): string {
  return isCollection(value) ? writeCollection(value, '', '') : `${write(value, '  ')}\n`;
}

type Mapping = Readonly<Record<string, unknown>>;
type Collection = readonly unknown[] | Mapping;

/** The lines of a list or map: the first begins with `start`, the others with `indent`. */
function writeCollection(value: Collection, start: string, indent: string): string {
  return Array.isArray(value) ? writeList(value, start, indent) : writeMap(value as Mapping, start, indent);
}

function writeList(items: readonly unknown[], start: string, indent: string): string {
  const inner = `${indent}  `;
  let text = '';
  let before = start;
  for (const item of items) {
    text += isCollection(item) ? writeCollection(item, `${before}- `, inner) : `${before}- ${write(item, inner)}\n`;
    before = indent;
  }
  return text;
}

function writeMap(map: Mapping, start: string, indent: string): string {
  const inner = `${indent}  `;
  let text = '';
  let before = start;
  for (const key in map) {
    const value = map[key];
    if (value === undefined) continue;
    text += `${before}${writeKey(key)}:`;
    text += isCollection(value) ? `\n${writeCollection(value, inner, inner)}` : ` ${write(value, inner)}\n`;
    before = indent;
  }
  return text;
}

/** Whether a value takes lines of its own. */
function isCollection(value: unknown): value is Collection {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) return true;
  return false;
}

// Documents are many, and their keys few.
const keys = new Map<string, string>();

function writeKey(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const written = isPlain(key) ? key : quote(key);
  keys.set(key, written);
  return written;
}

function write(value: unknown, indent: string): string {
  if (typeof value === 'string') return writeString(value, indent);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return value === true || value === false ? String(value) : 'null';
}

/** YAML 1.1 takes an exponent for a number only after a point. */
function writeNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return JSON.stringify(value).replace(/^(-?\d+)e/, '$1.0e');
}

function writeString(text: string, indent: string): string {
  if (isPlain(text)) return text;
  if (!isBlock(text)) return quote(text);
  const [header, body] = text.endsWith('\n') ? ['|', `\n${text.slice(0, -1)}`] : ['|-', `\n${text}`];
  const lines = body.replaceAll('\n', `\n${indent}`);
  // An empty line is not indented.
  return header + (body.includes('\n\n') ? lines.replaceAll(/^ +$/gm, '') : lines);
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
