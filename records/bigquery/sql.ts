import { recordColumns } from '../columns.ts';
import { type Dataset, sqlName, tableNames } from './names.ts';

/** Every column of an event, its times in microseconds: parsing text to times costs the client four times as much. */
export const eventColumns = `* REPLACE (${['ordered_at', 'appended_at']
  .concat(recordColumns.filter(({ kind }) => kind === 'timestamp').map(({ name }) => name))
  .map(name => `UNIX_MICROS(\`${name}\`) AS \`${name}\``)
  .join(', ')})`;

/** The newest version of every id, without what was erased: what SQLite keeps as a table (records/version.ts says which is newer). */
export function newestSql(dataset: Dataset): string {
  return `
    SELECT e.*
    FROM ${sqlName(dataset, tableNames.events)} AS e
    LEFT JOIN ${sqlName(dataset, tableNames.erasures)} AS x ON x.id_sha256 = SHA256(e.id) AND e.ordered_at <= x.erased_at
    WHERE x.id_sha256 IS NULL
    QUALIFY ROW_NUMBER() OVER (
      PARTITION BY e.id ORDER BY e.ordered_at DESC, LENGTH(e.message_id) DESC, e.message_id DESC) = 1`;
}

/** The view \`records\`: for people, with attributes as JSON. */
export function recordsViewSql(dataset: Dataset): string {
  return `SELECT * REPLACE (SAFE.PARSE_JSON(attributes, wide_number_mode => 'round') AS attributes)
  FROM (${newestSql(dataset)})`;
}
