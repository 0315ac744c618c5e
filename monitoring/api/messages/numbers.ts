import protobuf from 'protobufjs';
import type { Message } from './read.ts';
import { typeOf } from './types.ts';

/** A message with its enums as numbers, as Google's clients ask for them. */
export function withEnumNumbers(type: protobuf.Type, message: Message): Message {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
      return [name, field ? ofField(field, value) : value];
    }),
  );
}

function ofField(field: protobuf.Field, value: unknown): unknown {
  const type = typeOf(field);
  if (!type) return value;
  const one = (item: unknown) => ofOne(type, item);
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, one(item)]));
  }
  return Array.isArray(value) ? value.map(one) : one(value);
}

function ofOne(type: protobuf.Type | protobuf.Enum, value: unknown): unknown {
  if (type instanceof protobuf.Enum) return type.values[value as string] ?? value;
  // What is no object here has a form of its own in JSON: durations, times, switches.
  return typeof value === 'object' && value !== null ? withEnumNumbers(type, value as Message) : value;
}
