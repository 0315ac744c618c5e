import type { BigQuery, Table, TableMetadata } from '@google-cloud/bigquery';
import { messageOf } from '../../base/errors.ts';
import { recordErrors } from '../errors.ts';
import { type Dataset, sqlName, tableNames } from './names.ts';
import { type BigQueryColumn, type BigQueryTable, tables } from './schema.ts';
import { recordsViewSql } from './sql.ts';

const NOT_FOUND = 404;
const ALREADY_EXISTS = 409;
const FORBIDDEN = 403;

type Field = { name?: string };

/**
 * Makes the dataset, the tables and the view where they are not there, and adds the columns that a table lacks. Where Terraform
 * has made them and we may not, that is fine: an append keeps fields without a column under `unmapped`. Throws
 * `warehouse_unreachable`, and `warehouse_missing` where a table is not there and may not be made.
 */
export async function createTables(bigquery: BigQuery, dataset: Dataset): Promise<void> {
  const handle = bigquery.dataset(dataset.dataset);
  const names = Object.keys(tables) as (keyof typeof tables)[];
  try {
    // Asked all at once, for this is on the way to being ready.
    const [view, ...found] = await Promise.all(
      [tableNames.records, ...names].map(name => exists(handle.table(name).getMetadata())),
    );
    if (found.some(metadata => metadata === undefined)) await unlessThere(handle.create());
    const changes = await Promise.all(
      names.map((name, n) =>
        createTable(handle.table(name), tables[name], found[n], columns =>
          addColumns(bigquery, sqlName(dataset, name), columns),
        ),
      ),
    );
    await createView(handle.table(tableNames.records), view, { dataset, isOutdated: changes.includes(true) });
  } catch (error) {
    throw explain(error, dataset);
  }
}

async function createView(
  view: Table,
  found: TableMetadata | undefined,
  { dataset, isOutdated }: { dataset: Dataset; isOutdated: boolean },
): Promise<void> {
  const description = 'The newest version of every record.';
  const metadata = { description, view: { query: recordsViewSql(dataset), useLegacySql: false } };
  if (!found) await unlessThere(view.create(metadata));
  // A view keeps the columns that it was made with.
  else if (isOutdated) await view.setMetadata(metadata);
}

/** Resolves with whether anything was made or added. */
async function createTable(
  handle: Table,
  table: BigQueryTable,
  metadata: TableMetadata | undefined,
  add: (columns: readonly BigQueryColumn[]) => Promise<void>,
): Promise<boolean> {
  if (!metadata) {
    const { description, columns, partitionedBy, clusteredBy } = table;
    await unlessThere(
      handle.create({
        description,
        schema: { fields: columns.map(toField) },
        ...(partitionedBy && { timePartitioning: { type: 'DAY', field: partitionedBy } }),
        ...(clusteredBy && { clustering: { fields: [clusteredBy] } }),
      }),
    );
    return true;
  }
  const present = (metadata.schema as { fields?: Field[] } | undefined)?.fields ?? [];
  const missing = table.columns.filter(column => !present.some(({ name }) => name === column.name));
  if (missing.length === 0) return false;
  try {
    await add(missing);
    return true;
  } catch (error) {
    if (codeOf(error) === FORBIDDEN) return false;
    throw error;
  }
}

/**
 * A table with rows takes new columns as nullable only. By statements, which leave alone what another process has added, and one
 * for each column: the emulator passes over all but the first of several.
 */
async function addColumns(bigquery: BigQuery, table: string, columns: readonly BigQueryColumn[]): Promise<void> {
  for (const { name, type, description } of columns) {
    const options = `OPTIONS (description = ${JSON.stringify(description)})`;
    await bigquery.query(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS \`${name}\` ${type} ${options}`);
  }
}

/** The table's schema field in the REST API's form. */
function toField({ name, type, required, description }: BigQueryColumn) {
  return { name, type, mode: required ? 'REQUIRED' : 'NULLABLE', description };
}

async function exists<Metadata>(getting: Promise<[Metadata, ...unknown[]]>): Promise<Metadata | undefined> {
  try {
    return (await getting)[0];
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Another process may have been faster. */
async function unlessThere(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (codeOf(error) !== ALREADY_EXISTS) throw error;
  }
}

function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: number | string };
  return typeof code === 'number' ? code : undefined;
}

function explain(error: unknown, { projectId, dataset }: Dataset): Error {
  if (codeOf(error) === FORBIDDEN) {
    const detail = `Something of ${projectId}.${dataset} is not there and may not be made: apply the Terraform module, or grant bigquery.dataEditor (${messageOf(error)})`;
    return recordErrors.error('warehouse_missing', detail, { cause: error });
  }
  const detail = `BigQuery does not answer for ${projectId}.${dataset}: ${messageOf(error)}`;
  return recordErrors.error('warehouse_unreachable', detail, { cause: error });
}
