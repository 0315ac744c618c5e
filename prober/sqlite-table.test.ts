import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../base/clock.ts';
import { temporaryFolder } from '../base/testing.ts';
import { openWarehouseFile } from '../records/sqlite/warehouse-file.ts';
import { openSqliteTable } from './sqlite-table.ts';
import { testTable } from './table.contract.ts';

testTable('SQLite', async () => {
  const path = join(temporaryFolder(), 'warehouse.sqlite');
  const { warehouse } = openWarehouseFile({ path, clock: systemClock });
  const table = openSqliteTable({ path });
  return {
    ...{ table, append: warehouse.append, erase: warehouse.erase },
    async close() {
      table.close();
      await warehouse.close();
    },
  };
});

test('a warehouse that is not there is told, with what to do, and not made', () => {
  const path = join(temporaryFolder(), 'warehouse.sqlite');
  for (let time = 0; time < 2; time += 1) {
    assert.throws(() => openSqliteTable({ path }), { code: 'warehouse_missing', message: /start the platform first/ });
  }
});
