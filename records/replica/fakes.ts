import type { Micros } from '../../base/time.ts';
import { CHECKSUM_PRIME, type Changes, type CommittedEvent, DAY_MICROS } from '../changes.ts';
import { createKnownErasures, digestOf, type Erasure } from '../erasures.ts';
import { compareVersions } from '../version.ts';
import type { RecordEvent } from '../warehouse.ts';

/** A warehouse's table in memory, as a replica sees it, with a say in what it sees when. */
export function createFakeChanges({ source = 'p.latam.record_events' } = {}) {
  let events: CommittedEvent[] = [];
  const erasures: Erasure[] = [];
  const calls: string[] = [];
  const control = { isDown: false };

  function ask(what: string): void {
    calls.push(what);
    if (control.isDown) throw new Error('BigQuery is down');
  }

  function isKept({ record, version }: RecordEvent): boolean {
    return !createKnownErasures(erasures).covers(record.id, version.orderedAt);
  }

  function newest(): RecordEvent[] {
    const byId = new Map<string, RecordEvent>();
    for (const event of events.filter(isKept)) {
      const best = byId.get(event.record.id);
      if (!best || compareVersions(event.version, best.version) > 0) byId.set(event.record.id, event);
    }
    return [...byId.values()];
  }

  const dayOf = ({ version }: RecordEvent) => Math.floor(version.orderedAt / DAY_MICROS) * DAY_MICROS;

  const changes: Changes = {
    source,
    async *eventsSince(since, limit) {
      ask('eventsSince');
      const found = events.filter(({ appendedAt }) => appendedAt >= since);
      yield* found.toSorted((a, b) => a.appendedAt - b.appendedAt).slice(0, limit);
    },
    async *erasuresSince(since) {
      ask('erasuresSince');
      yield* erasures.filter(({ erasedAt }) => erasedAt >= since);
    },
    async *newest() {
      ask('newest');
      yield* newest();
    },
    async daySums(before) {
      ask('daySums');
      const today = Math.floor(before / DAY_MICROS) * DAY_MICROS;
      const days = Map.groupBy(
        newest().filter(event => dayOf(event) < today),
        dayOf,
      );
      return [...days].map(([day, found]) => ({
        day,
        records: found.length,
        checksum: found.reduce((sum, { version }) => sum + (version.orderedAt % CHECKSUM_PRIME), 0),
      }));
    },
    async *newestOfDay(day) {
      ask('newestOfDay');
      yield* newest().filter(event => dayOf(event) === day);
    },
    async removeErased() {
      ask('removeErased');
      const before = events.length;
      events = events.filter(isKept);
      return before - events.length;
    },
  };

  return {
    changes,
    /** What it was asked, in turn. */
    calls,
    control,
    /** Commits events under a stamp; they are seen from now on. */
    commit(committed: readonly RecordEvent[], appendedAt: Micros) {
      events.push(...committed.map(event => ({ ...event, appendedAt })));
    },
    erase(id: string, erasedAt: Micros) {
      erasures.push({ idSha256: digestOf(id), erasedAt });
      events = events.filter(({ record }) => record.id !== id);
    },
  };
}
