import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { nowMicros } from '../base/time.ts';
import { type BigQueryEmulator, openBigQuery } from '../records/bigquery/clients.ts';
import { fromEventRow } from '../records/bigquery/event-row.ts';
import { type Dataset, sqlName, tableNames } from '../records/bigquery/names.ts';
import { createQueries } from '../records/bigquery/query.ts';
import { eventColumns } from '../records/bigquery/sql.ts';
import { newestOf, rangeOf, type Table } from './table.ts';

/** What was appended longer ago is not read, so that a query bills for today's partition only. */
const LOOK_BACK_MICROS = 900_000_000;

/**
 * The event table in BigQuery, of the last 15 minutes: one query for each look. It asks the rows themselves and not what a
 * reader of ours makes of them.
 *
 * @param options.onQuery is called for each query that is sent: each is billed
 */
export async function openBigQueryTable(options: {
  dataset: Dataset;
  emulator?: BigQueryEmulator | undefined;
  clock: Clock;
  onQuery?: () => void;
}): Promise<Table> {
  const { dataset, emulator, clock, onQuery } = options;
  const client = await openBigQuery({ projectId: dataset.projectId, ...(emulator && { emulator }) });
  const queries = createQueries(client, onQuery);
  const sql = `SELECT ${eventColumns} FROM ${sqlName(dataset, tableNames.events)}
    WHERE appended_at >= TIMESTAMP_MICROS(@since) AND id >= @from AND id < @below ORDER BY id`;
  return {
    async newest(prefix) {
      const params = { since: nowMicros(clock) - LOOK_BACK_MICROS, ...rangeOf(prefix) };
      // For a clustered table the limit is held against the whole partition, though a few blocks are read and billed.
      return newestOf((await queries.all({ sql, params, bytesMax: limits.scan_bytes_max })).map(fromEventRow));
    },
    close() {},
  };
}
