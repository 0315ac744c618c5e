import type { BigQuery } from '@google-cloud/bigquery';
import type { Clock } from '../../base/clock.ts';
import type { Changes } from '../changes.ts';
import type { DeadLetters } from '../dead-letters.ts';
import type { Reader } from '../reader.ts';
import type { Warehouse } from '../warehouse.ts';
import type { WriteClient } from './appender.ts';
import { createBigQueryChanges } from './changes.ts';
import { type BigQueryEmulator, openBigQuery, openBigQueryWrite } from './clients.ts';
import { createTables } from './create.ts';
import { createBigQueryDeadLetters } from './dead-letters.ts';
import { createDirectReader } from './direct-reader.ts';
import { followErasures } from './known-erasures.ts';
import type { Dataset } from './names.ts';
import { createQueries } from './query.ts';
import { createBigQueryWarehouse } from './warehouse.ts';

/** All that is stored in BigQuery. Closing the warehouse closes the clients. */
export type BigQueryStores = {
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  directReader: Reader;
  changes: Changes;
};

/**
 * Opens the stores of a dataset, whose tables are made where they are missing. The client of the Storage Write API, the
 * heaviest import there is, is loaded at the first append, or beforehand.
 *
 * @param options.appendsSoon loads it at once, without being waited for: what only writes should not begin with a wait
 * @param options.onQuery is called for each query that is sent: each is billed
 */
export async function openBigQueryStores(options: {
  dataset: Dataset;
  emulator?: BigQueryEmulator | undefined;
  clock: Clock;
  onQuery?: () => void;
  appendsSoon?: boolean;
}): Promise<BigQueryStores> {
  const { dataset, emulator, clock, onQuery, appendsSoon = false } = options;
  const where = { projectId: dataset.projectId, ...(emulator && { emulator }) };
  const bigquery: BigQuery = await openBigQuery(where);
  await createTables(bigquery, dataset);
  const queries = createQueries(bigquery, onQuery);
  let client: ReturnType<typeof openBigQueryWrite> | undefined;
  const openClient = (): Promise<WriteClient> => {
    client ??= openBigQueryWrite(where).catch(error => {
      client = undefined;
      throw error;
    });
    return client;
  };
  if (appendsSoon) openClient().catch(() => {});
  const erasures = followErasures({ queries, dataset, clock });
  const parts = { dataset, queries, openClient, clock, erasures };
  const warehouse = createBigQueryWarehouse(parts);
  const deadLetters = createBigQueryDeadLetters(parts);
  return {
    warehouse: {
      ...warehouse,
      async close() {
        await Promise.all([warehouse.close(), deadLetters.close()]);
        await (await client?.catch(() => undefined))?.close();
      },
    },
    deadLetters,
    directReader: createDirectReader(parts),
    changes: createBigQueryChanges(parts),
  };
}
