import { limits } from '../base/limits.ts';
import type { Reader } from '../records/reader.ts';
import type { DataRecord } from '../records/record.ts';

/** How records are put between the first character and the last. */
export type Layout = { start: string; between: string; end: string; write(records: readonly DataRecord[]): string };

const jsonArray: Layout = {
  start: '[',
  between: ',',
  end: ']',
  write: records => JSON.stringify(records).slice(1, -1),
};

/** One record a line. */
export const ndjson: Layout = {
  start: '',
  between: '',
  end: '',
  write: records => records.map(record => `${JSON.stringify(record)}\n`).join(''),
};

/**
 * Every record in order of id, in chunks of about `stream_chunk_chars`: each page is a read of its own, begun when the one before
 * was taken, so that memory stays the same however many there are. Its size follows the size of the records.
 */
export async function* everyRecord(reader: Reader, layout: Layout = jsonArray): AsyncGenerator<string> {
  let prefix = layout.start;
  let limit: number = limits.page_step_items_max;
  let records = await reader.page({ limit, offset: 0 });
  for (let last = records.at(-1); last !== undefined; last = records.at(-1)) {
    const text = layout.write(records);
    yield prefix + text;
    prefix = layout.between;
    if (records.length < limit) break;
    const charsEach = text.length / records.length;
    limit = Math.max(1, Math.min(limits.page_records_max, Math.floor(limits.stream_chunk_chars / charsEach)));
    records = await reader.page({ limit, after: last.id });
  }
  yield prefix === layout.start ? layout.start + layout.end : layout.end;
}
