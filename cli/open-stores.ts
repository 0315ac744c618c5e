import type { Clock } from '../base/clock.ts';
import type { DeadLetters } from '../records/dead-letters.ts';
import type { Reader } from '../records/reader.ts';
import type { Replica } from '../records/replica/replica.ts';
import type { Warehouse } from '../records/warehouse.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Instruments } from '../telemetry/signals.ts';
import type { Settings } from './settings.ts';

/** What the records platform keeps its records in. */
export type Stores = {
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  reader: Reader;
  /** Where reads are answered from a replica. */
  replica?: Replica;
  /** Removes an id from everywhere; resolves with what was removed. */
  erase(id: string): Promise<{ deadLetters: number; events: number }>;
  close(): Promise<void>;
};

type Options = {
  settings: Pick<Settings, 'warehouse'>;
  clock: Clock;
  log: Logger;
  instruments: Instruments;
  /** Ingest alone reads nothing, and so needs no replica. */
  needsReader: boolean;
  /** What a test or a failure flag puts before the warehouse. */
  wrapWarehouse?: ((warehouse: Warehouse) => Warehouse) | undefined;
};

/** Opens the stores that the settings name. */
export async function openStores(options: Options): Promise<Stores> {
  const { warehouse } = options.settings;
  return warehouse.kind === 'sqlite' ? openSqlite(warehouse.path, options) : openBigQuery(warehouse, options);
}

async function openSqlite(path: string, { clock, wrapWarehouse = w => w }: Options): Promise<Stores> {
  const { openWarehouseFile } = await import('../records/sqlite/warehouse-file.ts');
  const { deadLetters, reader, ...file } = openWarehouseFile({ path, clock });
  const warehouse = wrapWarehouse(file.warehouse);
  return {
    ...{ warehouse, deadLetters, reader },
    erase: createErase({ warehouse, deadLetters }),
    close: () => warehouse.close(),
  };
}

async function openBigQuery(
  settings: Extract<Settings['warehouse'], { kind: 'bigquery' }>,
  { clock, log, instruments, needsReader, wrapWarehouse = w => w }: Options,
): Promise<Stores> {
  const { openBigQueryStores } = await import('../records/bigquery/open.ts');
  const { dataset, emulator, reads } = settings;
  const onQuery = () => instruments.queries.add(1);
  const stores = await openBigQueryStores({ dataset, emulator, clock, onQuery, appendsSoon: !needsReader });
  const { deadLetters, changes } = stores;
  const warehouse = wrapWarehouse(stores.warehouse);
  const erase = createErase({ warehouse, deadLetters });
  if (!needsReader || reads === 'direct') {
    const reader = stores.directReader;
    return { ...{ warehouse, deadLetters, reader, erase }, close: () => warehouse.close() };
  }

  const { startReplica } = await import('../records/replica/replica.ts');
  const { snapshot, ...where } = settings.replica;
  const snapshots = snapshot === undefined ? undefined : await openSnapshots(snapshot);
  const replica = startReplica({ ...where, changes, snapshots, clock, log });
  return {
    warehouse: readingOwnWrites(warehouse, replica),
    deadLetters,
    reader: replica.reader,
    replica,
    async erase(id) {
      const removed = await erase(id);
      await replica.afterErasure();
      return removed;
    },
    async close() {
      await replica.stop();
      await warehouse.close();
    },
  };
}

function createErase({ warehouse, deadLetters }: Pick<Stores, 'warehouse' | 'deadLetters'>): Stores['erase'] {
  // The warehouse first: what is delivered again from then on is passed over.
  return async id => {
    const events = await warehouse.erase(id);
    return { deadLetters: await deadLetters.erase(id), events };
  };
}

async function openSnapshots(place: string) {
  if (place.startsWith('gs://')) {
    const { openBucketSnapshots } = await import('../records/replica/bucket-snapshots.ts');
    return openBucketSnapshots({ url: place });
  }
  const { createFileSnapshots } = await import('../records/replica/snapshots.ts');
  return createFileSnapshots({ path: place });
}

/** What this process has stored is readable here when it is answered, and ordered behind what is read here, without a query. */
function readingOwnWrites(warehouse: Warehouse, replica: Replica): Warehouse {
  return {
    ...warehouse,
    async append(events) {
      const errors = await warehouse.append(events);
      const refused = new Set(errors.map(({ index }) => index));
      replica.applyOwn(events.filter((_, index) => !refused.has(index)));
      return errors;
    },
    lastOrder: async id => replica.lastOrder(id) ?? warehouse.lastOrder(id),
  };
}
