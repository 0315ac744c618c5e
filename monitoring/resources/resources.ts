import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { openDatabase } from '../../base/sqlite/database.ts';

/** What is kept, as the API calls its collections. */
export type Kind =
  | 'services'
  | 'serviceLevelObjectives'
  | 'alertPolicies'
  | 'notificationChannels'
  | 'uptimeCheckConfigs'
  | 'groups'
  | 'dashboards'
  | 'metricDescriptors';

/** A resource as it is kept. Its etag says whether it is still the same. */
export type Resource = {
  readonly kind: Kind;
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly etag: string;
  readonly createdMs: number;
  readonly updatedMs: number;
};

/** What is configured: SLOs, policies, dashboards and so on, each as its REST JSON. */
export type Resources = {
  get(kind: Kind, name: string): Resource | undefined;
  /** Those of a kind whose names begin so, in the order in which they were made. */
  list(kind: Kind, prefix?: string): Resource[];
  /** Keeps a resource under its name, durably; one of that name is replaced, where it is another. */
  put(kind: Kind, name: string, json: Resource['json']): Resource;
  remove(kind: Kind, name: string): void;
  /** Hears of each change once it is kept; of one that is removed without its JSON. */
  onChange(listener: (change: { kind: Kind; name: string; json?: Resource['json'] }) => void): void;
  close(): void;
};

const MIGRATIONS = [
  `CREATE TABLE IF NOT EXISTS resources (
    made INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (kind, name)
  ) STRICT`,
];
const PUT = `
  INSERT INTO resources (kind, name, json, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (kind, name) DO UPDATE SET json = excluded.json, updated_ms = excluded.updated_ms
`;

/**
 * Opens what is configured, in a SQLite file. It is read once: there is not so much of it that it would not fit in memory.
 *
 * @param options.path a file, or `:memory:` for what need not be kept
 */
export function openResources({ path, clock }: { path: string; clock: Clock }): Resources {
  const database = openDatabase({ path, migrations: MIGRATIONS });
  const kept = new Map<string, Resource>();
  const listeners: Parameters<Resources['onChange']>[0][] = [];
  const put = database.prepare(PUT);
  const remove = database.prepare('DELETE FROM resources WHERE kind = ? AND name = ?');
  const all = database.prepare('SELECT kind, name, json, created_ms, updated_ms FROM resources ORDER BY made').all();
  for (const { kind, name, json, created_ms: createdMs, updated_ms: updatedMs } of all) {
    keep(kind as Kind, String(name), String(json), Number(createdMs), Number(updatedMs));
  }

  function keep(kind: Kind, name: string, text: string, createdMs: number, updatedMs: number): Resource {
    const etag = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    const resource = { kind, name, json: JSON.parse(text), etag, createdMs, updatedMs };
    kept.set(keyOf(kind, name), resource);
    return resource;
  }

  return {
    get: (kind, name) => kept.get(keyOf(kind, name)),
    list: (kind, prefix = '') =>
      [...kept.values()].filter(resource => resource.kind === kind && resource.name.startsWith(prefix)),
    put(kind, name, json) {
      const text = JSON.stringify(json);
      const known = kept.get(keyOf(kind, name));
      if (known && JSON.stringify(known.json) === text) return known;
      const nowMs = clock.now();
      const createdMs = known?.createdMs ?? nowMs;
      put.run(kind, name, text, createdMs, nowMs);
      const resource = keep(kind, name, text, createdMs, nowMs);
      for (const listener of listeners) listener(resource);
      return resource;
    },
    remove(kind, name) {
      remove.run(kind, name);
      kept.delete(keyOf(kind, name));
      for (const listener of listeners) listener({ kind, name });
    },
    onChange: listener => void listeners.push(listener),
    close: () => database.close(),
  };
}

const keyOf = (kind: Kind, name: string) => `${kind} ${name}`;
