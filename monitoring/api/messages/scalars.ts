import { isJsonObject } from '../../../base/json.ts';
import { formatRfc3339, parseRfc3339 } from '../../../base/time.ts';

/** A value as it is kept, or what it must be. */
type Read = { value: unknown } | { rule: string };

const INT64 = /^-?\d{1,19}$/;
/** Google's longest is 315,576,000,000 s. */
const DURATION = /^-?\d{1,12}(?:\.\d{1,9})?s$/;
const SPECIAL = new Set(['NaN', 'Infinity', '-Infinity']);

/** Reads a value of a scalar type, as proto3's JSON has it. */
export function readScalar(type: string, value: unknown): Read {
  switch (type) {
    case 'string':
    case 'bytes':
      return typeof value === 'string' ? { value } : { rule: 'must be a text' };
    case 'bool':
      return readBoolean(value);
    case 'double':
    case 'float':
      return readNumber(value);
    case 'int64':
    case 'uint64':
      return readInt64(value);
    default:
      return readInt32(value);
  }
}

/** Reads a value of a message that has its own form in JSON; `undefined` where the message has none. */
export function readWellKnown(name: string, value: unknown): Read | undefined {
  switch (name) {
    case 'google.protobuf.Duration':
      return typeof value === 'string' && DURATION.test(value) ? { value } : { rule: 'must be seconds such as "60s"' };
    case 'google.protobuf.Timestamp':
      return readTimestamp(value);
    case 'google.protobuf.FieldMask':
      return typeof value === 'string' ? { value } : { rule: 'must be names of fields, parted by commas' };
    case 'google.protobuf.BoolValue':
      return readBoolean(value);
    case 'google.protobuf.Struct':
    case 'google.protobuf.Any':
      return isJsonObject(value) ? { value } : { rule: 'must be an object' };
    case 'google.protobuf.Value':
      return { value };
    default:
      return undefined;
  }
}

function readBoolean(value: unknown): Read {
  if (typeof value === 'boolean') return { value };
  return value === 'true' || value === 'false' ? { value: value === 'true' } : { rule: 'must be true or false' };
}

function readNumber(value: unknown): Read {
  if (typeof value === 'number' || SPECIAL.has(value as string)) return { value };
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return isNumber ? { value: Number(value) } : { rule: 'must be a number' };
}

function readInt32(value: unknown): Read {
  const number = typeof value === 'string' && INT64.test(value) ? Number(value) : value;
  const fits = Number.isInteger(number) && Math.abs(number as number) <= 2 ** 31;
  return fits ? { value: number } : { rule: 'must be a whole number of 32 bits' };
}

function readInt64(value: unknown): Read {
  // Numbers of many digits come as objects that are written out as they were.
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return INT64.test(text) ? { value: text } : { rule: 'must be a whole number of 64 bits' };
}

function readTimestamp(value: unknown): Read {
  const micros = typeof value === 'string' ? parseRfc3339(value) : undefined;
  return micros === undefined ? { rule: 'must be a time as in RFC 3339' } : { value: formatRfc3339(micros) };
}
