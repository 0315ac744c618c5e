import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, type Migration, openDatabase } from '../../base/sqlite/database.ts';
import { lockFile } from '../../base/sqlite/lock.ts';
import type { MetricKind, ValueType } from '../model.ts';
import type { Metric } from './registry.ts';

const migrations: readonly Migration[] = [
  `
  CREATE TABLE metric (type TEXT PRIMARY KEY, kind TEXT NOT NULL, value_type TEXT NOT NULL, unit TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Numbers are never used again: a reader may remember one, and so may who removes up to one.
  CREATE TABLE series (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE chunk (
    id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
    points INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX chunk_of_series ON chunk (series, last_ms, first_ms, points);
  CREATE INDEX chunk_by_age ON chunk (last_ms, series);
  CREATE TABLE journal (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
  `,
];

/** Points of a series that are packed: when the first and the last of them end, and how many they are. */
export type Chunk = { series: number; firstMs: number; lastMs: number; points: number; body: Uint8Array };

/** The store's file. */
export type SeriesFile = ReturnType<typeof openSeriesFile>;

/**
 * Opens the file for this process alone. A kill loses nothing that was written; a power cut may lose the last seconds, and leaves
 * the rest whole. Throws `data_folder_in_use` and `data_folder_newer`.
 */
export function openSeriesFile(path: string) {
  const release = lockFile(path);
  const database = openOrRelease(path, release);
  const insertMetric = database.prepare('INSERT INTO metric (type, kind, value_type, unit) VALUES (?, ?, ?, ?)');
  const insertSeries = database.prepare('INSERT INTO series (id, key) VALUES (?, ?)');
  const deleteSeries = database.prepare('DELETE FROM series WHERE id = ?');
  const insertJournal = database.prepare('INSERT INTO journal (body) VALUES (?)');
  const lastJournal = database.prepare('SELECT max(id) AS id FROM journal');
  const deleteJournal = database.prepare(
    'DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE id <= ? ORDER BY id LIMIT ?)',
  );
  const lastOfSeries = database.prepare(
    'SELECT * FROM chunk WHERE id = (SELECT id FROM chunk WHERE series = ? ORDER BY last_ms DESC LIMIT 1)',
  );
  const insertChunk = database.prepare(
    'INSERT INTO chunk (series, first_ms, last_ms, points, body) VALUES (?, ?, ?, ?, ?)',
  );
  const deleteChunk = database.prepare('DELETE FROM chunk WHERE id = ?');
  const between = database.prepare(
    'SELECT body FROM chunk WHERE series = ? AND last_ms > ? AND first_ms <= ? ORDER BY last_ms',
  );
  const newestFirst = database.prepare('SELECT body FROM chunk WHERE series = ? ORDER BY last_ms DESC');
  const deleteOld = database.prepare(
    'DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE last_ms <= ? ORDER BY last_ms LIMIT ?) RETURNING series',
  );
  const ofSeries = database.prepare('SELECT 1 FROM chunk WHERE series = ? LIMIT 1');
  const totals = database.prepare('SELECT sum(points) AS points, min(first_ms) AS oldest FROM chunk');

  return {
    /** All that is read at the start: metrics, series with when the last of their chunks ends, and the journal. */
    load() {
      const rowsOf = (sql: string) => database.prepare(sql).all();
      const ends = new Map(
        rowsOf('SELECT series, max(last_ms) AS ms FROM chunk GROUP BY series').map(row => [row.series, row.ms]),
      );
      return {
        metrics: rowsOf('SELECT * FROM metric').map(toMetric),
        series: rowsOf('SELECT id, key FROM series').map(({ id, key }) => ({
          id: Number(id),
          key: String(key),
          newestMs: Number(ends.get(id) ?? 0),
        })),
        lastId: Number(rowsOf("SELECT seq FROM sqlite_sequence WHERE name = 'series'")[0]?.seq ?? 0),
        journal: rowsOf('SELECT body FROM journal ORDER BY id').map(({ body }) => String(body)),
      };
    },
    /** Adds to the journal, with the series that are new. */
    append(added: { metrics: readonly Metric[]; series: readonly { id: number; key: string }[]; body: string }): void {
      inTransaction(database, () => {
        for (const { type, metricKind, valueType, unit } of added.metrics) {
          insertMetric.run(type, metricKind, valueType, unit);
        }
        for (const { id, key } of added.series) insertSeries.run(id, key);
        insertJournal.run(added.body);
      });
    },
    lastJournal: () => Number(lastJournal.get()?.id ?? 0),
    /** Removes the journal up to an entry, so many of them at a time. Answers how many there were. */
    removeJournal: (upTo: number, limit: number) => Number(deleteJournal.run(upTo, limit).changes),
    transaction: <T>(work: () => T) => inTransaction(database, work),
    lastChunk(series: number): (Chunk & { id: number }) | undefined {
      const row = lastOfSeries.get(series);
      if (!row) return undefined;
      const [firstMs, lastMs] = [Number(row.first_ms), Number(row.last_ms)];
      return { id: Number(row.id), series, firstMs, lastMs, points: Number(row.points), body: row.body as Uint8Array };
    },
    addChunk({ series, firstMs, lastMs, points, body }: Chunk): void {
      insertChunk.run(series, firstMs, lastMs, points, body);
    },
    /** To add to a chunk it is written anew, at the end: where chunks grow in their places, a third of the file is holes. */
    removeChunk(id: number): void {
      deleteChunk.run(id);
    },
    /** The chunks of a series with points that end after `fromMs` and until `toMs`. */
    chunksBetween: (series: number, fromMs: number, toMs: number) =>
      between.all(series, fromMs, toMs).map(row => row.body as Uint8Array),
    /** All chunks of a series, the newest first: a few megabytes, and a quarter slower one by one. */
    chunksOf: (series: number) => newestFirst.all(series).map(row => row.body as Uint8Array),
    /** Removes chunks of which every point ended until `untilMs`, so many at a time. Answers which series they were of. */
    removeChunks: (untilMs: number, limit: number) => deleteOld.all(untilMs, limit).map(row => Number(row.series)),
    hasChunks: (series: number) => ofSeries.get(series) !== undefined,
    removeSeries(series: number): void {
      deleteSeries.run(series);
    },
    totals() {
      const row = totals.get();
      const bytes = [path, `${path}-wal`].map(file => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
      return {
        points: Number(row?.points ?? 0),
        oldestMs: row?.oldest == null ? undefined : Number(row.oldest),
        bytes: bytes.reduce((sum, size) => sum + size, 0),
      };
    },
    close(): void {
      database.close();
      release();
    },
  };
}

function openOrRelease(path: string, release: () => void): DatabaseSync {
  try {
    const database = openDatabase({ path, migrations, synchronous: 'NORMAL' });
    // Nobody asks for telemetry to be erased, and to overwrite a journal with zeros takes longer than to write it.
    database.exec('PRAGMA secure_delete = OFF');
    return database;
  } catch (error) {
    release();
    throw error;
  }
}

function toMetric({ type, kind, value_type, unit }: Record<string, unknown>): Metric {
  return {
    type: String(type),
    metricKind: kind as MetricKind,
    valueType: value_type as ValueType,
    unit: String(unit),
  };
}
