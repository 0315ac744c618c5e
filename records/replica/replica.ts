import { rm } from 'node:fs/promises';
import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { sleep } from '../../base/sleep.ts';
import type { Micros } from '../../base/time.ts';
import type { Changes } from '../changes.ts';
import { recordErrors } from '../errors.ts';
import type { Reader } from '../reader.ts';
import type { RecordEvent } from '../warehouse.ts';
import { applyChanges } from './apply-changes.ts';
import type { ReplicaFile } from './file.ts';
import { obtainFile } from './obtain.ts';
import { repair } from './repair.ts';
import type { Snapshots } from './snapshots.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A query cannot be called off; what still runs then finds the file closed. */
const STOP_MS_MAX = 5000;
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 30_000;

/** What the replica needs of a log. */
export type ReplicaLog = Record<'info' | 'warn' | 'error', (about: object, message: string) => void>;

/** The warehouse's rows in SQLite on this machine, from which reads are answered. */
export type Replica = {
  /** Rejects with `replica_loading` until there is something to serve. */
  reader: Reader;
  /** Makes readable here at once what this process has appended. */
  applyOwn(events: readonly RecordEvent[]): void;
  /** Follows an erasure at once, and puts a snapshot without it in the place of the one there is. */
  afterErasure(): Promise<void>;
  /** How old what is served may be; infinite while nothing is. */
  ageMs(): number;
  /** Resolves when it is first loaded and up to date; rejects where it is stopped before. */
  readonly loaded: Promise<void>;
  capacity(): { records: number; recordsMax: number; bytes: number };
  /** When the last that is known here of an id is ordered; undefined until there is something to serve. */
  lastOrder(id: string): Micros | undefined;
  stop(): Promise<void>;
};

/**
 * Starts a replica: from its file, else from the snapshot, else from the warehouse's newest versions; then it follows, each
 * `followMs` and when a reader asks. Once a day it compares itself with the table. It never gives up: what fails is logged,
 * shows as its age, and is tried again.
 */
