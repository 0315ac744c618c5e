import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { Micros } from '../../base/time.ts';
import { createBatcher } from '../batcher.ts';
import type { DeadLetter, DeadLetterPage, DeadLetterReason, DeadLetters, StoredDeadLetter } from '../dead-letters.ts';
import { recordErrors } from '../errors.ts';
import { idPattern } from '../id-pattern.ts';
import { type LetterContent, newLetter, possibleIds } from '../new-letter.ts';
import { createRisingClock } from '../version.ts';
import { createAppender, type WriteClient } from './appender.ts';
import type { FollowedErasures } from './known-erasures.ts';
import { type Dataset, sqlName, tableNames, tablePath } from './names.ts';
import type { Queries, Row } from './query.ts';
import type { RowValues } from './row-encoder.ts';
import { tables } from './schema.ts';

/**
 * Dead letters in a table that is only appended to: refusals, and rows that say that one was replayed. An append is preceded by
 * a query of what is known. Two processes may still refuse a message at the same time; the first counts. Their id is their place in the order and their message id.
 */
export function createBigQueryDeadLetters(options: {
  dataset: Dataset;
  queries: Queries;
  openClient(): Promise<WriteClient>;
  clock: Clock;
  erasures: FollowedErasures;
}): DeadLetters & { close(): Promise<void> } {
  const { dataset, queries, clock, erasures } = options;
  const table = sqlName(dataset, tableNames.deadLetters);
  const path = tablePath(dataset, tableNames.deadLetters);
  const appender = createAppender({ ...options, table: path, schema: tables[tableNames.deadLetters] });
  const stamp = createRisingClock(clock);
  const sql = lettersSql(table);
  const bytesMax = limits.dead_letters_bytes_max;

  async function append(rows: readonly RowValues[]): Promise<void> {
    const [refused] = await appender.append(rows);
    if (!refused) return;
    const detail = `BigQuery refused to keep a dead letter: ${refused.reason}`;
    throw recordErrors.error('warehouse_unreachable', detail);
  }

  /** A page in one query, a letter of several parts put together. */
  async function read(where: string, params: Row, limit: number): Promise<DeadLetterPage> {
    const query = `${sql}, asked AS (
        SELECT * FROM letters WHERE ${where} ORDER BY stamped_at, letter_id LIMIT ${limit + 1}
      ), page AS (
        SELECT *, COUNT(*) OVER () AS asked, ROW_NUMBER() OVER (ORDER BY stamped_at, letter_id) AS n,
          SUM(bytes) OVER (ORDER BY stamped_at, letter_id) AS bytes_so_far
        FROM asked
      )
      SELECT l.*, p.part, p.data
      FROM page AS l JOIN ${table} AS p ON p.letter_id = l.letter_id AND p.replayed_at IS NULL
      WHERE l.n = 1 OR (l.n <= ${limit} AND l.bytes_so_far <= ${limits.dead_letters_page_bytes_max})
      ORDER BY l.n, p.part`;
    const found = await inParts(queries.rows({ sql: query, params, bytesMax }));
    const letters = found.map(({ row, parts }) => toStored(row, [...parts.values()]));
    return { letters, isMore: Number(found[0]?.row.asked ?? 0) > letters.length };
  }

  /** What is kept under message ids: of each the first that is whole. */
  async function readContents(ids: readonly string[]): Promise<Map<string, LetterContent>> {
    const rows = queries.rows({
      sql: `SELECT message_id, letter_id, reason, part, parts, data FROM ${table}
        WHERE message_id IN UNNEST(@ids) AND replayed_at IS NULL ORDER BY stamped_at, letter_id, part`,
      params: { ids },
      bytesMax,
    });
    const contents = new Map<string, LetterContent>();
    for (const { row, parts } of await inParts(rows)) {
      const messageId = String(row.message_id);
      if (parts.size < Number(row.parts) || contents.has(messageId)) continue;
      contents.set(messageId, { reason: row.reason as DeadLetterReason, data: Buffer.concat([...parts.values()]) });
    }
    return contents;
  }

  async function addAll(batches: readonly (readonly DeadLetter[])[]): Promise<DeadLetter[][]> {
    const [erased, known] = await Promise.all([
      erasures.known(),
      readContents([...new Set(batches.flat().flatMap(possibleIds))]),
    ]);
    const isErased = ({ recordId, publishedAt }: DeadLetter) =>
      recordId !== undefined && erased.covers(recordId, publishedAt);
    const added = batches.map(letters =>
      letters.flatMap(letter => {
        const fresh = isErased(letter) ? undefined : newLetter(letter, messageId => known.get(messageId));
        if (!fresh) return [];
        known.set(fresh.messageId, fresh);
        return [fresh];
      }),
    );
    await append(added.flat().flatMap(letter => toRows(letter, stamp())));
    return added;
  }

  // One at a time, so that each sees what the one before has added: another process may still add the same message.
  const add = createBatcher<readonly DeadLetter[], DeadLetter[]>({
    run: addAll,
    weigh: letters => letters.length,
    unit: 'dead letters',
    batchWeightMax: limits.append_batch_events_max,
    waitingWeightMax: limits.append_queue_events_max,
    runsMax: 1,
  });

  return {
    add,
    async get(id) {
      const messageId = messageIdOf(id);
      if (messageId === undefined) return undefined;
      const { letters } = await read('message_id = @messageId AND letter_id = @id', { messageId, id }, 1);
      return letters[0];
    },
    async list({ limit, after, reason, replayed = false }) {
      const conditions = [
        ...(after === undefined
          ? []
          : ['(stamped_at > @afterStamp OR (stamped_at = @afterStamp AND letter_id > @after))']),
        ...(reason === undefined ? [] : ['reason = @reason']),
        ...(replayed ? [] : ['replayed_at IS NULL']),
      ];
      const params = {
        ...(after !== undefined && { after, afterStamp: stampOf(after) }),
        ...(reason !== undefined && { reason }),
      };
      return read(conditions.join(' AND ') || 'TRUE', params, limit);
    },
    async count() {
      const [row] = await queries.all({
        sql: `${sql} SELECT COUNT(*) AS letters FROM letters WHERE replayed_at IS NULL`,
        bytesMax,
      });
      return Number(row?.letters ?? 0);
    },
    async markReplayed(id, { at, recordId }) {
      const message_id = messageIdOf(id);
      if (message_id === undefined) return;
      const now = stamp();
      const replay = { replayed_at: at, record_id: recordId };
      await append([{ message_id, letter_id: id, stamped_at: now, part: 0, parts: 1, ...replay }]);
    },
    async erase(recordId) {
      const carries = `(record_id = @recordId
        OR (record_id IS NULL AND REGEXP_CONTAINS(SAFE_CONVERT_BYTES_TO_STRING(data), @pattern)))`;
      const params = { recordId, pattern: idPattern(recordId) };
      const [row] = await queries.all({
        sql: `SELECT COUNT(DISTINCT message_id) AS letters FROM ${table} WHERE ${carries}`,
        params,
        bytesMax,
      });
      await queries.change({
        sql: `DELETE FROM ${table} WHERE message_id IN (SELECT message_id FROM ${table} WHERE ${carries})`,
        params,
        bytesMax,
      });
      return Number(row?.letters ?? 0);
    },
    close: () => appender.close(),
  };
}

