import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import { createBatcher } from '../batcher.ts';
import type { RecordEvent, RowError, Warehouse } from '../warehouse.ts';
import { inTransaction } from './database.ts';
import { recordColumnList, toColumnValues } from './rows.ts';

/** The warehouse on a laptop: all appends of one event-loop turn are one commit, and `records` follows in the same one. */
export function createSqliteWarehouse({ database, clock }: { database: DatabaseSync; clock: Clock }): Warehouse {
  const insertEvent = prepareInsert(database);
  const keepNewest = prepareUpsert(database);
  const findErasure = database.prepare('SELECT erased_at FROM erasures WHERE id_sha256 = ?');
  const countErasures = database.prepare('SELECT count(*) AS erasures FROM erasures');
  const noteApiWrite = database.prepare('UPDATE last_api_write SET ordered_at = max(ordered_at, ?)');

  let erasures = Number(countErasures.get()?.erasures);

  function wasErasedSince({ record, version }: RecordEvent): boolean {
    const erasedAt = erasures > 0 && (findErasure.get(hashOf(record.id))?.erased_at as Micros | undefined);
    return typeof erasedAt === 'number' && version.orderedAt <= erasedAt;
  }

  function appendOne(event: RecordEvent, appendedAt: Micros): void {
    // Redelivered after its erasure: accepted, so that it does not come for ever, and not stored.
    if (wasErasedSince(event)) return;
    const { orderedAt, messageId } = event.version;
    const traceparent = event.traceparent ?? null;
    const values = toColumnValues(event.record);
    insertEvent.run(orderedAt, messageId, appendedAt, event.source, traceparent, ...values);
    keepNewest.run(orderedAt, messageId, traceparent, ...values);
    if (event.source === 'api') noteApiWrite.run(orderedAt);
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
      batchWeightMax: limits.append_batch_events_max,
      waitingWeightMax: limits.append_queue_events_max,
    }),
    async erase(id) {
      const events = inTransaction(database, () => {
        const erasedAt = nowMicros(clock);
        database.prepare('INSERT OR REPLACE INTO erasures VALUES (?, ?)').run(hashOf(id), erasedAt);
        database.prepare('DELETE FROM records WHERE id = ?').run(id);
        return Number(database.prepare('DELETE FROM record_events WHERE id = ?').run(id).changes);
      });
      erasures += 1;
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
function appendEach(events: readonly RecordEvent[], appendOne: (event: RecordEvent) => void): RowError[] {
  const errors: RowError[] = [];
  for (const [index, event] of events.entries()) {
    try {
      appendOne(event);
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

function hashOf(id: string): Uint8Array {
  return createHash('sha256').update(id).digest();
}

function prepareInsert(database: DatabaseSync) {
  return database.prepare(`
    INSERT INTO record_events (ordered_at, message_id, appended_at, source, traceparent, ${recordColumnList})
    VALUES (?, ?, ?, ?, ?, ${placeholders()})`);
}

function prepareUpsert(database: DatabaseSync) {
  const columns = `ordered_at, message_id, traceparent, ${recordColumnList}`;
  const assignments = columns
    .split(', ')
    .map(column => `${column} = excluded.${column}`)
    .join(', ');
  return database.prepare(`
    INSERT INTO records (${columns}) VALUES (?, ?, ?, ${placeholders()})
    ON CONFLICT (id) DO UPDATE SET ${assignments}
    WHERE (excluded.ordered_at, length(excluded.message_id), excluded.message_id)
        > (records.ordered_at, length(records.message_id), records.message_id)`);
}

function placeholders(): string {
  return recordColumnList.replaceAll(/"[^"]+"/g, '?');
}
