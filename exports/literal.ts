const LINE_WIDTH = 120;

/** What a literal may hold. */
export type Literal = string | number | boolean | readonly Literal[] | { readonly [key: string]: Literal | undefined };

/**
 * A value as TypeScript source, laid out as the formatter does: an object on lines of its own, an array on one where it fits.
 *
 * @param options.column where on its line it begins
 * @param options.indent of the line that it begins on
 */
export function toLiteral(value: Literal, options: { column: number; indent?: number }): string {
  const { column, indent = 0 } = options;
  const inner = ' '.repeat(indent + 2);
  if (isList(value)) {
    const inline = toInline(value);
    // What follows is a comma.
    if (column + inline.length < LINE_WIDTH) return inline;
    if (value.every(item => typeof item === 'number')) return `[\n${fill(value, inner)}\n${' '.repeat(indent)}]`;
    const items = value.map(item => `${inner}${toLiteral(item, { column: indent + 2, indent: indent + 2 })},\n`);
    return `[\n${items.join('')}${' '.repeat(indent)}]`;
  }
  if (typeof value !== 'object') return toInline(value);
  const lines = entriesOf(value).map(([name, inside]) => {
    const start = `${inner}${toKey(name)}: `;
    return `${start}${toLiteral(inside, { column: start.length, indent: indent + 2 })},\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${' '.repeat(indent)}}`;
}

function toInline(value: Literal): string {
  if (typeof value === 'string') return quote(value);
  if (isList(value)) return `[${value.map(toInline).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  return `{ ${entriesOf(value)
    .map(([name, inside]) => `${toKey(name)}: ${toInline(inside)}`)
    .join(', ')} }`;
}

/** Numbers share lines, as many as fit. */
function fill(numbers: readonly number[], indent: string): string {
  const lines = [''];
  for (const number of numbers) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? `${indent}${number},` : `${last} ${number},`;
    if (longer.length <= LINE_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`${indent}${number},`);
  }
  return lines.join('\n');
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

function entriesOf(value: { readonly [key: string]: Literal | undefined }): [string, Literal][] {
  return Object.entries(value).filter((entry): entry is [string, Literal] => entry[1] !== undefined);
}

function toKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function quote(text: string): string {
  const double = JSON.stringify(text);
  return text.includes("'") ? double : `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}
