import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, type Books, settle } from './ledger.ts';
import { readRecords } from './read.ts';
import type { Target } from './scene.ts';
import type { Tables } from './tables.ts';

const EVERY_MS = 1000;

/** Waits until every message is an event or a dead letter in the tables. Resolves with whether they were in `msMax`. */
export async function waitUntilStored(options: {
  tables: Tables;
  accepted: readonly Accepted[];
  msMax: number;
}): Promise<boolean> {
  const { tables, msMax } = options;
  const messageIds = options.accepted.flatMap(({ messageId }) => messageId ?? []);

  async function areStored(): Promise<boolean> {
    // There are others too: counting only says, and cheaply, when they may be all there.
    if ((await tables.countMessages()) < messageIds.length) return false;
    const [{ events }, deadLettered] = [await tables.events(), await tables.deadLettered()];
    return messageIds.every(id => events.has(id) || deadLettered.has(id));
  }

  for (const startedAt = performance.now(); !(await areStored()); await sleep(EVERY_MS)) {
    if (performance.now() - startedAt > msMax) return false;
  }
  return true;
}

/** Reads the records when all that is stored is readable, or after `msMax`: the API's replica follows the tables. */
export async function readWhenFollowed(options: {
  target: Target;
  stored: Omit<Books, 'readable'>;
  accepted: readonly Accepted[];
  rowsRefused: number;
  msMax: number;
}): Promise<Books> {
  const { target, stored, accepted, rowsRefused, msMax } = options;
  for (const startedAt = performance.now(); ; await sleep(EVERY_MS)) {
    const books = { ...stored, readable: await readRecords(target) };
    const { lost, stale } = settle({ ...books, accepted, rowsRefused });
    if (lost.length + stale.length === 0 || performance.now() - startedAt > msMax) return books;
  }
}
