import { limits } from '../../base/limits.ts';
import type { Micros } from '../../base/time.ts';
import type { Erasure } from '../erasures.ts';
import { type Dataset, sqlName, tableNames } from './names.ts';
import type { Queries } from './query.ts';

/** The erasures that were noted at or after a time; 0 for all. */
export async function* readErasures(queries: Queries, dataset: Dataset, since: Micros): AsyncGenerator<Erasure> {
  const rows = queries.rows({
    sql: `SELECT id_sha256, UNIX_MICROS(erased_at) AS erased_at FROM ${sqlName(dataset, tableNames.erasures)}
      WHERE erased_at >= TIMESTAMP_MICROS(@since)`,
    params: { since },
  });
  for await (const { id_sha256, erased_at } of rows) {
    yield { idSha256: id_sha256 as Uint8Array, erasedAt: Number(erased_at) };
  }
}

type Erased = { id: string; erasedAt: Micros };

/** When the newest version of an id is ordered, 0 where there is none: that may be ahead of our clock. */
export async function newestOrder(queries: Queries, dataset: Dataset, id: string): Promise<Micros> {
  const [row] = await queries.all({
    sql: `SELECT UNIX_MICROS(MAX(ordered_at)) AS ordered_at FROM ${sqlName(dataset, tableNames.events)} WHERE id = @id`,
    params: { id },
    bytesMax: limits.scan_bytes_max,
  });
  return Number(row?.ordered_at ?? 0);
}

/** Notes an erasure: from now on no reader sees a version that it covers. */
export async function noteErasure(queries: Queries, dataset: Dataset, params: Erased): Promise<void> {
  await queries.change({
    sql: `INSERT INTO ${sqlName(dataset, tableNames.erasures)} (id_sha256, erased_at)
      VALUES (SHA256(@id), TIMESTAMP_MICROS(@erasedAt))`,
    params,
  });
}

/** Removes every version that an erasure covers. Resolves with how many that were. */
export function removeVersions(queries: Queries, dataset: Dataset, params: Erased): Promise<number> {
  return queries.change({
    sql: `DELETE FROM ${sqlName(dataset, tableNames.events)}
      WHERE id = @id AND ordered_at <= TIMESTAMP_MICROS(@erasedAt)`,
    params,
    bytesMax: limits.scan_bytes_max,
  });
}

/** Removes what was stored of an erased id after its erasure, by a writer that had not heard of it. */
export function removeErased(queries: Queries, dataset: Dataset): Promise<number> {
  return queries.change({
    sql: `DELETE FROM ${sqlName(dataset, tableNames.events)} AS e
      WHERE EXISTS (
        SELECT 1 FROM ${sqlName(dataset, tableNames.erasures)} AS x
        WHERE x.id_sha256 = SHA256(e.id) AND e.ordered_at <= x.erased_at)`,
    bytesMax: limits.scan_bytes_max,
  });
}
