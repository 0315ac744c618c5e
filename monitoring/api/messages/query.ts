import protobuf from 'protobufjs';
import { type Message, readMessage } from './read.ts';
import { fieldOf, typeOf } from './types.ts';

/**
 * Reads the parameters of a query as a message: `interval.endTime` is a field of a field. A parameter that is no field, such as
 * `$alt` or `prettyPrint`, is left out. Throws `argument_invalid`.
 */
export function readQuery(type: protobuf.Type, query: URLSearchParams): Message {
  const json: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) put(type, json, name.split('.'), query.getAll(name));
  return readMessage(type, json);
}

function put(
  type: protobuf.Type,
  json: Record<string, unknown>,
  [name = '', ...rest]: string[],
  values: string[],
): void {
  const field = fieldOf(type, name);
  if (!field) return;
  if (rest.length === 0) {
    json[field.name] = field.repeated ? values : values.at(-1);
    return;
  }
  const inner = typeOf(field);
  if (!(inner instanceof protobuf.Type) || field.repeated) return;
  const known = json[field.name];
  const nested = typeof known === 'object' ? (known as Record<string, unknown>) : {};
  json[field.name] = nested;
  put(inner, nested, rest, values);
}
