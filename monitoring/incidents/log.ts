import type { Clock } from '../../base/clock.ts';
import { inTransaction, openDatabase } from '../../base/sqlite/database.ts';
import type { Incident } from '../evaluate/incidents.ts';
import { limits } from '../limits.ts';
import { incidentErrors } from './errors.ts';

/** The incidents that there were, durable. */
export type IncidentLog = {
  /** Newest first. */
  list(): readonly Incident[];
  /** Keeps incidents that have opened or changed; the oldest closed ones go where there are too many. */
  record(incidents: readonly Incident[]): void;
  /** Says that somebody looks after an open one; whoever said so first. Throws `incident_missing` or `incident_closed`. */
  acknowledge(id: string, by: string): Incident;
  close(): void;
};

const MIGRATIONS = [
  'CREATE TABLE incidents (id TEXT PRIMARY KEY, opened_ms INTEGER NOT NULL, json TEXT NOT NULL) STRICT, WITHOUT ROWID',
];

/** Opens the incidents of a SQLite file. It is read once: there are not so many that they would not fit in memory. */
export function openIncidentLog({ path, clock }: { path: string; clock: Clock }): IncidentLog {
  const database = openDatabase({ path, migrations: MIGRATIONS });
  const put = database.prepare('INSERT OR REPLACE INTO incidents (id, opened_ms, json) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM incidents WHERE id = ?');
  const rows = database.prepare('SELECT json FROM incidents ORDER BY opened_ms, id').all();
  const incidents = new Map(rows.map(({ json }) => JSON.parse(String(json)) as Incident).map(each => [each.id, each]));

  function record(changed: readonly Incident[]): void {
    inTransaction(database, () => {
      for (const incident of changed) {
        incidents.set(incident.id, incident);
        put.run(incident.id, incident.openedAtMs, JSON.stringify(incident));
      }
      for (const { id } of surplus()) {
        incidents.delete(id);
        remove.run(id);
      }
    });
  }

  function surplus(): Incident[] {
    const closed = [...incidents.values()].filter(({ closedAtMs }) => closedAtMs !== undefined);
    return closed.slice(0, Math.max(0, incidents.size - limits.incidents_max));
  }

  return {
    list: () => [...incidents.values()].reverse(),
    record,
    acknowledge(id, by) {
      const incident = incidents.get(id);
      if (!incident) throw incidentErrors.error('incident_missing', `There is no incident ${id}`);
      if (incident.closedAtMs !== undefined) {
        const closedAt = new Date(incident.closedAtMs).toISOString();
        throw incidentErrors.error('incident_closed', `The incident ${id} was closed at ${closedAt}`);
      }
      if (incident.acknowledgedBy !== undefined) return incident;
      incident.acknowledgedBy = by;
      incident.timeline.push({ atMs: clock.now(), what: 'acknowledged', detail: `by ${by}` });
      record([incident]);
      return incident;
    },
    close: () => database.close(),
  };
}
