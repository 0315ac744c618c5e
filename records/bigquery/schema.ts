import { type Column, recordColumns } from '../columns.ts';
import { type TableName, tableNames } from './names.ts';

/** A column as BigQuery has it. */
export type BigQueryColumn = {
  name: string;
  type: 'STRING' | 'BYTES' | 'FLOAT64' | 'INT64' | 'TIMESTAMP';
  required: boolean;
  description: string;
};

/** A table: partitioned by day of one column, clustered by another. */
export type BigQueryTable = {
  description: string;
  columns: readonly BigQueryColumn[];
  partitionedBy?: string;
  clusteredBy?: string;
};

const TYPES: Readonly<Record<Column['kind'], BigQueryColumn['type']>> = {
  text: 'STRING',
  number: 'FLOAT64',
  timestamp: 'TIMESTAMP',
  // As text: BigQuery's own JSON rounds long numbers, and a record is served as it came. The view parses it.
  json: 'STRING',
};

const required = (name: string, type: BigQueryColumn['type'], description: string): BigQueryColumn => ({
  ...{ name, type, description },
  required: true,
});
const optional = (name: string, type: BigQueryColumn['type'], description: string): BigQueryColumn => ({
  ...{ name, type, description },
  required: false,
});

/** The column that every append stamps: following the table by it is following it in commit order. */
export const APPENDED_AT = 'appended_at';
/** Where an append puts what the table has no column for yet. */
export const UNMAPPED = 'unmapped';

const appendedAt = required(APPENDED_AT, 'TIMESTAMP', 'When the append was sent, by its writer’s clock.');

/** Every table, made by code on the emulator and by Terraform in the cloud. Columns are only ever added, as NULLABLE. */
export const tables: Readonly<Record<Exclude<TableName, 'records'>, BigQueryTable>> = {
  [tableNames.events]: {
    description: 'Every accepted version of every record; append only.',
    partitionedBy: APPENDED_AT,
    clusteredBy: 'id',
    columns: [
      required('id', 'STRING', 'What names the record.'),
      required('ordered_at', 'TIMESTAMP', 'What orders versions: publish time, or the time of the write.'),
      required('message_id', 'STRING', 'What orders versions of one instant: the longer one, then the greater.'),
      appendedAt,
      required('source', 'STRING', 'topic or api.'),
      optional('traceparent', 'STRING', 'W3C trace context of what brought it.'),
      ...recordColumns.filter(({ name }) => name !== 'id').map(toBigQuery),
      optional(UNMAPPED, 'STRING', 'JSON of the fields that this table had no column for when they came.'),
    ],
  },
  [tableNames.erasures]: {
    description: 'Ids that were erased, as digests: versions up to then are neither shown nor kept.',
    columns: [
      required('id_sha256', 'BYTES', 'SHA-256 of the id.'),
      required('erased_at', 'TIMESTAMP', 'Versions ordered at or before this are erased.'),
    ],
  },
  [tableNames.deadLetters]: {
    description: 'What could not become a record, and that it was replayed; append only.',
    partitionedBy: APPENDED_AT,
    clusteredBy: 'message_id',
    columns: [
      required('message_id', 'STRING', 'The source’s message id: one message is one dead letter.'),
      required('letter_id', 'STRING', 'Names the dead letter; of several of one message the first counts.'),
      required('stamped_at', 'TIMESTAMP', 'What orders dead letters.'),
      appendedAt,
      required('part', 'INT64', 'From 0. Data of more than a request holds comes in several rows.'),
      required('parts', 'INT64', 'How many rows the dead letter has.'),
      optional('reason', 'STRING', 'Why it was refused.'),
      optional('detail', 'STRING', 'What was wrong, naming field, value and rule.'),
      optional('data', 'BYTES', 'The original bytes, or this part of them.'),
      optional('attributes', 'STRING', 'Attributes of the message, as JSON.'),
      optional('published_at', 'TIMESTAMP', 'When the message was published.'),
      optional('refused_at', 'TIMESTAMP', 'When it was refused.'),
      optional(
        'record_id',
        'STRING',
        'The id inside, where one could be read; of a row that says that it was replayed, the id of its record.',
      ),
      optional('replayed_at', 'TIMESTAMP', 'Of a row that only says that its message was replayed: when.'),
    ],
  },
};

function toBigQuery({ name, kind, required }: Column): BigQueryColumn {
  // `timestamp` has a default, so that it is always there.
  return { name, type: TYPES[kind], required: required || name === 'timestamp', description: `The record’s ${name}.` };
}
