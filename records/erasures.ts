import { hash } from 'node:crypto';
import type { Micros } from '../base/time.ts';

/** An id that was erased, without naming it: versions of it up to then are neither kept nor shown. */
export type Erasure = { idSha256: Uint8Array; erasedAt: Micros };

/** The digest under which an id's erasure is remembered. */
export function digestOf(id: string): Buffer {
  return hash('sha256', id, 'buffer');
}

/** Why a write through the API that an erasure covers is refused. */
export const ERASED_MEANWHILE = 'its id was erased while it was on its way: send it again';

/** The erasures that a process knows of. */
export type KnownErasures = {
  add(erasure: Erasure): void;
  /** Up to when an id is erased, where it ever was. */
  erasedAt(id: string): Micros | undefined;
  /** Whether what is ordered then has been erased since: it is accepted, so that it does not come for ever, and not kept. */
  covers(id: string, orderedAt: Micros): boolean;
};

/** Remembers erasures in memory: about 150 bytes each. */
export function createKnownErasures(erasures: Iterable<Erasure> = []): KnownErasures {
  const erasedAtOf = new Map<string, Micros>();
  const add = ({ idSha256, erasedAt }: Erasure) => {
    const key = Buffer.from(idSha256).toString('base64');
    erasedAtOf.set(key, Math.max(erasedAt, erasedAtOf.get(key) ?? 0));
  };
  for (const erasure of erasures) add(erasure);
  const erasedAt = (id: string) =>
    erasedAtOf.size === 0 ? undefined : erasedAtOf.get(digestOf(id).toString('base64'));
  return {
    add,
    erasedAt,
    covers: (id, orderedAt) => orderedAt <= (erasedAt(id) ?? Number.NEGATIVE_INFINITY),
  };
}
