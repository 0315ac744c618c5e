import type { Attributes, Json } from './ports.ts';
import type { Int64, Message } from './schema.ts';

/** A 64-bit number as JavaScript's, rounded beyond 2^53. */
export function toNumber(value: Int64 = 0): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Number(value) : value.toNumber();
}

/** Nanoseconds since the epoch as milliseconds; 0 where no time is told. */
export function toMs(nanoseconds: Int64 | undefined): number {
  return toNumber(nanoseconds) / 1e6;
}

/** An id as lower-case hex; `undefined` where it has another length or is all zeros, which stands for none. */
export function toId(id: Uint8Array | undefined, lengthBytes: 8 | 16): string | undefined {
  if (id?.length !== lengthBytes || id.every(byte => byte === 0)) return undefined;
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
}

/** Any value as JSON. */
export function toJson(value: Message<'AnyValue'> | undefined): Json {
  if (!value) return null;
  if (Object.hasOwn(value, 'stringValue')) return value.stringValue ?? '';
  if (Object.hasOwn(value, 'intValue')) return wholeNumber(value.intValue);
  if (Object.hasOwn(value, 'doubleValue')) return double(value.doubleValue);
  if (Object.hasOwn(value, 'boolValue')) return value.boolValue ?? false;
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(toJson);
  if (value.kvlistValue) return toAttributes(value.kvlistValue.values);
  return Object.hasOwn(value, 'bytesValue') ? Buffer.from(value.bytesValue ?? []).toString('base64') : null;
}

function wholeNumber(value: Int64 = 0): Json {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function double(value = 0): Json {
  return Number.isFinite(value) ? value : String(value);
}

/** Attributes by their keys. Of a key that comes twice the last one counts. */
export function toAttributes(attributes: readonly Message<'KeyValue'>[] = []): Attributes {
  return Object.fromEntries(attributes.map(({ key = '', value }) => [key, toJson(value)]));
}

/** A value as the text of a label. */
export function toLabel(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
