import type { Micros } from '../base/time.ts';
import type { Erasure } from './erasures.ts';
import type { RecordEvent } from './warehouse.ts';

/** An event with the stamp of its append. */
export type CommittedEvent = RecordEvent & { appendedAt: Micros };

/**
 * What the newest versions of one UTC day of `ordered_at` add up to: how many, and their times modulo `CHECKSUM_PRIME`, by which
 * an older version of the same day shows too.
 */
export type DaySum = { day: Micros; records: number; checksum: number };

export const CHECKSUM_PRIME = 1_000_003;
export const DAY_MICROS = 86_400_000_000;

/** What a replica asks of the warehouse that it follows. */
export interface Changes {
  /** Names the table, so that a replica of another one is told from one of this. */
  readonly source: string;
  /** Events stamped at or after a time in order of their stamp, at most `limit`. */
  eventsSince(since: Micros, limit: number): AsyncIterable<CommittedEvent>;
  /** Erasures at or after a time; 0 for all. */
  erasuresSince(since: Micros): AsyncIterable<Erasure>;
  /** The newest version of every id, in no order. */
  newest(): AsyncIterable<RecordEvent>;
  /** The sums of all days that lie whole before a time. */
  daySums(before: Micros): Promise<DaySum[]>;
  /** The newest versions that are ordered on one UTC day. */
  newestOfDay(day: Micros): AsyncIterable<RecordEvent>;
  /** Removes for good what was stored of an erased id after its erasure. Resolves with how many events that were. */
  removeErased(): Promise<number>;
}
