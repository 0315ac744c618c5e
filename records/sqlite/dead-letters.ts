import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { limits } from '../../base/limits.ts';
import { inTransaction } from '../../base/sqlite/database.ts';
import { createBatcher } from '../batcher.ts';
import type { DeadLetter, DeadLetterReason, DeadLetters, StoredDeadLetter } from '../dead-letters.ts';
import { idPattern } from '../id-pattern.ts';
import { type LetterContent, newLetter } from '../new-letter.ts';
import type { NewestVersions } from './newest.ts';

const lenientUtf8 = new TextDecoder();

/** Dead letters beside the warehouse's tables. Their id is their number in the table. */
export function createSqliteDeadLetters({
  database,
  newest,
}: {
  database: DatabaseSync;
  newest: NewestVersions;
}): DeadLetters {
  const insert = database.prepare(`
    INSERT INTO dead_letters (message_id, reason, detail, data, attributes, published_at, refused_at, record_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const content = database.prepare('SELECT reason, data FROM dead_letters WHERE message_id = ?');
  const one = database.prepare('SELECT * FROM dead_letters WHERE seq = ?');
  const asked = `FROM dead_letters
    WHERE seq > $after AND ($reason IS NULL OR reason = $reason) AND ($replayed OR replayed_at IS NULL)
    ORDER BY seq LIMIT $limit`;
  const some = database.prepare(`SELECT * ${asked}`);
  const sizes = database.prepare(`SELECT length(data) AS bytes ${asked}`);
  const waiting = database.prepare('SELECT count(*) AS letters FROM dead_letters WHERE replayed_at IS NULL');
  const mark = database.prepare('UPDATE dead_letters SET replayed_at = ? WHERE seq = ?');
  const noteReplay = database.prepare('INSERT OR IGNORE INTO dead_letter_replays VALUES (?, ?)');
  const removeKnown = database.prepare(`
    DELETE FROM dead_letters
    WHERE record_id = $id OR seq IN (SELECT seq FROM dead_letter_replays WHERE record_id = $id)`);
  const unread = database.prepare('SELECT seq, data FROM dead_letters WHERE record_id IS NULL');
  const remove = database.prepare('DELETE FROM dead_letters WHERE seq = ?');

  function insertNew(letter: DeadLetter): DeadLetter[] {
    if (letter.recordId !== undefined && newest.isErased(letter.recordId, letter.publishedAt)) return [];
    const added = newLetter(letter, messageId => content.get(messageId) as LetterContent | undefined);
    if (!added) return [];
    insert.run(...toValues(added));
    return [added];
  }

  const insertAll = (batches: readonly (readonly DeadLetter[])[]): DeadLetter[][] =>
    inTransaction(database, () => batches.map(letters => letters.flatMap(insertNew)));
  const add = createBatcher<readonly DeadLetter[], DeadLetter[]>({
    run: insertAll,
    weigh: letters => letters.length,
    unit: 'dead letters',
    batchWeightMax: limits.append_batch_events_max,
    waitingWeightMax: limits.append_queue_events_max,
  });

  return {
    add,
    async get(id) {
      const row = isSeq(id) ? one.get(Number(id)) : undefined;
      return row && toStored(row);
    },
    async list({ limit, after = '0', reason, replayed = false }) {
      const query = { $after: Number(after), $reason: reason ?? null, $replayed: Number(replayed) };
      const found = sizes.all({ ...query, $limit: limit + 1 }).map(row => Number(row.bytes));
      const fitting = fitCount(found.slice(0, limit));
      const letters = some.all({ ...query, $limit: fitting }).map(toStored);
      return { letters, isMore: found.length > fitting };
    },
    async count() {
      return Number(waiting.get()?.letters);
    },
    async markReplayed(id, { at, recordId }) {
      inTransaction(database, () => {
        if (mark.run(at, Number(id)).changes > 0) noteReplay.run(recordId, Number(id));
      });
    },
    async erase(recordId) {
      // Bytes that could not be parsed may still name the id.
      const pattern = new RegExp(idPattern(recordId));
      const removed = inTransaction(database, () => {
        const naming: SQLOutputValue[] = [];
        for (const { seq = null, data } of unread.iterate()) {
          if (pattern.test(lenientUtf8.decode(data as Uint8Array))) naming.push(seq);
        }
        for (const seq of naming) remove.run(seq);
        return naming.length + Number(removeKnown.run({ $id: recordId }).changes);
      });
      // The write-ahead log still holds what was deleted until it is folded in and cut.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return removed;
    },
  };
}

/** How many of the first come into one page: all that fit, and one at the least. */
function fitCount(sizes: readonly number[]): number {
  let bytes = 0;
  const tooMuch = sizes.findIndex((size, index) => {
    bytes += size;
    return index > 0 && bytes > limits.dead_letters_page_bytes_max;
  });
  return tooMuch === -1 ? sizes.length : tooMuch;
}

function isSeq(id: string): boolean {
  return /^\d{1,15}$/.test(id);
}

function toValues(letter: DeadLetter) {
  return [
    letter.messageId,
    letter.reason,
    letter.detail,
    letter.data,
    JSON.stringify(letter.attributes),
    letter.publishedAt,
    letter.refusedAt,
    letter.recordId ?? null,
  ];
}

function toStored(row: Readonly<Record<string, SQLOutputValue>>): StoredDeadLetter {
  return {
    id: String(row.seq),
    messageId: row.message_id as string,
    reason: row.reason as DeadLetterReason,
    detail: row.detail as string,
    data: row.data as Uint8Array,
    attributes: JSON.parse(row.attributes as string),
    publishedAt: row.published_at as number,
    refusedAt: row.refused_at as number,
    ...(row.record_id !== null && { recordId: row.record_id as string }),
    ...(row.replayed_at !== null && { replayedAt: row.replayed_at as number }),
  };
}
