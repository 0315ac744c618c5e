import type { protos } from '@google-cloud/bigquery-storage';
import protobuf from 'protobufjs';
import { type BigQueryColumn, UNMAPPED } from './schema.ts';

/** A row by column name. Times are microseconds; what is absent or undefined is null. */
export type RowValues = Readonly<Record<string, string | number | Uint8Array | undefined>>;

export type RowEncoder = {
  /** The message that the rows are, as the API wants it told. */
  descriptor: protos.google.protobuf.IDescriptorProto;
  encode(row: RowValues): Uint8Array;
};

const PROTO_TYPES = {
  STRING: 'string',
  BYTES: 'bytes',
  FLOAT64: 'double',
  INT64: 'int64',
  TIMESTAMP: 'int64',
} as const;
const WIRE_TYPES = { string: 'TYPE_STRING', bytes: 'TYPE_BYTES', double: 'TYPE_DOUBLE', int64: 'TYPE_INT64' } as const;

/**
 * Writes rows as protocol buffers with a field for each column that we know and the table has. A value whose column the table
 * lacks goes under `unmapped` as JSON, so that a writer may be newer than its table and nothing is lost.
 *
 * @param present the names of the table's columns now
 */
export function createRowEncoder(columns: readonly BigQueryColumn[], present: ReadonlySet<string>): RowEncoder {
  const known = columns.filter(({ name }) => present.has(name));
  const message = new protobuf.Type('Row');
  // Optional all of them: of a required column that is null BigQuery names the row, and the others are stored.
  known.forEach(({ name, type }, index) => {
    message.add(new protobuf.Field(name, index + 1, PROTO_TYPES[type], 'optional'));
  });
  const root = new protobuf.Root();
  root.add(message);
  message.setup();
  const isWhole = known.length === columns.length;

  return {
    descriptor: {
      name: 'Row',
      field: known.map(({ name, type }, index) => ({
        name,
        number: index + 1,
        label: 'LABEL_OPTIONAL',
        type: WIRE_TYPES[PROTO_TYPES[type]],
      })),
    },
    encode: row => message.encode(isWhole ? row : withUnmapped(row, present)).finish(),
  };
}

function withUnmapped(row: RowValues, present: ReadonlySet<string>): RowValues {
  const missing = Object.entries(row).filter(([name, value]) => value !== undefined && !present.has(name));
  if (missing.length === 0) return row;
  if (!present.has(UNMAPPED)) {
    const names = missing.map(([name]) => name).join(', ');
    throw new Error(`The table has no column ${names}, and no column ${UNMAPPED} for what it has none for: add them`);
  }
  return { ...row, [UNMAPPED]: JSON.stringify(Object.fromEntries(missing)) };
}
