import { isUtf8 } from 'node:buffer';
import { formatRfc3339 } from '../base/time.ts';
import { decodeCursor, encodeCursor } from '../records/cursor.ts';
import type { StoredDeadLetter } from '../records/dead-letters.ts';

const CURSOR_KIND = 'dead-letter:';

/** A dead letter as it is served. */
export function showDeadLetter(letter: StoredDeadLetter) {
  const { data, publishedAt, refusedAt, replayedAt, ...rest } = letter;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return {
    ...rest,
    ...(isUtf8(bytes) && { text: bytes.toString() }),
    data: bytes.toString('base64'),
    publishedAt: formatRfc3339(publishedAt),
    refusedAt: formatRfc3339(refusedAt),
    ...(replayedAt !== undefined && { replayedAt: formatRfc3339(replayedAt) }),
  };
}

/** A cursor that no list but that of dead letters takes. */
export function encodeLetterCursor(id: string): string {
  return encodeCursor(CURSOR_KIND + id);
}

/** The id behind which the next page starts. Throws `cursor_invalid`. */
export function decodeLetterCursor(cursor: string): string {
  const key = decodeCursor(cursor);
  // A cursor of another list is told as one that was made up.
  return key.startsWith(CURSOR_KIND) ? key.slice(CURSOR_KIND.length) : decodeCursor('');
}
