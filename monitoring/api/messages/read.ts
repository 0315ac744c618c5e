import protobuf from 'protobufjs';
import { describeProblems, type Problem, showValue } from '../../../base/errors.ts';
import { isJsonObject } from '../../../base/json.ts';
import { apiErrors } from '../../errors.ts';
import { readScalar, readWellKnown } from './scalars.ts';
import { fieldOf, nameOf, typeOf } from './types.ts';

/** A message in JSON: fields by their names in camel case, enums by name, 64-bit numbers as texts. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * Reads JSON as a message, as Google's servers do: names in either spelling, enums by name or number; what is `null` is not there.
 * What is no field, or of another type, is refused. Throws `argument_invalid` with each problem.
 */
export function readMessage(type: protobuf.Type, json: unknown): Message {
  const problems: Problem[] = [];
  const message = readFields(type, json, '', problems);
  if (problems.length === 0) return message;
  throw apiErrors.error('argument_invalid', `The ${type.name} cannot be read: ${describeProblems(problems)}`, {
    problems,
  });
}

function readFields(type: protobuf.Type, json: unknown, at: string, problems: Problem[]): Message {
  if (!isJsonObject(json)) {
    problems.push({ field: at || type.name, rule: 'must be an object', value: showValue(json) });
    return {};
  }
  const message: Record<string, unknown> = {};
  const chosen = new Map<protobuf.OneOf, string>();
  for (const [name, value] of Object.entries(json)) {
    if (value === null) continue;
    const place = at === '' ? name : `${at}.${name}`;
    const field = fieldOf(type, name);
    if (!field) {
      problems.push({ field: place, rule: `is no field of ${nameOf(type)}` });
      continue;
    }
    const other = field.partOf ? chosen.get(field.partOf) : undefined;
    if (other !== undefined) {
      problems.push({ field: place, rule: `cannot stand beside ${other}: one of them at the most` });
    }
    if (field.partOf) chosen.set(field.partOf, field.name);
    message[field.name] = readField(field, value, place, problems);
  }
  return message;
}

function readField(field: protobuf.Field, value: unknown, at: string, problems: Problem[]): unknown {
  if (field instanceof protobuf.MapField) {
    if (!isJsonObject(value)) return refused(problems, at, 'must be an object', value);
    const entries = Object.entries(value).map(([key, item]) => [key, readOne(field, item, `${at}.${key}`, problems)]);
    return Object.fromEntries(entries);
  }
  if (!field.repeated) return readOne(field, value, at, problems);
  if (!Array.isArray(value)) return refused(problems, at, 'must be a list', value);
  return value.map((item, index) => readOne(field, item, `${at}[${index}]`, problems));
}

function readOne(field: protobuf.Field, value: unknown, at: string, problems: Problem[]): unknown {
  const type = typeOf(field);
  if (type instanceof protobuf.Enum) {
    const name = enumName(type, value);
    return name ?? refused(problems, at, `must be one of ${Object.keys(type.values).join(', ')}`, value);
  }
  const read = type ? readWellKnown(nameOf(type), value) : readScalar(field.type, value);
  if (read === undefined) return readFields(type as protobuf.Type, value, at, problems);
  return 'rule' in read ? refused(problems, at, read.rule, value) : read.value;
}

function refused(problems: Problem[], field: string, rule: string, value: unknown): undefined {
  problems.push({ field, rule, value: showValue(value) });
}

/** In queries a number is a text. */
function enumName({ values, valuesById }: protobuf.Enum, value: unknown): string | undefined {
  if (typeof value === 'string' && Object.hasOwn(values, value)) return value;
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return isNumber ? valuesById[Number(value)] : undefined;
}
