import { hash } from 'node:crypto';
import type { Micros } from '../base/time.ts';
import type { RecordEvent } from './warehouse.ts';

/** An id that was erased, without naming it: versions of it up to then are neither kept nor shown. */
export type Erasure = { idSha256: Uint8Array; erasedAt: Micros };

/** The digest under which an id's erasure is remembered. */
export function digestOf(id: string): Buffer {
  return hash('sha256', id, 'buffer');
}

/** The erasures that a process knows of. */
export type KnownErasures = {
  add(erasure: Erasure): void;
  /** Whether the event is a version that has been erased since: it is accepted, so that it does not come for ever, and not kept. */
  covers(event: RecordEvent): boolean;
};

/** Remembers erasures in memory: about 150 bytes each. */
export function createKnownErasures(erasures: Iterable<Erasure> = []): KnownErasures {
  const erasedAtOf = new Map<string, Micros>();
  const add = ({ idSha256, erasedAt }: Erasure) => {
    const key = Buffer.from(idSha256).toString('base64');
    erasedAtOf.set(key, Math.max(erasedAt, erasedAtOf.get(key) ?? 0));
  };
  for (const erasure of erasures) add(erasure);
  return {
    add,
    covers({ record, version }) {
      if (erasedAtOf.size === 0) return false;
      return version.orderedAt <= (erasedAtOf.get(digestOf(record.id).toString('base64')) ?? -1);
    },
  };
}
