import { compareVersions } from '../../records/version.ts';

/** A message that the topic accepted: what must come out at the other end. */
export type Accepted = {
  /** Of a write through the API only the record's id is known. */
  messageId?: string;
  recordId?: string;
  name?: string;
};

export type Outcome = {
  accepted: number;
  readable: number;
  deadLettered: number;
  /** Accepted, and neither among the events with its record readable, nor dead-lettered. */
  lost: string[];
  /** Ids that a reader saw more than once. */
  duplicated: string[];
  /** Ids of which a reader saw an older version than the newest that was accepted. */
  stale: string[];
};

/**
 * Holds what was accepted against what can be read. One topic gives ids in the order of publishing, so the newest accepted
 * version of a record is the one with the greatest message id. A reader may see a newer one still: a message that was stored
 * when the process died before it could say so.
 */
export function settle(options: {
  accepted: readonly Accepted[];
  readable: readonly { id: string; name: string }[];
  /** The name in each event row, by its message id. No two messages carry the same name. */
  events: ReadonlyMap<string, string>;
  deadLettered: ReadonlySet<string>;
}): Outcome {
  const { accepted, readable, events, deadLettered } = options;
  const seen = new Map(readable.map(({ id, name }) => [id, name]));
  const lost = accepted.filter(({ messageId, recordId }) => {
    if (recordId === undefined) return !deadLettered.has(messageId ?? '');
    return !seen.has(recordId) || (messageId !== undefined && !events.has(messageId));
  });
  const messageIdOf = new Map([...events].map(([messageId, name]) => [name, messageId]));
  const stale = [...newestVersions(accepted)].filter(([id, newest]) => {
    const seenMessageId = messageIdOf.get(seen.get(id) ?? '');
    return (
      newest.messageId !== undefined && seenMessageId !== undefined && isNewer(newest, { messageId: seenMessageId })
    );
  });
  // Readers see records in order of id: one that stands twice stands side by side.
  const ids = readable.map(({ id }) => id).toSorted();
  return {
    accepted: accepted.length,
    readable: readable.length,
    deadLettered: deadLettered.size,
    lost: lost.map(({ messageId, recordId }) => messageId ?? recordId ?? ''),
    duplicated: ids.filter((id, index) => id === ids[index - 1]),
    stale: stale.map(([id]) => id),
  };
}

function newestVersions(accepted: readonly Accepted[]): Map<string, Accepted> {
  const newest = new Map<string, Accepted>();
  for (const message of accepted) {
    const known = message.recordId === undefined ? undefined : newest.get(message.recordId);
    if (message.recordId !== undefined && (!known || isNewer(message, known))) newest.set(message.recordId, message);
  }
  return newest;
}

function isNewer(a: Accepted, b: Accepted): boolean {
  const version = ({ messageId = '' }: Accepted) => ({ orderedAt: 0, messageId });
  return compareVersions(version(a), version(b)) > 0;
}
