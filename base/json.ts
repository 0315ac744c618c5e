/**
 * Parses JSON and keeps integers beyond 2^53 digit for digit: they come back as `JSON.rawJSON` objects, which
 * `JSON.stringify` writes out as they were. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return /\d{16}/.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  const exact = typeof value !== 'number' || context.source === undefined || Number.isSafeInteger(value);
  return exact || !/^-?\d+$/.test(context.source as string) ? value : rawJson(context.source as string);
}

// Node 22 and later have it; the type libraries do not yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Whether a value of `parseJson` is an integer that was kept digit for digit. */
export const isRawJson = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/** Whether a value of `parseJson` is an object with fields of its own: no array, no null, no kept number. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/** How deep a parsed JSON value nests: a number is 0, `[]` is 1. Stops counting above `max`; never recurses. */
export function jsonDepth(value: unknown, max: number): number {
  let level = isNested(value) ? [value] : [];
  for (let depth = 0; ; depth += 1) {
    if (level.length === 0 || depth > max) return depth;
    const next: object[] = [];
    for (const item of level) {
      for (const inner of Array.isArray(item) ? item : Object.values(item)) if (isNested(inner)) next.push(inner);
    }
    level = next;
  }
}

/** Whether a parsed JSON value holds no number that was too large for one, such as 1e400, which is read as Infinity; never recurses. */
export function isFiniteJson(value: unknown): boolean {
  for (let level: readonly unknown[] = [value]; level.length > 0; ) {
    if (level.some(item => typeof item === 'number' && !Number.isFinite(item))) return false;
    level = level.filter(isNested).flatMap(item => Object.values(item));
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isRawJson(value);
}
