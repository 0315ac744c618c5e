import type { Clock } from '../../base/clock.ts';
import { openDatabase } from '../../base/sqlite/database.ts';
import { recordColumns } from '../columns.ts';
import type { DeadLetters } from '../dead-letters.ts';
import type { Reader } from '../reader.ts';
import type { Warehouse } from '../warehouse.ts';
import { createSqliteDeadLetters } from './dead-letters.ts';
import { createNewestVersions } from './newest.ts';
import { createSqliteReader } from './reader.ts';
import { addRecordColumns, warehouseMigrations } from './schema.ts';
import { createSqliteWarehouse } from './warehouse.ts';

export type WarehouseFile = {
  warehouse: Warehouse;
  deadLetters: DeadLetters;
  reader: Reader;
};

/** Opens the one file that holds events, newest versions and dead letters. Closing the warehouse closes it. */
export function openWarehouseFile({ path, clock }: { path: string; clock: Clock }): WarehouseFile {
  const database = openDatabase({ path, migrations: warehouseMigrations });
  addRecordColumns(database, recordColumns);
  const newest = createNewestVersions(database);
  return {
    warehouse: createSqliteWarehouse({ database, newest, clock }),
    deadLetters: createSqliteDeadLetters({ database, newest }),
    reader: createSqliteReader({ database }),
  };
}
