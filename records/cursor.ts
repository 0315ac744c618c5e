import { hash } from 'node:crypto';
import { showValue } from '../base/errors.ts';
import { recordErrors } from './errors.ts';

const CHECK_CHARS = 8;

/**
 * A keyset cursor: the last id of a page, with a check over it, so that one that was cut, mistyped or made up is told from
 * one of ours. It is no secret and needs none: a position in what the client may read anyway.
 */
export function encodeCursor(lastId: string): string {
  return check(lastId) + Buffer.from(lastId).toString('base64url');
}

/** The id behind which the next page starts. Throws `cursor_invalid`. */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor.slice(CHECK_CHARS), 'base64url').toString();
  if (encodeCursor(id) !== cursor) {
    const rule = 'must be the nextCursor of an earlier page, unchanged';
    const problems = [{ field: 'cursor', value: showValue(cursor), rule }];
    throw recordErrors.error('cursor_invalid', `cursor ${rule}`, { problems });
  }
  return id;
}

function check(id: string): string {
  return hash('sha256', `burnline cursor 1\0${id}`, 'base64url').slice(0, CHECK_CHARS);
}
