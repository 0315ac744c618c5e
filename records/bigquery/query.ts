import type { Readable } from 'node:stream';
import type { BigQuery } from '@google-cloud/bigquery';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { within } from '../../base/within.ts';
import { recordErrors } from '../errors.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A query with named parameters; an integer is INT64, a Buffer BYTES. */
export type Query = { sql: string; params?: Readonly<Record<string, unknown>>; bytesMax?: number };

/** Runs queries. */
export type Queries = {
  /** The rows as they come, page by page. Throws `warehouse_unreachable`, and `query_too_large` above `bytesMax`. */
  rows(query: Query): AsyncIterable<Row>;
  /** All rows, for where they are few. */
  all(query: Query): Promise<Row[]>;
  /** Runs a statement that changes rows; resolves with how many it changed. */
  change(query: Query): Promise<number>;
};

/** What a query resolves with; the library's types leave out the last. */
type Changed = [rows: Row[], next: unknown, answer?: { numDmlAffectedRows?: string }];

const SILENCE_S = limits.query_silence_ms_max / 1000;

/** Queries of a BigQuery client. `onQuery` is called for each that is sent, for each is billed. */
export function createQueries(bigquery: BigQuery, onQuery: () => void = () => {}): Queries {
  const toRequest = ({ sql, params = {}, bytesMax = limits.query_bytes_max }: Query) => {
    onQuery();
    return { query: sql, params, maximumBytesBilled: String(bytesMax) };
  };

  async function* rows(query: Query): AsyncGenerator<Row> {
    const stream = bigquery.createQueryStream(toRequest(query)) as Readable;
    let isSilent = true;
    const watch = setInterval(() => {
      if (isSilent) stream.destroy(new Error(`no row came for ${SILENCE_S} s`));
      isSilent = true;
    }, limits.query_silence_ms_max);
    try {
      for await (const row of stream) {
        isSilent = false;
        yield row;
      }
    } catch (error) {
      throw explain(error, query);
    } finally {
      clearInterval(watch);
    }
  }

  return {
    rows,
    all: query => Array.fromAsync(rows(query)),
    async change(query) {
      try {
        const asking = () => bigquery.query(toRequest(query)) as unknown as Promise<Changed>;
        const silence = () => new Error(`no answer came for ${SILENCE_S} s`);
        const [, , answer] = await within(limits.query_silence_ms_max, asking, silence);
        return Number(answer?.numDmlAffectedRows ?? 0);
      } catch (error) {
        throw explain(error, query);
      }
    },
  };
}

function explain(error: unknown, { bytesMax = limits.query_bytes_max }: Query): Error {
  const reasons = (error as { errors?: { reason?: string }[] }).errors?.map(({ reason }) => reason) ?? [];
  if (reasons.includes('bytesBilledLimitExceeded')) {
    const detail = `The query would read more than ${bytesMax} bytes, which is its limit: ${messageOf(error)}`;
    return recordErrors.error('query_too_large', detail, { cause: error });
  }
  return recordErrors.error('warehouse_unreachable', `BigQuery did not answer: ${messageOf(error)}`, { cause: error });
}
