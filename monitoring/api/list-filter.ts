import { isJsonObject } from '../../base/json.ts';
import { matchesBy } from '../filter/match.ts';
import { parseFilter } from '../filter/parse.ts';
import type { Message } from './messages/read.ts';

/**
 * Which resources a list's filter selects: `display_name="a"`, `user_labels.team=one_of("a", "b")`, `state="OPEN"`. What a resource
 * lacks is an empty text. Throws `filter_invalid`.
 */
export function selectedBy(filter: string): (message: Message) => boolean {
  if (filter.trim() === '') return () => true;
  const parsed = parseFilter(filter);
  return message => matchesBy(parsed, field => textAt(message, field.split('.')));
}

function textAt(value: unknown, [name, ...rest]: readonly string[]): string {
  if (name === undefined) return typeof value === 'object' && value !== null ? '' : String(value ?? '');
  if (!isJsonObject(value)) return '';
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  // A label's key may have dots and underscores of its own.
  const whole = [name, ...rest].join('.');
  if (Object.hasOwn(value, whole)) return textAt(value[whole], []);
  return textAt(Object.hasOwn(value, camel) ? value[camel] : undefined, rest);
}
