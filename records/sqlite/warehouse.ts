import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { inTransaction } from '../../base/sqlite/database.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import { createBatcher } from '../batcher.ts';
import { digestOf, ERASED_MEANWHILE } from '../erasures.ts';
import type { RecordEvent, RowError, Warehouse } from '../warehouse.ts';
import { columnPlaceholders, type NewestVersions } from './newest.ts';
import { recordColumnList, toColumnValues } from './rows.ts';

/** The warehouse on a laptop: all appends of one event-loop turn are one commit, and `records` follows in the same one. */
export function createSqliteWarehouse({
  database,
  newest,
  clock,
}: {
  database: DatabaseSync;
  newest: NewestVersions;
  clock: Clock;
}): Warehouse {
  const insertEvent = prepareInsert(database);

  const lastEvent = database.prepare('SELECT max(seq) AS seq FROM record_events');
  const removeEvents = database.prepare(
    'DELETE FROM record_events WHERE id = ? AND ordered_at <= ? AND seq > ? AND seq <= ?',
  );

  /** Answers why the event was not stored, where its client has to be told. */
  function appendOne(event: RecordEvent, appendedAt: Micros): string | undefined {
    const { record, version, source, traceparent = null } = event;
    if (newest.isErased(record.id, version.orderedAt)) return source === 'api' ? ERASED_MEANWHILE : undefined;
    const values = toColumnValues(record);
    insertEvent.run(version.orderedAt, version.messageId, appendedAt, source, traceparent, ...values);
    newest.keep(event);
    return undefined;
  }

  function appendAll(appends: readonly (readonly RecordEvent[])[]): RowError[][] {
    const appendedAt = nowMicros(clock);
    return inTransaction(database, () =>
      appends.map(events => appendEach(events, event => appendOne(event, appendedAt))),
    );
  }

  return {
    system: 'sqlite',
    append: createBatcher({
      run: appendAll,
      weigh: events => events.length,
      unit: 'events',
      batchWeightMax: limits.append_batch_events_max,
      waitingWeightMax: limits.append_queue_events_max,
    }),
    async lastOrder(id) {
      return newest.lastOrder(id);
    },
    async erase(id) {
      // A version may be ordered ahead of our clock, and must not survive for it.
      const erasedAt = Math.max(nowMicros(clock), newest.lastOrder(id));
      const lastSeq = inTransaction(database, () => {
        newest.noteErasure({ idSha256: digestOf(id), erasedAt });
        newest.remove(id, erasedAt);
        return Number(lastEvent.get()?.seq ?? 0);
      });
      // What it covers is neither seen nor stored from here on. An index by id would make appends in bulk take 1.7 times as long,
      // so all that is there is looked through: an erasure that dies over it was not answered, and is asked for again.
      let events = 0;
      for (let seq = 0; seq < lastSeq; seq += limits.erase_scan_events_max) {
        if (seq > 0) await new Promise(setImmediate);
        const upTo = Math.min(seq + limits.erase_scan_events_max, lastSeq);
        events += Number(removeEvents.run(id, erasedAt, seq, upTo).changes);
      }
      // The write-ahead log still holds what was deleted until it is folded in and cut.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return events;
    },
    async close() {
      database.close();
    },
  };
}

/** A row that SQLite refuses costs itself: the statement is undone, the transaction goes on. */
function appendEach(events: readonly RecordEvent[], appendOne: (event: RecordEvent) => string | undefined): RowError[] {
  const errors: RowError[] = [];
  for (const [index, event] of events.entries()) {
    try {
      const reason = appendOne(event);
      if (reason !== undefined) errors.push({ index, reason });
    } catch (error) {
      if (!isRowFault(error)) throw error;
      errors.push({ index, reason: messageOf(error) });
    }
  }
  return errors;
}

/** SQLITE_CONSTRAINT, SQLITE_MISMATCH and SQLITE_TOOBIG speak of the row; all others (disk full, I/O) of the file. */
function isRowFault(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && [18, 19, 20].includes(code & 0xff);
}

function prepareInsert(database: DatabaseSync) {
  return database.prepare(`
    INSERT INTO record_events (ordered_at, message_id, appended_at, source, traceparent, ${recordColumnList})
    VALUES (?, ?, ?, ?, ?, ${columnPlaceholders})`);
}
