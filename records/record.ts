import { z } from 'zod';
import { type Problem, showValue } from '../base/errors.ts';
import { isFiniteJson, isJsonObject, jsonDepth } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import { formatRfc3339, type Micros, parseRfc3339 } from '../base/time.ts';

const YEAR_MICROS = 365.25 * 86_400_000_000;

const text = (chars_max: number) =>
  z
    .string('must be a string')
    .max(chars_max, `must have at most ${chars_max} characters`)
    // SQLite would store both as something else, and two ids could become one.
    .refine(value => value.isWellFormed() && !value.includes('\0'), 'must be well-formed Unicode without NUL');

/**
 * What a record is. Everything else is derived from this schema: the tables, the JSON Schema for producers, OpenAPI, the
 * generated examples and the load test's payloads. Any field not named here is kept whole under `attributes`.
 */
export const recordSchema = z.object({
  id: text(limits.id_chars_max)
    .min(1, 'must not be empty')
    // Clients resolve /records/.. before they ask, so nobody could read the record again.
    .refine(id => id !== '.' && id !== '..', 'must not be . or ..')
    .meta({ description: 'What names the record, for ever.' }),
  name: text(limits.text_chars_max).min(1, 'must not be empty').meta({ description: 'Name.' }),
  timestamp: z
    .string('must be an RFC 3339 date-time')
    .refine(value => parseRfc3339(value) !== undefined, 'must be an RFC 3339 date-time such as 2024-10-10T10:00:00Z')
    .optional()
    .meta({ description: 'When it happened; the publish time where the producer does not say.', format: 'date-time' }),
  surname: text(limits.text_chars_max).optional().meta({ description: 'Surname.' }),
  country: text(limits.text_chars_max).optional().meta({ description: 'Country.' }),
  value: z.number('must be a finite number').optional().meta({ description: 'A measured value.' }),
  attributes: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Every field of the message that the schema does not name.' }),
});

/** Made once: zod compiles a schema at its first use, which costs more than reading a record. */
const namedFields = recordSchema.omit({ attributes: true });

/** A record as it is stored and served: `timestamp` is always there, in UTC. */
export type DataRecord = z.infer<typeof recordSchema> & { timestamp: string };

export type ParsedRecord = { ok: true; record: DataRecord } | { ok: false; problems: Problem[] };

/**
 * Reads what a producer sent: an already parsed JSON value.
 *
 * @param input the JSON value
 * @param times when the message was published (the default of `timestamp`), and the time now (against which it must be plausible)
 */
export function parseRecord(input: unknown, times: { publishedAt: Micros; now: Micros }): ParsedRecord {
  if (!isJsonObject(input)) {
    return { ok: false, problems: [{ field: 'record', value: showValue(input), rule: 'must be a JSON object' }] };
  }
  if (storedDepth(input) > limits.json_depth_max) return { ok: false, problems: [tooDeep] };
  const { known, attributes, problems } = splitFields(input);
  const parsed = namedFields.safeParse(known);
  if (!parsed.success) problems.push(...parsed.error.issues.map(issue => toProblem(issue, known)));
  const timestamp = parsed.data?.timestamp === undefined ? times.publishedAt : parseRfc3339(parsed.data.timestamp);
  if (timestamp !== undefined && !isPlausible(timestamp, times.now)) {
    const rule = `must lie within ${limits.timestamp_past_years_max} years back and ${limits.timestamp_future_years_max} year ahead`;
    problems.push({ field: 'timestamp', value: showValue(known.timestamp ?? formatRfc3339(timestamp)), rule });
  }
  if (!parsed.success || timestamp === undefined || problems.length > 0) return { ok: false, problems };
  const record = {
    ...parsed.data,
    timestamp: formatRfc3339(timestamp),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
  return { ok: true, record };
}

/** What is wrong with a record that nests deeper than it may. */
export const tooDeep: Problem = {
  field: 'record',
  rule: `must nest at most ${limits.json_depth_max} levels, of which attributes is one`,
};

/** How deep a record nests once the fields that the schema does not name stand under `attributes`; stops counting as `jsonDepth` does. */
function storedDepth(input: Readonly<Record<string, unknown>>): number {
  const { attributes, ...others } = input;
  // As one level, attributes and the others side by side nest as deep as they will when they are merged.
  return jsonDepth(isJsonObject(attributes) ? [attributes, others] : [input], limits.json_depth_max);
}

/** What is wrong with a record of so many bytes of JSON, as it is stored, if anything. */
export function checkRecordBytes(bytes: number): Problem | undefined {
  if (bytes <= limits.record_bytes_max) return undefined;
  return { field: 'record', value: `${bytes} bytes`, rule: `must have at most ${limits.record_bytes_max} bytes` };
}

/**
 * Parts the schema's fields from all others. An `attributes` object is taken as what it is in an answer of the API, so that
 * a record read can be written back; a null stands for an optional field left out.
 */
function splitFields(input: Readonly<Record<string, unknown>>) {
  const known: Record<string, unknown> = {};
  const attributes = new Map<string, unknown>(isJsonObject(input.attributes) ? Object.entries(input.attributes) : []);
  const problems: Problem[] = [];
  for (const [field, value] of Object.entries(input)) {
    if (field === 'attributes' && (value === null || isJsonObject(value))) continue;
    if (Object.hasOwn(recordSchema.shape, field) && field !== 'attributes') {
      if (value !== null || field === 'id' || field === 'name') known[field] = toNumber(field, value);
    } else if (attributes.has(field)) {
      problems.push({
        field,
        value: showValue(value),
        rule: 'must not stand both in the record and in its attributes',
      });
    } else {
      attributes.set(field, value);
    }
  }
  for (const [field, value] of attributes) {
    if (!isFiniteJson(value)) problems.push(notFinite(field, value));
  }
  return { known, attributes: [...attributes], problems };
}

// It would be stored as null.
function notFinite(field: string, value: unknown): Problem {
  const rule = 'must hold no number beyond 1.79e308, unless as a string';
  return { field, rule, ...(typeof value === 'number' && { value: showValue(value) }) };
}

// A kept big integer (base/json.ts) is a plain number where the schema says number.
function toNumber(field: string, value: unknown): unknown {
  return field === 'value' && typeof value === 'object' ? Number(JSON.stringify(value)) : value;
}

function toProblem(issue: z.core.$ZodIssue, known: Readonly<Record<string, unknown>>): Problem {
  const field = String(issue.path[0]);
  const value = known[field];
  return value === undefined ? { field, rule: 'is required' } : { field, value: showValue(value), rule: issue.message };
}

function isPlausible(timestamp: Micros, now: Micros): boolean {
  return (
    timestamp >= now - limits.timestamp_past_years_max * YEAR_MICROS &&
    timestamp <= now + limits.timestamp_future_years_max * YEAR_MICROS
  );
}
