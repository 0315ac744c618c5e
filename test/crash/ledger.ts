import { compareVersions } from '../../records/version.ts';

/** A message that the topic accepted: what must come out at the other end. */
export type Accepted = {
  /** Of a write through the API only the record's id is known. */
  messageId?: string;
  recordId?: string;
  name?: string;
};

/** What came out at the other end. */
export type Books = {
  /** The records as a reader sees them. */
  readable: readonly { id: string; name: string }[];
  /** Each event by its message id. No two messages carry the same name. */
  events: ReadonlyMap<string, StoredEvent>;
  /** Event rows beyond one for each message: what redelivery repeated. No reader sees those. */
  repeated: number;
  /** The reason of each dead letter, by its message id. */
  deadLettered: ReadonlyMap<string, string>;
};

/** What is known of an event. Where a topic gives ids in the order of publishing, all are ordered by them, at 0. */
export type StoredEvent = { name: string; orderedAt: number };

export type Outcome = {
  accepted: number;
  readable: number;
  deadLettered: number;
  /** Good messages among the dead letters. */
  goodDeadLettered: number;
  /** Accepted, and neither among the events with its record readable, nor dead-lettered as it should be. */
  lost: string[];
  /** Ids that a reader saw more than once. */
  duplicated: string[];
  /** Ids of which a reader saw an older version than the newest that was accepted. */
  stale: string[];
};

/**
 * Holds what was accepted against what can be read. A reader may see a newer version than the newest that was accepted: a
 * message that was stored when the process died before it could say so.
 *
 * @param options.rowsRefused how many rows the warehouse refused on purpose: so many good messages may be dead letters for it,
 *   and a good message that is one beyond that, or for another reason, is lost
 */
export function settle(options: Books & { accepted: readonly Accepted[]; rowsRefused?: number }): Outcome {
  const { accepted, readable, events, deadLettered, rowsRefused = 0 } = options;
  const seen = new Map(readable.map(({ id, name }) => [id, name]));
  const goodDeadLettered = accepted.filter(message => reasonOf(message) !== undefined);
  const refused = new Set(
    goodDeadLettered.filter(message => reasonOf(message) === 'row_refused').slice(0, rowsRefused),
  );

  function reasonOf({ messageId, recordId }: Accepted): string | undefined {
    return recordId === undefined ? undefined : deadLettered.get(messageId ?? '');
  }

  function isLost(message: Accepted): boolean {
    const { messageId, recordId } = message;
    if (recordId === undefined) return !deadLettered.has(messageId ?? '');
    if (reasonOf(message) !== undefined) return !refused.has(message);
    return !seen.has(recordId) || (messageId !== undefined && !events.has(messageId));
  }

  const versionOf = ({ messageId = '' }: Accepted) => ({
    orderedAt: events.get(messageId)?.orderedAt ?? 0,
    messageId,
  });
  const isNewer = (a: Accepted, b: Accepted) => compareVersions(versionOf(a), versionOf(b)) > 0;
  // One that was refused is a version that nobody has to see.
  const due = accepted.filter(message => !refused.has(message) || events.has(message.messageId ?? ''));
  const messageIdOf = new Map([...events].map(([messageId, { name }]) => [name, messageId]));
  const stale = [...newestVersions(due, isNewer)].filter(([id, newest]) => {
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
    goodDeadLettered: goodDeadLettered.length,
    lost: accepted.filter(isLost).map(({ messageId, recordId }) => messageId ?? recordId ?? ''),
    duplicated: ids.filter((id, index) => id === ids[index - 1]),
    stale: stale.map(([id]) => id),
  };
}

function newestVersions(
  accepted: readonly Accepted[],
  isNewer: (a: Accepted, b: Accepted) => boolean,
): Map<string, Accepted> {
  const newest = new Map<string, Accepted>();
  for (const message of accepted) {
    const known = message.recordId === undefined ? undefined : newest.get(message.recordId);
    if (message.recordId !== undefined && (!known || isNewer(message, known))) newest.set(message.recordId, message);
  }
  return newest;
}
