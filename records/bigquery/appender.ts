import type { Duplex } from 'node:stream';
import type { v1 } from '@google-cloud/bigquery-storage';
import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { sleep } from '../../base/sleep.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import { createBatcher } from '../batcher.ts';
import { recordErrors } from '../errors.ts';
import type { RowError } from '../warehouse.ts';
import { type AppendConnection, type AppendResponse, createAppendConnection } from './append-connection.ts';
import { AppendError } from './append-errors.ts';
import { createRowEncoder, type RowEncoder, type RowValues } from './row-encoder.ts';
import { APPENDED_AT, type BigQueryTable } from './schema.ts';

/** What of the Storage Write API's client is used, so that a test can stand in for Google. */
export type WriteClient = Pick<v1.BigQueryWriteClient, 'getWriteStream'> & {
  appendRows(options: object): Duplex;
};

/** Appends rows to a table. */
export type Appender = {
  /**
   * Resolves once every row is durable but those it names. Rejects with `warehouse_unreachable` where what became of them is
   * unknown, and with `queue_full` where too much waits already.
   */
  append(rows: readonly RowValues[]): Promise<RowError[]>;
  close(): Promise<void>;
};

type Connected = { connection: AppendConnection; encoder: RowEncoder; described: boolean };

/**
 * Appends to a table's default stream: at least once, visible when acknowledged. Rows that come together share a request, of
 * limited size; what comes while one is under way waits for the next. A failure that may pass is tried again a few times, with a
 * wait. Each try is stamped anew with `appended_at`: readers follow the table by it, and must not find it in their past.
 *
 * @param options.table the path of the table: `projects/p/datasets/d/tables/t`
 */
