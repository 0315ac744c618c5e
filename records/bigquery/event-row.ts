import { parseJson } from '../../base/json.ts';
import { formatRfc3339, type Micros, parseRfc3339 } from '../../base/time.ts';
import { recordColumns } from '../columns.ts';
import type { DataRecord } from '../record.ts';
import type { RecordEvent } from '../warehouse.ts';
import type { Row } from './query.ts';
import type { RowValues } from './row-encoder.ts';

/** An event as a row of the event table, but for the stamp that the append gives it. */
export function toEventRow({ record, version, source, traceparent }: RecordEvent): RowValues {
  const row: Record<string, RowValues[string]> = {
    ordered_at: version.orderedAt,
    message_id: version.messageId,
    source,
    traceparent,
  };
  const fields = record as Readonly<Record<string, unknown>>;
  for (const { name, kind } of recordColumns) {
    const value = fields[name];
    if (value === undefined) continue;
    if (kind === 'json') row[name] = JSON.stringify(value);
    else row[name] = kind === 'timestamp' ? parseRfc3339(value as string) : (value as string | number);
  }
  return row;
}

/** A row of `eventColumns` (sql.ts) as the event that it was. */
export function fromEventRow(row: Row): RecordEvent & { appendedAt: Micros } {
  const whole = typeof row.unmapped === 'string' ? { ...row, ...(parseJson(row.unmapped) as Row) } : row;
  const record: Record<string, unknown> = {};
  for (const { name, kind } of recordColumns) {
    const value = whole[name];
    if (value === undefined || value === null) continue;
    if (kind === 'json') record[name] = parseJson(value as string);
    else record[name] = kind === 'timestamp' ? formatRfc3339(Number(value)) : value;
  }
  return {
    record: record as DataRecord,
    version: { orderedAt: Number(row.ordered_at), messageId: String(row.message_id) },
    source: row.source as RecordEvent['source'],
    ...(typeof row.traceparent === 'string' && { traceparent: row.traceparent }),
    appendedAt: Number(row.appended_at),
  };
}
