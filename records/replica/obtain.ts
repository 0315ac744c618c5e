import { renameSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { nowMicros } from '../../base/time.ts';
import type { Changes } from '../changes.ts';
import { inChunks } from './chunks.ts';
import { openReplicaFile, type ReplicaFile, removeReplicaFile } from './file.ts';
import type { Snapshots } from './snapshots.ts';

type Options = {
  path: string;
  bytesMax: number;
  changes: Changes;
  snapshots: Snapshots | undefined;
  clock: Clock;
  /** Told how many records are loaded so far; what it throws ends the load. */
  onProgress(records: number): void;
};

/** A file that can be followed from: the one there is, else the snapshot's, else one filled from the table. */
export async function obtainFile(options: Options): Promise<ReplicaFile> {
  const { path, bytesMax, changes, snapshots } = options;
  const found = openWhole();
  if (found) return found;
  const part = `${path}.part`;
  if (await snapshots?.fetch(part)) {
    renameSync(part, path);
    const fetched = openWhole();
    if (fetched) return fetched;
  }
  const empty = openReplicaFile({ path, source: changes.source, bytesMax });
  try {
    await fill(empty, options);
    return empty;
  } catch (error) {
    empty.close();
    removeReplicaFile(path);
    throw error;
  }

  /** The file at the path; `undefined`, and nothing is left there, where its first load was broken off or it was none of ours. */
  function openWhole(): ReplicaFile | undefined {
    const file = openReplicaFile({ path, source: changes.source, bytesMax });
    if (file.appliedTo() !== undefined) return file;
    file.close();
    removeReplicaFile(path);
    return undefined;
  }
}

/** Reads the newest version of every record. What is committed meanwhile is followed afterwards. */
async function fill(file: ReplicaFile, { changes, clock, onProgress }: Options): Promise<void> {
  const startedAt = nowMicros(clock);
  for await (const chunk of inChunks(changes.erasuresSince(0), limits.replica_commit_events_max)) {
    file.noteErasures(chunk);
  }
  // There is no record yet, and none that is read from now on is covered.
  file.endErasing();
  let records = 0;
  for await (const chunk of inChunks(changes.newest(), limits.replica_commit_events_max)) {
    file.apply(chunk);
    records += chunk.length;
    onProgress(records);
  }
  file.setAppliedTo(startedAt);
  // What was just read as it is needs no comparison.
  file.setComparedAt(startedAt);
}
