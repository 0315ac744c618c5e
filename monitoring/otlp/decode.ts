import { isUtf8 } from 'node:buffer';
import { messageOf, showValue } from '../../base/errors.ts';
import { httpErrors } from '../../base/http/errors.ts';
import { limits } from '../limits.ts';
import { type Message, type MessageName, messages, type ScalarName, wire } from './schema.ts';

/** How a body is written, and so its answer. */
export type Encoding = 'json' | 'protobuf';

/** Reads a message. Throws `bad_request` where the bytes are none; fields that are not known are passed over. */
export function decode<Name extends MessageName>(name: Name, encoding: Encoding, bytes: Buffer): Message<Name> {
  try {
    return (encoding === 'json' ? fromJson(name, bytes) : wire.read.lookupType(name).decode(bytes)) as Message<Name>;
  } catch (error) {
    const what = encoding === 'json' ? 'OTLP in JSON' : 'OTLP in protocol buffers';
    throw httpErrors.error('bad_request', `The body is not ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** Writes a message as protocol buffers. */
export function encode<Name extends MessageName>(name: Name, message: Message<Name>): Uint8Array {
  return wire.write.lookupType(name).encode(message).finish();
}

type Read = (value: unknown) => unknown;

const scalars: Readonly<Record<ScalarName, Read>> = {
  string: value => (typeof value === 'string' ? value : mustBe('a text', value)),
  bool: value => (typeof value === 'boolean' ? value : mustBe('true or false', value)),
  double: readDouble,
  int32: readInteger,
  sint32: readInteger,
  uint32: readInteger,
  int64: readInt64,
  sfixed64: readInt64,
  uint64: readUint64,
  fixed64: readUint64,
  bytes: value => (typeof value === 'string' ? Buffer.from(value, 'base64') : mustBe('base64', value)),
  id: value =>
    typeof value === 'string' && /^([\da-f]{2})*$/i.test(value) ? Buffer.from(value, 'hex') : mustBe('hex', value),
  attribute: value => readMessage('KeyValue', value),
};

/** How each field of each message is read. */
const fields = Object.fromEntries(
  Object.entries(messages).map(([name, types]) => [
    name,
    Object.entries(types).map(([field, [, type, list]]: [string, readonly [number, string, 'list'?]]) => {
      const read: Read =
        type in scalars ? scalars[type as ScalarName] : value => readMessage(type as MessageName, value);
      return { field, read: list ? listOf(read) : read };
    }),
  ]),
) as Record<MessageName, { field: string; read: Read }[]>;

function fromJson(name: MessageName, bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new TypeError('it is not UTF-8');
  checkLevels(bytes);
  return readMessage(name, JSON.parse(bytes.toString()));
}

/** Before it is parsed: a body of nothing but brackets takes seconds and hundreds of megabytes. */
function checkLevels(bytes: Buffer): void {
  let levels = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) inText = !inText;
    else if (inText) at += byte === 0x5c ? 1 : 0;
    else if (byte === 0x5b || byte === 0x7b) levels += 1;
    else if (byte === 0x5d || byte === 0x7d) levels -= 1;
    if (levels > limits.otlp_json_levels_max) {
      throw new RangeError(`it nests deeper than ${limits.otlp_json_levels_max} levels`);
    }
  }
}

function readMessage(name: MessageName, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mustBe('an object', value);
  const message: Record<string, unknown> = {};
  for (const { field, read } of fields[name]) {
    const found = (value as Record<string, unknown>)[field];
    if (found !== undefined && found !== null) message[field] = read(found);
  }
  return message;
}

function listOf(read: Read): Read {
  return value => (Array.isArray(value) ? value.map(read) : mustBe('a list', value));
}

function readDouble(value: unknown): unknown {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) && value !== 'NaN' ? mustBe('a number', value) : number;
}

function readInteger(value: unknown): unknown {
  return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 64 ? value : mustBe('a whole number', value);
}

function readInt64(value: unknown): unknown {
  if (typeof value !== 'string') return readInteger(value);
  if (!/^-?\d{1,20}$/.test(value)) return mustBe('a whole number', value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readUint64(value: unknown): unknown {
  const number = readInt64(value);
  return Number(number) >= 0 ? number : mustBe('a whole number of at least 0', value);
}

function mustBe(what: string, value: unknown): never {
  throw new TypeError(`${showValue(value)} must be ${what}`);
}
