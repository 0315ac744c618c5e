import type { DataRecord } from '../records/record.ts';
import { compareVersions, type Version } from '../records/version.ts';

/** A record as the table holds it. */
export type Stored = { record: DataRecord; version: Version };

/** The event table, read past the API. */
export type Table = {
  /** The newest version of each id with the prefix, in order of id. */
  newest(prefix: string): Promise<Map<string, Stored>>;
  close(): void;
};

/** The ids with a prefix, as a range: from it, and below what is behind its last one. The prefix ends in ASCII. */
export function rangeOf(prefix: string): { from: string; below: string } {
  const last = prefix.length - 1;
  return { from: prefix, below: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) };
}

/** The newest version of each id, from events in order of id. */
export function newestOf(events: readonly Stored[]): Map<string, Stored> {
  const newest = new Map<string, Stored>();
  for (const { record, version } of events) {
    const known = newest.get(record.id);
    if (known === undefined || compareVersions(version, known.version) > 0) newest.set(record.id, { record, version });
  }
  return newest;
}
