import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Reader } from '../reader.ts';
import { recordColumnList, toRecord } from './rows.ts';

type Row = Record<string, SQLOutputValue>;

/** Reads the newest versions. Each page is a statement of its own: an open cursor would keep the write-ahead log growing. */
export function createSqliteReader({ database }: { database: DatabaseSync }): Reader {
  const one = database.prepare(
    `SELECT ${recordColumnList}, ordered_at, message_id, traceparent FROM records WHERE id = ?`,
  );
  const first = database.prepare(`SELECT ${recordColumnList} FROM records ORDER BY id LIMIT ?`);
  const after = database.prepare(`SELECT ${recordColumnList} FROM records WHERE id > ? ORDER BY id LIMIT ?`);
  // The inner query walks the index of ids alone, which is a tenth of the table.
  const skipped = database.prepare(`
    SELECT ${recordColumnList} FROM records
    WHERE id >= (SELECT id FROM records ORDER BY id LIMIT 1 OFFSET ?) ORDER BY id LIMIT ?`);

  return {
    async get(id) {
      const row = one.get(id) as Row | undefined;
      return (
        row && {
          record: toRecord(row),
          version: { orderedAt: row.ordered_at as number, messageId: row.message_id as string },
          ...(typeof row.traceparent === 'string' && { traceparent: row.traceparent }),
        }
      );
    },
    async page(options) {
      const { limit } = options;
      if ('after' in options) return after.all(options.after, limit).map(toRecord);
      return (options.offset === 0 ? first.all(limit) : skipped.all(options.offset, limit)).map(toRecord);
    },
    isFresh: () => true,
  };
}
