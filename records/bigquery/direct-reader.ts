import type { Reader } from '../reader.ts';
import { fromEventRow } from './event-row.ts';
import type { Dataset } from './names.ts';
import type { Queries } from './query.ts';
import { eventColumns, newestSql } from './sql.ts';

/**
 * Reads by queries, `READS=direct`: always what is committed, at a second and at least 10 MB billed each. Above
 * `query_bytes_max` a read is refused with `query_too_large`.
 */
export function createDirectReader({ queries, dataset }: { queries: Queries; dataset: Dataset }): Reader {
  const newest = newestSql(dataset);

  return {
    async get(id) {
      const [row] = await queries.all({
        sql: `SELECT ${eventColumns} FROM (${newest}) WHERE id = @id`,
        params: { id },
      });
      if (!row) return undefined;
      const { record, version, traceparent } = fromEventRow(row);
      return { record, version, ...(traceparent !== undefined && { traceparent }) };
    },
    async page(options) {
      const { limit } = options;
      const [where, window, params] =
        'after' in options
          ? ['WHERE id > @after', 'LIMIT @limit', { limit, after: options.after }]
          : ['', 'LIMIT @limit OFFSET @offset', { limit, offset: options.offset }];
      const rows = await queries.all({
        sql: `SELECT ${eventColumns} FROM (${newest}) ${where} ORDER BY id ${window}`,
        params,
      });
      return rows.map(row => fromEventRow(row).record);
    },
    async catchUp() {},
    isFresh: () => true,
  };
}