export function startReplica(options: {
  path: string;
  bytesMax: number;
  changes: Changes;
  snapshots?: Snapshots | undefined;
  clock: Clock;
  log: ReplicaLog;
  followMs: number;
  snapshotMs?: number;
  ageMsMax?: number;
  random?: () => number;
}): Replica {
  const { path, bytesMax, changes, snapshots, clock, log, followMs } = options;
  const { snapshotMs = HOUR_MS, ageMsMax = limits.replica_age_ms_max, random = Math.random } = options;
  const stopping = new AbortController();
  const loading = createAnswer();
  let file: ReplicaFile | undefined;
  let loadedRecords = 0;
  let asked = createAnswer();
  let isAsked = false;
  let wake = new AbortController();
  /** The last saving of a snapshot, once there was one. */
  let saving: Promise<void> | undefined;
  let repairing = Promise.resolve();
  let stopped: Promise<void> | undefined;

  function opened(): ReplicaFile {
    if (file) return file;
    const detail = `The replica is loading, and has ${loadedRecords} records so far: ask again in a few seconds`;
    throw recordErrors.error('replica_loading', detail);
  }

  function ageMs(): number {
    const appliedTo = file?.appliedTo();
    return appliedTo === undefined ? Number.POSITIVE_INFINITY : Math.max(0, clock.now() - appliedTo / 1000);
  }

  function noteProgress(records: number): void {
    const step = 100_000;
    if (Math.floor(records / step) > Math.floor(loadedRecords / step)) {
      log.info({ records }, `Loaded ${records} records`);
    }
    loadedRecords = records;
    stopping.signal.throwIfAborted();
  }

  async function load(): Promise<ReplicaFile> {
    const startedAt = performance.now();
    const obtained = await obtainFile({ path, bytesMax, changes, snapshots, clock, onProgress: noteProgress });
    const { records, recordsMax, bytes } = obtained.capacity();
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    log.info(
      { records, recordsMax, bytes, seconds },
      `The replica holds ${records} records; about ${recordsMax} fit into ${bytesMax} bytes`,
    );
    return obtained;
  }

  async function round(): Promise<void> {
    const answered = asked;
    asked = createAnswer();
    isAsked = false;
    try {
      // Served from now on, though it may be old: its age says so.
      file ??= await load();
      await applyChanges({ file, changes, clock });
      answered.resolve();
      loading.resolve();
      tend(file);
    } catch (error) {
      answered.reject(error);
      throw error;
    }
  }

  /** What is due now and then runs beside the following, which must not wait for it. */
  function tend(current: ReplicaFile): void {
    saving ??= saveSnapshot();
    if (clock.now() - current.comparedAt() / 1000 < DAY_MS) return;
    // Where it fails, it is due again in an hour.
    current.setComparedAt((clock.now() - DAY_MS + HOUR_MS) * 1000);
    repairing = compare(current);
  }

  async function compare(current: ReplicaFile): Promise<void> {
    try {
      const days = (await repair({ file: current, changes, clock })).length;
      if (days > 0) log.warn({ days }, `${days} days differed from the table and were read again`);
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, `The replica was not compared: ${messageOf(error)}`);
    }
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      let waitMs = followMs;
      try {
        await round();
        failures = 0;
      } catch (error) {
        failures += 1;
        waitMs = backoffMs(failures, { msMin: RETRY_MS_MIN, msMax: RETRY_MS_MAX, random });
        if (!stopping.signal.aborted)
          log.error({ err: error, failures }, `The replica does not follow: ${messageOf(error)}`);
      }
      await sleep(limits.replica_catch_up_ms_min < waitMs ? limits.replica_catch_up_ms_min : waitMs, stopping.signal);
      wake = new AbortController();
      const restMs = waitMs - limits.replica_catch_up_ms_min;
      if (!isAsked && restMs > 0) await sleep(restMs, AbortSignal.any([wake.signal, stopping.signal]));
    }
  }

  function catchUp(): Promise<void> {
    isAsked = true;
    wake.abort();
    return asked.promise;
  }

  /** `isForced` where the snapshot there is must not stay. */
  async function saveSnapshot(isForced = false): Promise<void> {
    if (!snapshots || !file || stopping.signal.aborted) return;
    const copy = `${path}.snapshot`;
    try {
      const putAtMs = isForced ? undefined : await snapshots.putAtMs();
      // Of several processes one is enough.
      if (putAtMs !== undefined && clock.now() - putAtMs < snapshotMs / 2) return;
      await rm(copy, { force: true });
      await file.copyTo(copy);
      await snapshots.put(copy);
    } catch (error) {
      log.error({ err: error }, `The snapshot could not be put: ${messageOf(error)}`);
      if (isForced) throw error;
    } finally {
      await rm(copy, { force: true });
    }
  }

  const timer = setInterval(() => {
    saving = saving?.then(() => saveSnapshot());
  }, snapshotMs).unref();
  const following = follow();

  return {
    reader: {
      get: async id => opened().reader.get(id),
      page: async from => opened().reader.page(from),
      catchUp,
      isFresh: () => ageMs() <= ageMsMax,
    },
    applyOwn(events) {
      try {
        file?.apply(events);
      } catch (error) {
        log.error({ err: error }, `A write is stored and not readable here yet: ${messageOf(error)}`);
      }
    },
    async afterErasure() {
      await catchUp();
      const forced = Promise.resolve(saving).then(() => saveSnapshot(true));
      saving = forced.catch(() => {});
      await forced;
    },
    ageMs,
    loaded: loading.promise,
    capacity: () => opened().capacity(),
    lastOrder: id => file?.lastOrder(id),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };

  async function stop(): Promise<void> {
    stopping.abort();
    clearInterval(timer);
    loading.reject(stopping.signal.reason);
    const grace = new AbortController();
    const ended = Promise.all([following, saving, repairing]).finally(() => grace.abort());
    await Promise.race([ended, sleep(STOP_MS_MAX, grace.signal)]);
    asked.reject(stopping.signal.reason);
    file?.close();
  }
}

/** A promise to be settled from outside, which nobody has to await. */
function createAnswer(): PromiseWithResolvers<void> {
  const answer = Promise.withResolvers<void>();
  answer.promise.catch(() => {});
  return answer;
}
