import { isUtf8 } from 'node:buffer';
import { formatRfc3339 } from '../base/time.ts';
import type { StoredDeadLetter } from '../records/dead-letters.ts';

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
