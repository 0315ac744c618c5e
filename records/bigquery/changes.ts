import { limits } from '../../base/limits.ts';
import { CHECKSUM_PRIME, type Changes, DAY_MICROS } from '../changes.ts';
import { readErasures, removeErased } from './erasures.ts';
import { fromEventRow } from './event-row.ts';
import { type Dataset, sqlName, tableNames } from './names.ts';
import type { Queries, Query } from './query.ts';
import { eventColumns, newestSql } from './sql.ts';

/**
 * What a replica asks of BigQuery. Following reads the partitions from `since` on, which is today's but for a minute a day
 * (decision 009 has the cost, and why not `APPENDS`).
 */
export function createBigQueryChanges({ queries, dataset }: { queries: Queries; dataset: Dataset }): Changes {
  const events = sqlName(dataset, tableNames.events);
  const newest = newestSql(dataset);
  const bytesMax = limits.scan_bytes_max;

  async function* read(query: Query) {
    for await (const row of queries.rows({ bytesMax, ...query })) yield fromEventRow(row);
  }

  return {
    source: `${dataset.projectId}.${dataset.dataset}.${tableNames.events}`,
    eventsSince: (since, limit) =>
      read({
        sql: `SELECT ${eventColumns} FROM ${events}
          WHERE appended_at >= TIMESTAMP_MICROS(@since) ORDER BY appended_at LIMIT @limit`,
        params: { since, limit },
      }),
    erasuresSince: since => readErasures(queries, dataset, since),
    newest: () => read({ sql: `SELECT ${eventColumns} FROM (${newest})` }),
    async daySums(before) {
      const rows = await queries.all({
        sql: `SELECT UNIX_MICROS(TIMESTAMP_TRUNC(ordered_at, DAY)) AS day, COUNT(*) AS records,
            SUM(MOD(UNIX_MICROS(ordered_at), ${CHECKSUM_PRIME})) AS checksum
          FROM (${newest})
          WHERE ordered_at < TIMESTAMP_TRUNC(TIMESTAMP_MICROS(@before), DAY) GROUP BY day`,
        params: { before },
        bytesMax,
      });
      return rows.map(({ day, records, checksum }) => ({
        ...{ day: Number(day), records: Number(records), checksum: Number(checksum) },
      }));
    },
    newestOfDay: day =>
      read({
        sql: `SELECT ${eventColumns} FROM (${newest})
          WHERE ordered_at >= TIMESTAMP_MICROS(@day) AND ordered_at < TIMESTAMP_MICROS(@end)`,
        params: { day, end: day + DAY_MICROS },
      }),
    removeErased: () => removeErased(queries, dataset),
  };
}
