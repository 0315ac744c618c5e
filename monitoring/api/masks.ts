import type protobuf from 'protobufjs';
import { showValue } from '../../base/errors.ts';
import { apiErrors } from '../errors.ts';
import type { Message } from './messages/read.ts';
import { fieldOf, nameOf, typeOf } from './messages/types.ts';

/**
 * What an update makes of a message: of the fields that the mask names the new values, or none where the update has none; the rest
 * stays. Without a mask, or with `*`, the update is the whole. Throws `argument_invalid` where the mask names no field.
 *
 * @param mask paths parted by commas, in either spelling: `goal`, `documentation.content`, `userLabels.team`
 */
export function applyMask(type: protobuf.Type, before: Message, update: Message, mask: string): Message {
  const paths = mask.split(',').filter(path => path !== '');
  if (paths.length === 0 || paths.includes('*')) return update;
  return paths.reduce((message, path) => copyPath(type, message, update, path.split('.'), path), before);
}

function copyPath(
  type: protobuf.Type,
  before: Message,
  update: Message,
  [name = '', ...rest]: readonly string[],
  path: string,
): Message {
  const field = fieldOf(type, name);
  if (!field) {
    const rule = `names no field of ${nameOf(type)}`;
    const problems = [{ field: 'updateMask', rule, value: showValue(path) }];
    throw apiErrors.error('argument_invalid', `updateMask ${rule}: ${path}`, { problems });
  }
  // Of a oneof, what is set now takes the place of what was.
  const siblings = field.partOf?.oneof ?? [];
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !siblings.includes(key)));
  if (rest.length === 0) return withField(kept, field.name, update[field.name]);
  const inner = typeOf(field);
  const [old = {}, fresh = {}] = [before[field.name], update[field.name]] as (Message | undefined)[];
  const changed =
    field.map || !inner || !('fields' in inner)
      ? withField(old, rest.join('.'), fresh[rest.join('.')])
      : copyPath(inner as protobuf.Type, old, fresh, rest, path);
  return withField(kept, field.name, changed);
}

function withField(message: Message, name: string, value: unknown): Message {
  const { [name]: _, ...others } = message;
  return value === undefined ? others : { ...others, [name]: value };
}
