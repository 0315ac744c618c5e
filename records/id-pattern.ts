const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\\\', '/': '/' },
  ...{ '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' },
};

/**
 * A regular expression, for JavaScript and for RE2 alike, that finds an id behind a key `id`: as JSON writes it, escaped in
 * whatever way, or as a number where it is one. The text need not be whole JSON. Where the same word stands elsewhere, as a name
 * or within a sentence, nothing is found.
 */
export function idPattern(id: string): string {
  const text = `"${Array.from(id, charPattern).join('')}"`;
  const value = /^-?\d+$/.test(id) ? `(?:${text}|${id}(?:[^\\w.]|$))` : text;
  return `"id"[ \\t\\r\\n]*:[ \\t\\r\\n]*${value}`;
}

/** A character as it is where JSON allows that, by its short escape, or by the numbers of its UTF-16 units. */
function charPattern(char: string): string {
  const units = char.split('').map(unit => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  const numbered = units.map(hex => `\\\\u(?i:${hex})`).join('');
  const short = SHORT_ESCAPES[char];
  const ways = [
    ...(char === '"' || char === '\\' || char < ' ' ? [] : [char.replace(/[$()*+.?[\]^{|}]/, '\\$&')]),
    ...(short === undefined ? [] : [`\\\\${short}`]),
    numbered,
  ];
  return `(?:${ways.join('|')})`;
}
