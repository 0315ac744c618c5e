import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { recordErrors } from '../records/errors.ts';
import { recordColumnList, toRecord } from '../records/sqlite/rows.ts';
import { newestOf, rangeOf, type Table } from './table.ts';

const SQL = `SELECT ordered_at, message_id, ${recordColumnList} FROM record_events WHERE id >= ? AND id < ? ORDER BY id`;

/** The embedded event table, in the file that another process writes. Throws `warehouse_missing`. */
export function openSqliteTable({ path }: { path: string }): Table {
  if (!existsSync(path)) {
    const detail = `There is no warehouse at ${path}: start the platform first, or name its folder in BURNLINE_DATA_DIR; in the cloud set WAREHOUSE=bigquery`;
    throw recordErrors.error('warehouse_missing', detail);
  }
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const select = database.prepare(SQL);
  select.setReturnArrays(true);
  return {
    async newest(prefix) {
      const { from, below } = rangeOf(prefix);
      const rows = select.all(from, below) as unknown as [number, string, ...(string | number | null)[]][];
      return newestOf(
        rows.map(([orderedAt, messageId, ...values]) => ({
          record: toRecord(values),
          version: { orderedAt, messageId },
        })),
      );
    },
    close: () => database.close(),
  };
}