/** The dead letters as a reader sees them: of each message the first that is whole, and when it was replayed. */
function lettersSql(table: string): string {
  return `
    WITH whole AS (
      SELECT message_id, letter_id, UNIX_MICROS(stamped_at) AS stamped_at, reason, detail, attributes,
        UNIX_MICROS(published_at) AS published_at, UNIX_MICROS(refused_at) AS refused_at, record_id, SUM(LENGTH(data)) AS bytes
      FROM ${table} WHERE replayed_at IS NULL
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, parts HAVING COUNT(DISTINCT part) = parts
    ), firsts AS (
      SELECT * FROM whole
      QUALIFY ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY stamped_at, letter_id) = 1
    ), replays AS (
      SELECT message_id, UNIX_MICROS(MAX(replayed_at)) AS replayed_at
      FROM ${table} WHERE replayed_at IS NOT NULL GROUP BY message_id
    ), letters AS (
      SELECT f.*, r.replayed_at FROM firsts AS f LEFT JOIN replays AS r ON r.message_id = f.message_id
    )`;
}

/** Letters of several parts put together, in the order in which they come: of each its first row, and its parts by their number. */
async function inParts(rows: AsyncIterable<Row>): Promise<{ row: Row; parts: Map<number, Uint8Array> }[]> {
  const letters = new Map<string, { row: Row; parts: Map<number, Uint8Array> }>();
  for await (const row of rows) {
    const id = String(row.letter_id);
    const letter = letters.get(id) ?? { row, parts: new Map() };
    letters.set(id, letter);
    letter.parts.set(Number(row.part), row.data as Uint8Array);
  }
  return [...letters.values()];
}

function toRows(letter: DeadLetter, stampedAt: Micros): RowValues[] {
  const { messageId, reason, detail, data, attributes, publishedAt, refusedAt, recordId } = letter;
  const size = limits.dead_letter_part_bytes;
  const parts = Math.max(1, Math.ceil(data.length / size));
  return Array.from({ length: parts }, (_, part) => ({
    message_id: messageId,
    letter_id: `${stampedAt}-${messageId}`,
    stamped_at: stampedAt,
    part,
    parts,
    reason,
    detail,
    data: data.subarray(part * size, (part + 1) * size),
    attributes: JSON.stringify(attributes),
    published_at: publishedAt,
    refused_at: refusedAt,
    record_id: recordId,
  }));
}

const LETTER_ID = /^(\d{1,16})-(.+)$/;

const messageIdOf = (letterId: string): string | undefined => LETTER_ID.exec(letterId)?.[2];
const stampOf = (letterId: string): Micros => Number(LETTER_ID.exec(letterId)?.[1] ?? 0);

function toStored(row: Row, parts: readonly Uint8Array[]): StoredDeadLetter {
  return {
    id: String(row.letter_id),
    messageId: String(row.message_id),
    reason: row.reason as DeadLetterReason,
    detail: String(row.detail),
    data: Buffer.concat(parts),
    attributes: JSON.parse(String(row.attributes)),
    publishedAt: Number(row.published_at),
    refusedAt: Number(row.refused_at),
    ...(typeof row.record_id === 'string' && { recordId: row.record_id }),
    ...(row.replayed_at !== null && { replayedAt: Number(row.replayed_at) }),
  };
}
