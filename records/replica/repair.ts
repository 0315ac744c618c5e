import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { type Micros, nowMicros } from '../../base/time.ts';
import type { Changes, DaySum } from '../changes.ts';
import { inChunks } from './chunks.ts';
import type { ReplicaFile } from './file.ts';

/**
 * Compares the file with the table day by day, by the days on which the newest versions are ordered, and reads again the days
 * that differ; today's are left to the following. Resolves with those days. It also has the table rid itself of what was
 * stored of an erased id after its erasure.
 */
export async function repair(options: { file: ReplicaFile; changes: Changes; clock: Clock }): Promise<Micros[]> {
  const { file, changes, clock } = options;
  const now = nowMicros(clock);
  await changes.removeErased();
  const theirs = await changes.daySums(now);
  const days = differingDays(file.daySums(now), theirs);
  // What is no longer there is removed last: an id that is gone from one day may have come back with a version of another.
  const gone: { id: string; orderedAt: Micros }[] = [];
  for (const day of days) {
    const before = file.versionsOfDay(day);
    const found = new Set<string>();
    for await (const chunk of inChunks(changes.newestOfDay(day), limits.replica_commit_events_max)) {
      file.apply(chunk);
      for (const { record } of chunk) found.add(record.id);
    }
    gone.push(...before.filter(({ id }) => !found.has(id)));
  }
  for (const version of gone) file.removeVersion(version);
  file.setComparedAt(now);
  return days;
}

function differingDays(ours: readonly DaySum[], theirs: readonly DaySum[]): Micros[] {
  const known = new Map(ours.map(sum => [sum.day, sum]));
  const differing = theirs.filter(({ day, records, checksum }) => {
    const our = known.get(day);
    known.delete(day);
    return our?.records !== records || our.checksum !== checksum;
  });
  return [...differing.map(({ day }) => day), ...known.keys()];
}
