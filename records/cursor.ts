import { hash } from 'node:crypto';
import { showValue } from '../base/errors.ts';
import { recordErrors } from './errors.ts';

const CHECK_CHARS = 8;

/** What a check is over besides the id: a list takes no cursor of another one. */
const PREFIXES = { records: 'burnline cursor 1', deadLetters: 'burnline dead-letter cursor 1' };

/** A list that is paged by cursor. */
export type PagedList = keyof typeof PREFIXES;

/**
 * A keyset cursor: the last id of a page, with a check over it and its list, so that one that was cut, mistyped, made up or taken
 * from another list is told from one of ours. It is no secret and needs none: a position in what the client may read anyway.
 */
export function encodeCursor(list: PagedList, lastId: string): string {
  return check(list, lastId) + Buffer.from(lastId).toString('base64url');
}

/** The id behind which the next page of the list starts. Throws `cursor_invalid`. */
export function decodeCursor(list: PagedList, cursor: string): string {
  const id = Buffer.from(cursor.slice(CHECK_CHARS), 'base64url').toString();
  if (encodeCursor(list, id) !== cursor) {
    const rule = 'must be the nextCursor of an earlier page of this list, unchanged';
    const problems = [{ field: 'cursor', value: showValue(cursor), rule }];
    throw recordErrors.error('cursor_invalid', `cursor ${rule}`, { problems });
  }
  return id;
}

function check(list: PagedList, id: string): string {
  return hash('sha256', `${PREFIXES[list]}\0${id}`, 'base64url').slice(0, CHECK_CHARS);
}
