import type { Clock } from '../base/clock.ts';
import { type Micros, nowMicros } from '../base/time.ts';

/**
 * Which of two versions of a record is newer: the greater (`orderedAt`, length of `messageId`, `messageId`). Pub/Sub's ids
 * are decimal numbers, so a longer one is the later one. SQLite and BigQuery compare alike.
 */
export type Version = {
  /** The source's publish time; for writes through the API the write clock's time. */
  orderedAt: Micros;
  messageId: string;
};

/** Negative where `a` is older than `b`, zero where they are one version. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.orderedAt - b.orderedAt ||
    a.messageId.length - b.messageId.length ||
    (a.messageId < b.messageId ? -1 : Number(a.messageId > b.messageId))
  );
}

/** A version as a client carries it, in an ETag or a header: `1728554400000000.42`. */
export function formatVersion(version: Version): string {
  return `${version.orderedAt}.${version.messageId}`;
}

/** The clock's time, but never backwards and never twice the same, as long as the process lives. */
export function createRisingClock(clock: Clock): () => Micros {
  let lastMicros = 0;
  return () => {
    lastMicros = Math.max(nowMicros(clock), lastMicros + 1);
    return lastMicros;
  };
}

/** When a write through the API to an id is ordered. Rejects where the warehouse could not be asked. */
export type WriteClock = (id: string) => Promise<Micros>;

/**
 * The clock of writes through the API: behind all that the warehouse knows of their id, so that of two writes the later
 * answered one is the newer, and a write after an erasure is stored, also when the wall clock is set back. What is ordered
 * ahead of the wall clock moves the writes of its own id and no others.
 */
export function createWriteClock({
  clock,
  warehouse,
}: {
  clock: Clock;
  warehouse: { lastOrder(id: string): Promise<Micros> };
}): WriteClock {
  const rising = createRisingClock(clock);
  return async id => {
    const last = await warehouse.lastOrder(id);
    return Math.max(rising(), last + 1);
  };
}

/** What `formatVersion` writes. */
export const VERSION_PATTERN = /^(\d{1,16})\.([\w.:-]{1,128})$/;

/** Reads what `formatVersion` wrote; `undefined` for anything else. */
export function parseVersion(text: string): Version | undefined {
  const [, orderedAt, messageId] = VERSION_PATTERN.exec(text) ?? [];
  return messageId === undefined ? undefined : { orderedAt: Number(orderedAt), messageId };
}
