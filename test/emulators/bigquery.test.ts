import { systemClock } from '../../base/clock.ts';
import { openBigQueryStores } from '../../records/bigquery/open.ts';
import { testChanges } from '../../records/changes.contract.ts';
import { testStores } from '../../records/warehouse.contract.ts';
import { bigQueryEmulator } from './settings.ts';

/** The stores of a dataset of its own, or of one that is there. */
function open(dataset = { projectId: `p-${crypto.randomUUID()}`, dataset: 'latam' }) {
  return openBigQueryStores({ dataset, emulator: bigQueryEmulator(), clock: systemClock });
}

testStores('BigQuery', async () => {
  const { warehouse, deadLetters, directReader } = await open();
  return { warehouse, deadLetters, reader: directReader, close: () => warehouse.close() };
});

testChanges('BigQuery', async () => {
  const dataset = { projectId: `p-${crypto.randomUUID()}`, dataset: 'latam' };
  const { warehouse, changes } = await open(dataset);
  const unaware = await open(dataset);
  // It reads the erasures before its first append, and then only every few minutes.
  await unaware.warehouse.append([]);
  return {
    changes,
    append: warehouse.append,
    erase: warehouse.erase,
    appendUnaware: event => unaware.warehouse.append([event]),
    async close() {
      await Promise.all([warehouse.close(), unaware.warehouse.close()]);
    },
  };
});
