import { protos } from '@google-cloud/bigquery-storage';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { tableNames } from '../../records/bigquery/names.ts';
import type { Injection } from './injection.ts';

const { AppendRowsRequest } = protos.google.cloud.bigquery.storage.v1;

/** An AppendRows call as the server has it, in bytes. */
export type Call = ServerDuplexStream<Buffer, Uint8Array>;

/**
 * Answers the appends of a call, one after the other as BigQuery does. Each goes on with the schema that the call's first one
 * had, so that it can be stored where that first one was not.
 */
export function serveAppends(options: {
  call: Call;
  injection: Injection;
  /** Has an append stored; resolves with the answer. */
  forward(request: Uint8Array): Promise<Uint8Array>;
  /** Resets the connection that the call is on. */
  reset(): void;
}): void {
  const { call, injection, forward, reset } = options;
  let schema: protos.google.cloud.bigquery.storage.v1.IProtoSchema | null = null;
  let isSilent = false;
  let serving = Promise.resolve();

  async function serve(bytes: Uint8Array): Promise<void> {
    const request = AppendRowsRequest.decode(bytes);
    const { writerSchema = null, rows = null } = request.protoRows ?? {};
    schema ??= writerSchema;
    const whole = AppendRowsRequest.encode({ ...request, protoRows: { rows, writerSchema: schema } }).finish();
    const fate = await injection.decide({
      rows: rows?.serializedRows?.length ?? 0,
      isOfEvents: request.writeStream.includes(`/tables/${tableNames.events}/`),
      forward: () => forward(whole),
    });
    if (fate === 'reset') return reset();
    isSilent ||= fate === 'silence';
    // Answers come in order: none can come behind one that does not.
    if (fate !== 'silence' && !isSilent && call.writable) call.write(fate.answer);
  }

  function fail({ code = status.UNKNOWN, message }: { code?: number; message: string }): void {
    if (call.writable) call.emit('error', { code, details: message });
  }

  call.on('data', (bytes: Uint8Array) => {
    serving = serving.then(() => serve(bytes)).catch(fail);
  });
  call.on('end', () => serving.then(() => call.end()));
}