export function createAppender(options: {
  openClient(): Promise<WriteClient>;
  table: string;
  schema: BigQueryTable;
  clock: Clock;
  random?: () => number;
  retryMsMin?: number;
  answerMsMax?: number;
}): Appender {
  const { table, schema, clock, random = Math.random, retryMsMin = limits.append_retry_ms_min } = options;
  const { answerMsMax = limits.append_attempt_ms_max } = options;
  const stream = `${table}/streams/_default`;
  const closing = new AbortController();
  let client: Promise<WriteClient> | undefined;
  let connected: Promise<Connected> | undefined;
  let lastStamp: Micros = 0;

  async function connect(): Promise<Connected> {
    client ??= options.openClient();
    client.catch(() => {
      client = undefined;
    });
    const opened = await client;
    // Once only: the library's own retries would hold back for half a minute what has to be told at once.
    const call = { timeout: answerMsMax, retry: null };
    const [writeStream] = await opened.getWriteStream({ name: stream, view: 'FULL' }, call);
    const present = new Set(writeStream.tableSchema?.fields?.map(({ name }) => name ?? ''));
    const headers = { 'x-goog-request-params': `write_stream=${stream}` };
    const connection = createAppendConnection(opened.appendRows({ otherArgs: { headers } }), { answerMsMax });
    return { connection, encoder: createRowEncoder(schema.columns, present), described: false };
  }

  /** The connection there is, or a new one where that has failed, was idle for too long, or knows an older schema. */
  async function connection(): Promise<Connected> {
    const before = connected;
    const known = await before?.catch(() => undefined);
    if (known?.connection.isOpen) return known;
    // Of several that find it closed, the first opens another.
    if (connected === before) connected = connect();
    return connected as Promise<Connected>;
  }

  async function attempt(rows: readonly RowValues[]): Promise<AppendResponse> {
    const opened = await connection();
    lastStamp = Math.max(nowMicros(clock), lastStamp + 1);
    const stampedAt = lastStamp;
    const serializedRows = rows.map(row => opened.encoder.encode({ ...row, [APPENDED_AT]: stampedAt }));
    // The first request of a connection says where to and what the rows are; the others need not.
    const schemaOnce = opened.described ? {} : { writerSchema: { protoDescriptor: opened.encoder.descriptor } };
    opened.described = true;
    const response = await opened.connection.send({
      writeStream: stream,
      protoRows: { ...schemaOnce, rows: { serializedRows } },
    });
    // The process may have stood still between the stamp and the request, and then readers are past the stamp.
    if (nowMicros(clock) - stampedAt > answerMsMax * 1000) {
      throw new Error(`The rows were stamped more than ${answerMsMax / 1000} s before they were answered`);
    }
    // Reads the schema again: it has changed, or may be why the request was refused.
    if (response.updatedSchema || response.error) opened.connection.end();
    return response;
  }

  /** The indexes of rows that the API names as the cause why none of the request is stored. Throws where it failed otherwise. */
  async function tryOnce(rows: readonly RowValues[]): Promise<RowError[]> {
    let response: AppendResponse;
    try {
      response = await attempt(rows);
    } catch (error) {
      const { code } = error as { code?: number };
      throw new AppendError(messageOf(error), { code, cause: error });
    }
    const named = (response.rowErrors ?? []).map(({ index, message }) => ({
      index: Number(index),
      reason: message ?? 'no reason given',
    }));
    if (named.length > 0) {
      if (named.every(({ index }) => index in rows)) return named;
      throw new AppendError('BigQuery refused rows that were not sent');
    }
    // The promise resolves for a failed append too: only a result says that the rows are stored.
    if (response.appendResult && !response.error) return [];
    throw new AppendError(response.error?.message || 'BigQuery answered neither a result nor an error', {
      code: response.error?.code,
    });
  }

  async function retrying(rows: readonly RowValues[]): Promise<RowError[]> {
    for (let failures = 0; ; ) {
      try {
        return await tryOnce(rows);
      } catch (error) {
        failures += 1;
        const isLast = failures > limits.append_retries_max || closing.signal.aborted;
        if (isLast || !(error as AppendError).isPassing) throw unreachable(table, error);
        await sleep(
          backoffMs(failures, { msMin: retryMsMin, msMax: limits.append_retry_ms_max, random }),
          closing.signal,
        );
      }
    }
  }

  /** A row that is refused costs its whole request: the others are sent again without it. */
  async function appendAll(rows: readonly RowValues[]): Promise<RowError[]> {
    const refused: RowError[] = [];
    let left = rows.map((row, index) => ({ row, index }));
    while (left.length > 0) {
      const named = await retrying(left.map(({ row }) => row));
      if (named.length === 0) break;
      refused.push(...named.map(({ index, reason }) => ({ index: left[index]?.index ?? 0, reason })));
      const out = new Set(named.map(({ index }) => index));
      left = left.filter((_, index) => !out.has(index));
    }
    return refused;
  }

  const appendChunk = createBatcher<readonly RowValues[], RowError[]>({
    async run(chunks) {
      const errors = await appendAll(chunks.flat());
      let first = 0;
      return chunks.map(({ length }) => {
        const from = first;
        first += length;
        return errors
          .filter(({ index }) => index >= from && index < from + length)
          .map(({ index, reason }) => ({ index: index - from, reason }));
      });
    },
    weigh: rows => rows.reduce((bytes, row) => bytes + bytesOf(row), 0),
    unit: 'bytes',
    batchWeightMax: limits.append_request_bytes_max,
    waitingWeightMax: limits.append_queue_bytes_max,
    runsMax: limits.append_requests_max,
  });

  return {
    async append(rows) {
      const chunks = split(rows);
      const settled = await Promise.allSettled(chunks.map(({ rows: chunk }) => appendChunk(chunk)));
      return settled.flatMap((result, n) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value.map(({ index, reason }) => ({ index: index + (chunks[n]?.first ?? 0), reason }));
      });
    },
    async close() {
      closing.abort();
      (await connected?.catch(() => undefined))?.connection.end();
    },
  };
}

/** Rows in pieces that each fit into a request. */
function split(rows: readonly RowValues[]): { first: number; rows: RowValues[] }[] {
  const chunks: { first: number; rows: RowValues[]; bytes: number }[] = [];
  rows.forEach((row, index) => {
    const bytes = bytesOf(row);
    const last = chunks.at(-1);
    if (
      last &&
      last.bytes + bytes <= limits.append_request_bytes_max &&
      last.rows.length < limits.append_batch_events_max
    ) {
      last.rows.push(row);
      last.bytes += bytes;
    } else {
      chunks.push({ first: index, rows: [row], bytes });
    }
  });
  return chunks;
}

/** What a row takes at the most: a UTF-16 unit is at most three bytes of UTF-8, and a name and a number are few. */
function bytesOf(row: RowValues): number {
  let bytes = 0;
  for (const value of Object.values(row)) {
    bytes += 12 + (typeof value === 'string' ? value.length * 3 : typeof value === 'object' ? value.length : 0);
  }
  return bytes;
}

function unreachable(table: string, error: unknown) {
  const detail = `BigQuery did not take the rows for ${table}, and what is stored is unknown: ${messageOf(error)}`;
  return recordErrors.error('warehouse_unreachable', detail, { cause: error });
}
