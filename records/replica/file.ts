import { existsSync, rmSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import { inTransaction, openDatabase } from '../../base/sqlite/database.ts';
import type { Micros } from '../../base/time.ts';
import { CHECKSUM_PRIME, DAY_MICROS, type DaySum } from '../changes.ts';
import { recordColumns } from '../columns.ts';
import { digestOf, type Erasure } from '../erasures.ts';
import { recordErrors } from '../errors.ts';
import type { Reader } from '../reader.ts';
import { createNewestVersions } from '../sqlite/newest.ts';
import { createSqliteReader } from '../sqlite/reader.ts';
import { addRecordColumns } from '../sqlite/schema.ts';
import type { RecordEvent } from '../warehouse.ts';
import { replicaMigrations } from './schema.ts';

const SQLITE_FULL = 13;
/** What a record takes where none is there to measure. */
const RECORD_BYTES_GUESS = 400;

/** The replica's file. It can be made anew from the warehouse, so it need not outlast a power cut, only stay whole. */
export type ReplicaFile = {
  reader: Omit<Reader, 'isFresh' | 'catchUp'>;
  /** Takes events in one commit. Throws `replica_full`. */
  apply(events: readonly RecordEvent[]): void;
  /** Notes erasures in one commit. Answers whether there are records to look for, until `endErasing`: also after a restart. */
  noteErasures(erasures: readonly Erasure[]): boolean;
  /** No record is left that a noted erasure covers. */
  endErasing(): void;
  /** Removes an id's record up to a time. */
  remove(id: string, erasedAt: Micros): void;
  /** Goes through `limit` ids behind `after`: those whose digest, in base64, is among the erased, and where to go on. */
  findErased(options: { erasedAtOf: ReadonlyMap<string, Micros>; after: string; limit: number }): {
    erased: { id: string; erasedAt: Micros }[];
    last: string | undefined;
  };
  /** When the last that is known here of an id is ordered, its newest version or its erasure; 0 where nothing is. */
  lastOrder(id: string): Micros;
  /** Up to when the warehouse's events are all here, by our clock; undefined until the first load is whole. */
  appliedTo(): Micros | undefined;
  setAppliedTo(at: Micros): void;
  comparedAt(): Micros;
  setComparedAt(at: Micros): void;
  daySums(before: Micros): DaySum[];
  versionsOfDay(day: Micros): { id: string; orderedAt: Micros }[];
  /** Removes a record where that is its newest version still. */
  removeVersion(version: { id: string; orderedAt: Micros }): void;
  /** Leaves nothing of what was removed in the log. */
  truncateLog(): void;
  /** Copies the file as it is now, while it is written. */
  copyTo(path: string): Promise<void>;
  /** How many records there are, and about how many fit. */
  capacity(): { records: number; recordsMax: number; bytes: number };
  close(): void;
};

/**
 * Opens the replica of one table. A file of another table, of a newer version, or that is none of SQLite's, is removed: the
 * answer is then an empty one.
 *
 * @param options.source which table it follows
 * @param options.bytesMax beyond it `apply` refuses
 */
export function openReplicaFile(options: { path: string; source: string; bytesMax: number }): ReplicaFile {
  // The log of a file that was deleted must not be taken for that of a new one.
  if (!existsSync(options.path)) removeReplicaFile(options.path);
  try {
    return open(options);
  } catch {
    removeReplicaFile(options.path);
    return open(options);
  }
}

/** Removes a replica's file with its log. */
export function removeReplicaFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

function open({ path, source, bytesMax }: { path: string; source: string; bytesMax: number }): ReplicaFile {
  const database = openDatabase({ path, migrations: replicaMigrations, synchronous: 'NORMAL' });
  try {
    return createFile({ source, bytesMax, database });
  } catch (error) {
    database.close();
    throw error;
  }
}

function createFile(options: { source: string; bytesMax: number; database: DatabaseSync }): ReplicaFile {
  const { source, bytesMax, database } = options;
  addRecordColumns(database, recordColumns, ['records']);
  claim(database, source);
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  database.exec(`PRAGMA max_page_count = ${Math.floor(bytesMax / pageBytes)}`);
  const newest = createNewestVersions(database);
  const state = database.prepare('SELECT applied_to, compared_at, is_erasing FROM replica');
  // Asked for by every read, so it is kept here too.
  let appliedTo = (state.get()?.applied_to ?? undefined) as Micros | undefined;
  const setAppliedTo = database.prepare('UPDATE replica SET applied_to = ?');
  const setErasing = database.prepare('UPDATE replica SET is_erasing = ?');
  const setComparedAt = database.prepare('UPDATE replica SET compared_at = ?');
  const ids = database.prepare('SELECT id FROM records WHERE id > ? ORDER BY id LIMIT ?');
  const count = database.prepare('SELECT count(*) AS records FROM records');
  const pages = database.prepare(
    'SELECT page_count - freelist_count AS pages FROM pragma_page_count, pragma_freelist_count',
  );
  const sums = database.prepare(`
    SELECT ordered_at / ${DAY_MICROS} * ${DAY_MICROS} AS day, count(*) AS records,
      sum(ordered_at % ${CHECKSUM_PRIME}) AS checksum
    FROM records WHERE ordered_at < ? GROUP BY 1`);
  const ofDay = database.prepare('SELECT id, ordered_at FROM records WHERE ordered_at >= ? AND ordered_at < ?');
  const removeVersion = database.prepare('DELETE FROM records WHERE id = ? AND ordered_at = ?');
  const capacity = () => {
    const records = Number(count.get()?.records);
    const bytes = Number(pages.get()?.pages) * pageBytes;
    const bytesEach = records < 1000 ? RECORD_BYTES_GUESS : bytes / records;
    return { records, recordsMax: Math.floor(bytesMax / bytesEach), bytes };
  };

  return {
    reader: createSqliteReader({ database }),
    apply(events) {
      try {
        inTransaction(database, () => {
          for (const event of events) {
            if (!newest.isErased(event.record.id, event.version.orderedAt)) newest.keep(event);
          }
        });
      } catch (error) {
        if (((error as { errcode?: number }).errcode ?? 0) !== SQLITE_FULL) throw error;
        throw replicaFull(capacity(), bytesMax, error);
      }
    },
    noteErasures: erasures =>
      inTransaction(database, () => {
        const added = erasures.filter(erasure => newest.noteErasure(erasure));
        if (added.length > 0) setErasing.run(1);
        return state.get()?.is_erasing === 1;
      }),
    endErasing() {
      setErasing.run(0);
    },
    remove: (id, erasedAt) => newest.remove(id, erasedAt),
    findErased({ erasedAtOf, after, limit }) {
      const batch = ids.all(after, limit).map(row => row.id as string);
      const erased = batch.flatMap(id => {
        const erasedAt = erasedAtOf.get(digestOf(id).toString('base64'));
        return erasedAt === undefined ? [] : { id, erasedAt };
      });
      return { erased, last: batch.at(-1) };
    },
    lastOrder: id => newest.lastOrder(id),
    appliedTo: () => appliedTo,
    setAppliedTo(at) {
      appliedTo = Math.max(at, appliedTo ?? 0);
      setAppliedTo.run(appliedTo);
    },
    comparedAt: () => Number(state.get()?.compared_at),
    setComparedAt(at) {
      setComparedAt.run(at);
    },
    daySums: before =>
      sums.all(Math.floor(before / DAY_MICROS) * DAY_MICROS).map(({ day, records, checksum }) => ({
        ...{ day: Number(day), records: Number(records), checksum: Number(checksum) },
      })),
    versionsOfDay: day =>
      ofDay.all(day, day + DAY_MICROS).map(row => ({ id: row.id as string, orderedAt: row.ordered_at as Micros })),
    removeVersion({ id, orderedAt }) {
      removeVersion.run(id, orderedAt);
    },
    truncateLog: () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    async copyTo(to) {
      await backup(database, to);
    },
    capacity,
    close: () => database.close(),
  };
}

/** Makes a new file one of this source. Throws where it is one of another. */
function claim(database: DatabaseSync, source: string): void {
  const found = database.prepare('SELECT source FROM replica').get()?.source;
  if (found === undefined) database.prepare('INSERT INTO replica (one, source) VALUES (1, ?)').run(source);
  else if (found !== source) throw new Error(`It is a replica of ${found}`);
}

function replicaFull({ records, bytes }: { records: number; bytes: number }, bytesMax: number, cause: unknown) {
  const detail = `The replica holds ${records} records in ${bytes} bytes, and ${bytesMax} are its limit: raise REPLICA_BYTES_MAX and the memory of its machine`;
  return recordErrors.error('replica_full', detail, { cause });
}
