import { Duplex } from 'node:stream';
import type { protos } from '@google-cloud/bigquery-storage';
import protobuf from 'protobufjs';
import type { AppendRequest, AppendResponse } from './append-connection.ts';
import type { WriteClient } from './appender.ts';
import type { BigQueryColumn } from './schema.ts';

export const INVALID_ARGUMENT = 3;
export const RESOURCE_EXHAUSTED = 8;

/** What the fake does with a request in place of its own answer. */
export type Fault = AppendResponse | 'silence' | 'reset' | 'stored, then reset';

const REQUEST_BYTES_MAX = 10_000_000;
const PROTO_TYPES: Readonly<Record<string, string>> = {
  TYPE_STRING: 'string',
  TYPE_BYTES: 'bytes',
  TYPE_DOUBLE: 'double',
  TYPE_INT64: 'int64',
};

/**
 * The Storage Write API as Google describes it, where the emulator is more lenient: a null in a required column fails the whole
 * request and names the rows; a request above 10 MB, and a connection's first one without a schema, are INVALID_ARGUMENT; all
 * of it in-band, in an answer that resolves; a changed schema is told once; an idle connection is closed from the other side.
 */
export function createFakeGoogle(columns: readonly BigQueryColumn[]) {
  let present = columns;
  let schemaIsNew = false;
  const faults: Fault[] = [];
  const stored: Record<string, unknown>[] = [];
  const connections = new Set<Duplex>();
  let opened = 0;

  function answer(request: AppendRequest, decode: protobuf.Type | undefined): AppendResponse {
    const rows = request.protoRows?.rows?.serializedRows ?? [];
    if (!decode) return { error: { code: INVALID_ARGUMENT, message: 'The writer schema is missing' } };
    if (rows.reduce((bytes, row) => bytes + row.length, 0) > REQUEST_BYTES_MAX) {
      return { error: { code: INVALID_ARGUMENT, message: 'The request is larger than 10 MB' } };
    }
    const read = rows.map(row => decode.toObject(decode.decode(row as Uint8Array), { longs: Number }));
    const rowErrors = read.flatMap((row, index) => {
      const missing = present.find(({ name, required }) => required && row[name] === undefined);
      return missing ? { index, code: 1, message: `${missing.name} is null and required` } : [];
    });
    if (rowErrors.length > 0) return { error: { code: INVALID_ARGUMENT, message: 'Rows are corrupted' }, rowErrors };
    stored.push(...read);
    const updated = schemaIsNew;
    schemaIsNew = false;
    return { appendResult: {}, ...(updated && { updatedSchema: {} }) };
  }

  function connect(): Duplex {
    opened += 1;
    let decode: protobuf.Type | undefined;
    const call: Duplex = new Duplex({
      objectMode: true,
      read() {},
      write(request: AppendRequest, _encoding, done) {
        const descriptor = request.protoRows?.writerSchema?.protoDescriptor;
        if (descriptor) decode = toType(descriptor);
        done();
        const fault = faults.shift();
        if (fault === 'silence') return;
        const response = typeof fault === 'object' ? fault : fault === 'reset' ? undefined : answer(request, decode);
        // As over a network: never within the call.
        setImmediate(() => {
          if (call.destroyed) return;
          if (fault === 'reset' || fault === 'stored, then reset') call.destroy(new Error('ECONNRESET'));
          else call.push(response);
        });
      },
      final(done) {
        call.push(null);
        done();
      },
    });
    connections.add(call);
    return call;
  }

  const client = {
    async getWriteStream() {
      return [{ tableSchema: { fields: present.map(({ name }) => ({ name })) } }];
    },
    appendRows: connect,
  } as unknown as WriteClient;

  return {
    client,
    /** Rows that are stored, in the order in which they were. */
    stored,
    /** What happens to the next requests, in turn. */
    faults,
    opened: () => opened,
    /** As Google does with a connection that was idle for minutes. */
    closeIdle() {
      for (const call of connections) call.push(null);
    },
    setColumns(changed: readonly BigQueryColumn[]) {
      present = changed;
      schemaIsNew = true;
    },
  };
}

function toType({ field = [] }: protos.google.protobuf.IDescriptorProto): protobuf.Type {
  const message = new protobuf.Type('Row');
  for (const { name, number, type } of field ?? []) {
    message.add(new protobuf.Field(name ?? '', number ?? 0, PROTO_TYPES[String(type)] ?? '', 'optional'));
  }
  new protobuf.Root().add(message);
  return message;
}
