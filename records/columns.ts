import { z } from 'zod';
import { recordSchema } from './record.ts';

/** A column of the record, in words that every store can translate. */
export type Column = { name: string; kind: 'text' | 'number' | 'timestamp' | 'json'; required: boolean };

/** The columns of a record, read from its schema, so that a field added there appears in every table. */
export function columnsOf(schema: z.ZodObject): Column[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    kind: kindOf(name, property as z.core.JSONSchema.BaseSchema),
    required: required.includes(name),
  }));
}

function kindOf(name: string, property: z.core.JSONSchema.BaseSchema): Column['kind'] {
  if (property.type === 'string') return property.format === 'date-time' ? 'timestamp' : 'text';
  if (property.type === 'number') return 'number';
  if (property.type === 'object') return 'json';
  throw new TypeError(`The record's field ${name} is a JSON ${property.type}, for which no column kind is known`);
}

/** The columns of the record as it is now. `timestamp` is always filled, for it has a default. */
export const recordColumns: readonly Column[] = columnsOf(recordSchema);
