/** Whether two JSON values are the same, whatever the order of their members. */
export function isSame(a: unknown, b: unknown): boolean {
  // Most often the order is the same too, and comparing texts costs the machine that measures a tenth.
  return JSON.stringify(a) === JSON.stringify(b) || isSameInParts(a, b);
}

function isSameInParts(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  if (Array.isArray(a) !== Array.isArray(b) || left.length !== right.length) return false;
  return left.every(([key, value]) => key in b && isSameInParts(value, (b as Record<string, unknown>)[key]));
}

/** The JSON value of a body; `undefined` for what is none. */
export function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** A member of a JSON value; `undefined` where it has none. */
export function member(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;
}
