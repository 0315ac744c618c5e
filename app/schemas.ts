import { z } from 'zod';
import { deadLetterReasons } from '../records/dead-letters.ts';
import { recordSchema } from '../records/record.ts';

/** The schemas that the OpenAPI document holds under a name; all others refer to them. */
export const components = z.registry<{ id: string }>();

function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id });
  return schema;
}

const dateTime = z.string().meta({ format: 'date-time' });
const fields = recordSchema.shape;
const withoutNul = '^[^\\u0000]*$';
/** What JSON Schema can say of an id: it is not empty, not `.` and not `..`, and has no NUL. */
export const idPattern = '^([^.\\u0000]|\\.[^.\\u0000]|\\.\\.[^\\u0000])[^\\u0000]*$';

/** A record as it is served. */
export const record = component('Record', recordSchema.extend({ timestamp: dateTime }));

/** A record as it is taken: a null stands for an optional field left out, and any other field is kept under `attributes`. */
export const recordInput = component(
  'RecordInput',
  z.looseObject({
    id: fields.id.meta({ ...fields.id.meta(), pattern: idPattern }),
    name: fields.name.meta({ ...fields.name.meta(), pattern: withoutNul }),
    timestamp: fields.timestamp.nullable().meta({ ...fields.timestamp.meta() }),
    surname: fields.surname.nullable().meta({ ...fields.surname.meta(), pattern: withoutNul }),
    country: fields.country.nullable().meta({ ...fields.country.meta(), pattern: withoutNul }),
    value: fields.value.nullable().meta({ ...fields.value.meta() }),
    attributes: z.unknown().optional().meta({ description: 'An object is merged with the fields not named here.' }),
  }),
);

/** A record for a path that names its id already; that it may repeat the id, JSON Schema cannot say. */
export const recordUpdate = component(
  'RecordUpdate',
  recordInput.omit({ id: true }).meta({ description: 'A record; its `id` is the one of the path, or left out.' }),
);

/** A page of records. */
export const recordPage = component(
  'RecordPage',
  z.object({
    records: z.array(record),
    limit: z.int().min(1).meta({ description: 'What was asked for; very large records make a page shorter.' }),
    offset: z.int().min(0).optional().meta({ description: 'Where the page was asked for by offset.' }),
    nextCursor: z.string().nullable().meta({ description: 'Where the next page starts; null on the last.' }),
  }),
);

/** Every record. */
export const recordList = component('RecordList', z.array(record));

/** The envelope of `POST /`. */
export const insertion = component(
  'Insertion',
  z.looseObject({ data: recordInput.extend({ value: fields.value.unwrap().meta({ ...fields.value.meta() }) }) }),
);

/** What `POST /` answers once the record is durable. */
export const inserted = component('Inserted', z.object({ success: z.literal(true), message: z.string() }));

/** What `POST /` answers for every failure. */
export const notInserted = component('NotInserted', z.object({ success: z.literal(false), error: z.string() }));

/** What an erasure removed. */
export const erased = component(
  'Erased',
  z.object({
    id: z.string(),
    events: z.int().meta({ description: 'Versions of the record that were removed.' }),
    deadLetters: z.int().meta({ description: 'Dead letters that carried the id and were removed.' }),
  }),
);

/** A refused message. */
export const deadLetter = component(
  'DeadLetter',
  z.object({
    id: z.string(),
    messageId: z.string(),
    reason: z.enum(Object.keys(deadLetterReasons) as (keyof typeof deadLetterReasons)[]),
    detail: z.string().meta({ description: 'What was wrong, naming field, value and rule.' }),
    text: z.string().optional().meta({ description: 'The original bytes as text, where they are UTF-8.' }),
    data: z.string().meta({ description: 'The original bytes in base64.' }),
    attributes: z.record(z.string(), z.string()),
    publishedAt: dateTime,
    refusedAt: dateTime,
    replayedAt: dateTime.optional(),
    recordId: z.string().optional().meta({ description: 'The id inside, where one could be read.' }),
  }),
);

/** A page of dead letters. */
export const deadLetterPage = component(
  'DeadLetterPage',
  z.object({ deadLetters: z.array(deadLetter), limit: z.int().min(1), nextCursor: z.string().nullable() }),
);

/** What a replay that worked answers. */
export const replayed = component('Replayed', z.object({ outcome: z.literal('stored'), id: z.string() }));

/** Alive, or able to serve. */
export const state = component('State', z.object({ status: z.enum(['ok', 'ready']) }));

/** Where to go from the root. */
export const index = component('Index', z.object({ name: z.string(), links: z.record(z.string(), z.string()) }));

/** A failure, by RFC 9457. */
export const problem = component(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
    problems: z
      .array(z.object({ field: z.string(), value: z.string().optional(), rule: z.string() }))
      .optional()
      .meta({ description: 'Each field that is wrong, with what stood there and what must.' }),
    traceId: z.string().optional(),
  }),
);
