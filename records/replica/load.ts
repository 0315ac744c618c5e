import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { nowMicros } from '../../base/time.ts';
import type { Changes } from '../changes.ts';
import { inChunks } from './chunks.ts';
import type { ReplicaFile } from './file.ts';

/** Fills an empty file with the newest version of every record. What is committed meanwhile is followed afterwards. */
export async function loadAll(options: {
  file: ReplicaFile;
  changes: Changes;
  clock: Clock;
  onProgress(records: number): void;
}): Promise<void> {
  const { file, changes, clock, onProgress } = options;
  const startedAt = nowMicros(clock);
  for await (const erasure of changes.erasuresSince(0)) file.noteErasure(erasure);
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
