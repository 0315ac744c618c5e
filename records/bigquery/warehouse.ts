import type { Clock } from '../../base/clock.ts';
import { nowMicros } from '../../base/time.ts';
import { digestOf, ERASED_MEANWHILE } from '../erasures.ts';
import type { RecordEvent, RowError, Warehouse } from '../warehouse.ts';
import { type Appender, createAppender, type WriteClient } from './appender.ts';
import { newestOrder, noteErasure, removeVersions } from './erasures.ts';
import { toEventRow } from './event-row.ts';
import type { FollowedErasures } from './known-erasures.ts';
import { type Dataset, tableNames, tablePath } from './names.ts';
import type { Queries } from './query.ts';
import { tables } from './schema.ts';

/**
 * The warehouse in BigQuery. An append resolves when the Storage Write API has answered with a result: the rows are durable,
 * and readable by the next query.
 */
export function createBigQueryWarehouse(options: {
  dataset: Dataset;
  queries: Queries;
  openClient(): Promise<WriteClient>;
  clock: Clock;
  erasures: FollowedErasures;
}): Warehouse {
  const { dataset, queries, clock, erasures } = options;
  const table = tablePath(dataset, tableNames.events);
  const appender: Appender = createAppender({ ...options, table, schema: tables[tableNames.events] });

  return {
    system: 'gcp.bigquery',
    async append(events) {
      // Nothing is appended before all erasures are known.
      const erased = await erasures.known();
      const kept: { event: RecordEvent; index: number }[] = [];
      const refused: RowError[] = [];
      for (const [index, event] of events.entries()) {
        if (!erased.covers(event.record.id, event.version.orderedAt)) kept.push({ event, index });
        else if (event.source === 'api') refused.push({ index, reason: ERASED_MEANWHILE });
      }
      const errors = await appender.append(kept.map(({ event }) => toEventRow(event)));
      return [...refused, ...errors.map(({ index, reason }) => ({ index: kept[index]?.index ?? index, reason }))];
    },
    async lastOrder(id) {
      const [stored, erased] = await Promise.all([newestOrder(queries, dataset, id), erasures.known()]);
      return Math.max(stored, erased.erasedAt(id) ?? 0);
    },
    async erase(id) {
      const known = await erasures.known();
      const erased = { id, erasedAt: Math.max(nowMicros(clock), await newestOrder(queries, dataset, id)) };
      await noteErasure(queries, dataset, erased);
      known.add({ idSha256: digestOf(id), erasedAt: erased.erasedAt });
      return removeVersions(queries, dataset, erased);
    },
    async close() {
      erasures.close();
      await appender.close();
    },
  };
}
