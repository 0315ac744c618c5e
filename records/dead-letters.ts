import type { Micros } from '../base/time.ts';

/** Why a message could not become a record. */
export const deadLetterReasons = {
  no_data: 'The push envelope holds no data; the bytes are the envelope.',
  not_base64: 'The data of the push envelope is not base64; the bytes are the envelope.',
  not_utf8: 'The bytes are not UTF-8.',
  not_json: 'The text is not JSON.',
  invalid_record: 'The JSON is not a record.',
  too_large: 'The record is larger than the limit.',
  row_refused: 'The warehouse refused the row.',
  attempts_exhausted: 'The subscription gave up after its maximum of delivery attempts.',
} as const;

export type DeadLetterReason = keyof typeof deadLetterReasons;

/** A message that was refused, with all that is needed to try again. */
export type DeadLetter = {
  /** The source's message id, or one derived from it where other bytes came under it before. */
  messageId: string;
  reason: DeadLetterReason;
  /** What was wrong this time, naming field, value and rule. */
  detail: string;
  /** The original bytes. */
  data: Uint8Array;
  attributes: Readonly<Record<string, string>>;
  publishedAt: Micros;
  refusedAt: Micros;
  /** The id inside, where one could be read: erasing that id removes this dead letter. */
  recordId?: string;
};

export type StoredDeadLetter = DeadLetter & { id: string; replayedAt?: Micros };

/** Some dead letters, and whether there are more behind them. */
export type DeadLetterPage = { letters: StoredDeadLetter[]; isMore: boolean };

export interface DeadLetters {
  /**
   * Resolves once all are durable, with those that were new, as they are kept: one message is one dead letter, however often it
   * was delivered, and other bytes under the same message id are another, `<id>-<first 16 hex digits of their SHA-256>`. One whose
   * record was erased since its message was published is passed over.
   */
  add(deadLetters: readonly DeadLetter[]): Promise<DeadLetter[]>;
  get(id: string): Promise<StoredDeadLetter | undefined>;
  /**
   * Oldest first, those behind `after`; without the replayed ones unless asked for. Ends early, behind the first, where their data
   * is more than `dead_letters_page_bytes_max`.
   */
  list(options: {
    limit: number;
    after?: string;
    reason?: DeadLetterReason;
    replayed?: boolean;
  }): Promise<DeadLetterPage>;
  /** Those not replayed yet. */
  count(): Promise<number>;
  /** Notes when it was replayed, and the id of the record that it became. */
  markReplayed(id: string, replay: { at: Micros; recordId: string }): Promise<void>;
  /**
   * Removes those that carry the record id or became a record of that id by a replay; where no id could be read, those whose
   * bytes have it behind a key `id`. Resolves with how many.
   */
  erase(recordId: string): Promise<number>;
}

/**
 * Tries a dead letter again: unchanged, with its own place in the order of versions, or as the record given in its stead, as
 * the newest version. Throws `dead_letter_unknown`, and `dead_letter_still_refused` with its problems.
 */
export type Replay = (id: string, corrected?: unknown) => Promise<{ outcome: 'stored'; id: string }>;
