/** A Markdown table, or nothing where it has no rows. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [columns, columns.map(() => '---'), ...rows].map(cells => `| ${cells.map(toCell).join(' | ')} |`).join('\n');
}

function toCell(text: string): string {
  const line = text.includes('\n') ? text.replaceAll(/\s*\n\s*/g, ' ') : text;
  return line.replaceAll('|', '\\|');
}

/** Text as code. */
export const code = (text: string): string => `\`${text}\``;

/** Parts of a page with an empty line between them; empty ones are left out. */
export function page(parts: readonly string[]): string {
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** Words as one sentence has them: `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
