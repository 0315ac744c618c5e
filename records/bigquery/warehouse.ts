import type { Clock } from '../../base/clock.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import { createKnownErasures, digestOf, ERASED_MEANWHILE } from '../erasures.ts';
import type { RecordEvent, RowError, Warehouse } from '../warehouse.ts';
import { type Appender, createAppender, type WriteClient } from './appender.ts';
import { newestOrder, noteErasure, readErasures, removeVersions } from './erasures.ts';
import { toEventRow } from './event-row.ts';
import { type Dataset, tableNames, tablePath } from './names.ts';
import type { Queries } from './query.ts';
import { tables } from './schema.ts';

/** How often a writer asks which ids others have erased; what it stores in between is hidden, and removed by the daily repair. */
const ERASURES_EVERY_MS = 300_000;

/**
 * The warehouse in BigQuery. An append resolves when the Storage Write API has answered with a result: the rows are durable,
 * and readable by the next query.
 */
export function createBigQueryWarehouse(options: {
  dataset: Dataset;
  queries: Queries;
  openClient(): Promise<WriteClient>;
  clock: Clock;
}): Warehouse {
  const { dataset, queries, clock } = options;
  const table = tablePath(dataset, tableNames.events);
  const appender: Appender = createAppender({ ...options, table, schema: tables[tableNames.events] });
  const erasures = createKnownErasures();
  let readTo = 0;
  let reading: Promise<void> | undefined;

  async function readErasuresSince(since: Micros): Promise<void> {
    const now = nowMicros(clock);
    for await (const erasure of readErasures(queries, dataset, since)) erasures.add(erasure);
    readTo = now;
  }

  /** Nothing is appended before all erasures are known; where they could not be read, the next append asks again. */
  function knowErasures(): Promise<void> {
    reading ??= readErasuresSince(0).catch(error => {
      reading = undefined;
      throw error;
    });
    return reading;
  }
  knowErasures().catch(() => {});
  const timer = setInterval(() => {
    if (readTo > 0) readErasuresSince(readTo - ERASURES_EVERY_MS * 1000).catch(() => {});
  }, ERASURES_EVERY_MS).unref();

  return {
    system: 'gcp.bigquery',
    async append(events) {
      await knowErasures();
      const kept: { event: RecordEvent; index: number }[] = [];
      const refused: RowError[] = [];
      for (const [index, event] of events.entries()) {
        if (!erasures.covers(event)) kept.push({ event, index });
        else if (event.source === 'api') refused.push({ index, reason: ERASED_MEANWHILE });
      }
      const errors = await appender.append(kept.map(({ event }) => toEventRow(event)));
      return [...refused, ...errors.map(({ index, reason }) => ({ index: kept[index]?.index ?? index, reason }))];
    },
    async lastOrder(id) {
      const [stored] = await Promise.all([newestOrder(queries, dataset, id), knowErasures()]);
      return Math.max(stored, erasures.erasedAt(id) ?? 0);
    },
    async erase(id) {
      const erased = { id, erasedAt: Math.max(nowMicros(clock), await newestOrder(queries, dataset, id)) };
      await noteErasure(queries, dataset, erased);
      erasures.add({ idSha256: digestOf(id), erasedAt: erased.erasedAt });
      return removeVersions(queries, dataset, erased);
    },
    async close() {
      clearInterval(timer);
      await appender.close();
    },
  };
}
