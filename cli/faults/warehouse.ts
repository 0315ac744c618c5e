import { recordErrors } from '../../records/errors.ts';
import type { Reader } from '../../records/reader.ts';
import type { Warehouse } from '../../records/warehouse.ts';
import type { Flags } from './flags.ts';

/** A warehouse that `warehouse-down` makes unreachable, and whose appends `slow-appends` delays. */
export function withWarehouseFaults(
  warehouse: Warehouse,
  { flags, wait }: { flags: Flags; wait(ms: number): Promise<void> },
): Warehouse {
  return {
    ...warehouse,
    async append(events) {
      const ms = flags.value('slow-appends');
      if (ms !== undefined) await wait(ms);
      refuseWhereDown(flags);
      return warehouse.append(events);
    },
    async erase(id) {
      refuseWhereDown(flags);
      return warehouse.erase(id);
    },
  };
}

/** A reader that `warehouse-down` cuts off from what it reads. What it last knew of its age it goes on to say. */
export function withReaderFaults(reader: Reader, flags: Flags): Reader {
  return {
    ...reader,
    async get(id) {
      refuseWhereDown(flags);
      return reader.get(id);
    },
    async page(options) {
      refuseWhereDown(flags);
      return reader.page(options);
    },
    async catchUp() {
      refuseWhereDown(flags);
      return reader.catchUp();
    },
  };
}

function refuseWhereDown(flags: Flags): void {
  if (flags.value('warehouse-down') === undefined) return;
  throw recordErrors.error('warehouse_unreachable', 'The warehouse cannot be reached: warehouse-down is on');
}
