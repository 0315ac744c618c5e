import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { parseJson } from '../../base/json.ts';
import { recordColumns } from '../columns.ts';
import type { DataRecord } from '../record.ts';

const COLUMNS = recordColumns.map(({ name, kind }) => ({ name, isJson: kind === 'json' }));

/** The record's columns, as a list for SQL. */
export const recordColumnList = COLUMNS.map(({ name }) => `"${name}"`).join(', ');

/** The record's values in the order of `recordColumnList`. */
export function toColumnValues(record: DataRecord): SQLInputValue[] {
  const fields = record as Readonly<Record<string, unknown>>;
  return COLUMNS.map(({ name, isJson }) => {
    const value = fields[name];
    if (value === undefined) return null;
    return isJson ? JSON.stringify(value) : (value as SQLInputValue);
  });
}

/** Values in the order of `recordColumnList` back as a record: what is null was not given. */
export function toRecord(values: readonly SQLOutputValue[]): DataRecord {
  const record: Record<string, unknown> = {};
  for (let index = 0; index < COLUMNS.length; index += 1) {
    const value = values[index];
    if (value === null) continue;
    const { name, isJson } = COLUMNS[index] as (typeof COLUMNS)[number];
    record[name] = isJson ? parseJson(value as string) : value;
  }
  return record as DataRecord;
}
