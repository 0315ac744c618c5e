import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import type { Changes } from '../changes.ts';
import type { Erasure } from '../erasures.ts';
import { inChunks } from './chunks.ts';
import type { ReplicaFile } from './file.ts';

const OVERLAP_MICROS = limits.replica_overlap_ms * 1000;
/** An erasure is written by a statement, which may wait for minutes after its time was taken. */
const ERASURE_OVERLAP_MICROS = 600_000_000;
const IDS_AT_A_TIME = 2000;

/**
 * Brings the file up to now: all that was committed since it was last brought up, and what may have been under way then. What
 * is read again changes nothing. Events follow in the order of their append, never of their publish: one that was held back
 * for an hour is appended late, and so read late.
 */
export async function applyChanges(options: {
  file: ReplicaFile;
  changes: Changes;
  clock: Clock;
  queryEventsMax?: number;
}): Promise<void> {
  const { file, changes, clock, queryEventsMax = limits.replica_query_events_max } = options;
  const startedAt = nowMicros(clock);
  const appliedTo = file.appliedTo() ?? 0;
  await applyErasures(file, changes.erasuresSince(Math.max(0, appliedTo - ERASURE_OVERLAP_MICROS)));
  let since = Math.max(0, appliedTo - OVERLAP_MICROS);
  for (;;) {
    const { events, last } = await applyEvents(file, changes.eventsSince(since, queryEventsMax));
    if (events < queryEventsMax) break;
    if (last <= since) throw new Error(`More than ${queryEventsMax} events bear the stamp ${last}`);
    since = last;
    file.setAppliedTo(Math.min(last, startedAt));
  }
  file.setAppliedTo(startedAt);
}

async function applyEvents(
  file: ReplicaFile,
  reading: ReturnType<Changes['eventsSince']>,
): Promise<{ events: number; last: Micros }> {
  let events = 0;
  let last = 0;
  for await (const chunk of inChunks(reading, limits.replica_commit_events_max)) {
    file.apply(chunk);
    events += chunk.length;
    last = chunk.at(-1)?.appendedAt ?? last;
  }
  return { events, last };
}

/**
 * An erasure names no id, so every id is held against it, a few at a time. Where the last process died over that it is done
 * again: what it had noted is read again, for `appliedTo` is set only afterwards.
 */
async function applyErasures(file: ReplicaFile, reading: AsyncIterable<Erasure>): Promise<void> {
  const erasures = await Array.fromAsync(reading);
  if (erasures.length === 0 || !file.noteErasures(erasures)) return;
  const erasedAtOf = new Map(erasures.map(({ idSha256, erasedAt }) => [keyOf(idSha256), erasedAt]));
  for (let after = ''; ; ) {
    const { erased, last } = file.findErased({ erasedAtOf, after, limit: IDS_AT_A_TIME });
    for (const { id, erasedAt } of erased) file.remove(id, erasedAt);
    if (last === undefined) break;
    after = last;
    await new Promise(setImmediate);
  }
  file.truncateLog();
  file.endErasing();
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString('base64');
}
