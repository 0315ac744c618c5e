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

/** A row back as a record: what is null was not given. */
export function toRecord(row: Readonly<Record<string, SQLOutputValue>>): DataRecord {
  const record: Record<string, unknown> = {};
  for (const { name, isJson } of COLUMNS) {
    const value = row[name];
    if (value !== null) record[name] = isJson ? parseJson(value as string) : value;
  }
  return record as DataRecord;
}
