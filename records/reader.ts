import type { DataRecord } from './record.ts';
import type { Version } from './version.ts';

/** A record with what is known of its newest version. */
export type VersionedRecord = { record: DataRecord; version: Version; traceparent?: string };

/** Where reads are answered from: always the newest version, in order of id. */
export interface Reader {
  get(id: string): Promise<VersionedRecord | undefined>;
  /** At most `limit` records: from the start by `offset`, or those behind the id `after`. */
  page(options: { limit: number } & ({ offset: number } | { after: string })): Promise<DataRecord[]>;
  /** Resolves once all that was committed before the call is readable here. */
  catchUp(): Promise<void>;
  /** Whether what is served now is as young as the freshness SLO asks. */
  isFresh(): boolean;
}
