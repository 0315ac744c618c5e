import type { Micros } from '../base/time.ts';
import type { DataRecord } from './record.ts';
import type { Version } from './version.ts';

/** One accepted version of a record. */
export type RecordEvent = {
  record: DataRecord;
  version: Version;
  source: 'topic' | 'api';
  /** W3C trace context of the message or request that brought it, so that a read can link to it. */
  traceparent?: string;
};

/** A row that the warehouse refused, while the others of its batch are stored. */
export type RowError = { index: number; reason: string };

export interface Warehouse {
  readonly system: 'sqlite' | 'gcp.bigquery';
  /**
   * Resolves once every event is durable but those it names. Rejects where the outcome of none is known: append them again.
   * Of versions that an erasure covers, those of the topic are passed over, and those of the API are named: its client waits.
   */
  append(events: readonly RecordEvent[]): Promise<RowError[]>;
  /** When the last that is known of an id is ordered, its newest version or its erasure; 0 where nothing is. */
  lastOrder(id: string): Promise<Micros>;
  /** Removes every version of the id, and refuses versions from before now that still come. Resolves with the events removed. */
  erase(id: string): Promise<number>;
  close(): Promise<void>;
}
