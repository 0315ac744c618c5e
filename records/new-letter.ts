import { hash } from 'node:crypto';
import type { DeadLetter } from './dead-letters.ts';

/** What tells two messages of one id apart. */
export type LetterContent = Pick<DeadLetter, 'reason' | 'data'>;

/** A message id has at most so many characters (records/version.ts); 17 of them are the derived part. */
const STEM_CHARS_MAX = 111;

/**
 * The dead letter as it is to be kept; `undefined` where its message is kept already, and so has only been delivered again.
 * A producer of envelopes may give one id to two messages: where other bytes are kept under the id, this one gets an id derived
 * from its own, so that it comes to the same one with every delivery.
 *
 * @param known what is kept under a message id
 */
export function newLetter(
  letter: DeadLetter,
  known: (messageId: string) => LetterContent | undefined,
): DeadLetter | undefined {
  for (const messageId of possibleIds(letter)) {
    const kept = known(messageId);
    if (!kept) return { ...letter, messageId };
    if (digestOf(kept) === digestOf(letter)) return undefined;
  }
  return undefined;
}

/** The ids under which a dead letter may be kept: its own, and the one derived from its bytes. */
export function possibleIds(letter: DeadLetter): [own: string, derived: string] {
  const { messageId } = letter;
  return [messageId, `${messageId.slice(0, STEM_CHARS_MAX)}-${digestOf(letter).slice(0, 16)}`];
}

function digestOf({ reason, data }: LetterContent): string {
  if (reason !== 'no_data' && reason !== 'not_base64') return hash('sha256', data);
  // These bytes are the envelope's, and Pub/Sub writes into it which attempt it is.
  const envelope = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  return hash('sha256', Buffer.from(envelope.replace(/"deliveryAttempt"\s*:\s*\d+/, ''), 'latin1'));
}
