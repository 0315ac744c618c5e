import { fail, sleep } from 'k6';
import { sha256 } from 'k6/crypto';
import { recordToGet, recordToSend } from './payloads.ts';
import { isSame, member, parse } from './same.ts';
import { type Answer, isAnswered, type Request, send } from './send.ts';
import type { Settings } from './settings.ts';

/** Records on one page. */
export const PAGE = 20;
// Two pages, and one more so that the second says where a third begins.
const RECORDS = 2 * PAGE + 1;
const WRITERS = 10;
const ATTEMPTS = 5;

/** What a test knows of itself, from its start to its end. */
export type Seeded = {
  run: string;
  /** The timestamp of every record. */
  at: string;
  /** What a page's query has to say for its first record to be our first one. */
  from: string;
};

/** The ids that a test writes, and no other: marked, in order, and the same for the same seed, so that any run can erase them. */
export function idsOf(test: string, seed: number) {
  const ids = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `load-test-${test}-${seed}-${kind}-${String(index).padStart(4, '0')}`);
  return { records: ids('record', RECORDS), writers: ids('writer', WRITERS) };
}

/** A run's beginning: its id and its time. */
export function startRun(): { run: string; at: string } {
  const now = new Date().toISOString();
  return { run: sha256(`${now}:${Math.random()}`, 'hex').slice(0, 16), at: `${now.slice(0, 19)}Z` };
}

/** Writes the records that are read in the test, and finds their place in the order of ids. */
export function seedRecords(settings: Settings, records: readonly string[]): Seeded {
  const { run, at } = startRun();
  for (const [number, id] of records.entries()) {
    const record = { id, seed: settings.seed, number, at };
    const answer = insist(settings, { method: 'PUT', path: `/records/${id}`, body: recordToSend(record), run, number });
    if (!isSame(parse(answer.body), recordToGet(record))) refuse(`PUT /records/${id}`, answer);
  }
  sleep(settings.settleSeconds);
  return { run, at, from: placeOf(settings, records[0] ?? '', run) };
}

/** Removes what the test wrote. */
export function eraseAll(settings: Settings, ids: readonly string[], { run }: { run: string }): void {
  for (const [number, id] of ids.entries()) {
    const answer = insist(settings, { method: 'DELETE', path: `/records/${id}`, run: `${run}:erase`, number });
    if (answer.status !== 200) refuse(`DELETE /records/${id}`, answer);
  }
}

/** Finds by halving at which offset an id stands, then the cursor that leads there: pages by cursor stay where they are. */
function placeOf(settings: Settings, id: string, run: string): string {
  let asked = 0;
  const page = (offset: number) => {
    asked += 1;
    const path = `/records?limit=1&offset=${offset}`;
    return insist(settings, { method: 'GET', path, run: `${run}:place`, number: asked });
  };
  const isBefore = (offset: number) => {
    const found = member(member(member(parse(page(offset).body), 'records'), '0'), 'id');
    return typeof found === 'string' && found < id;
  };
  let [before, after] = [-1, 0];
  while (isBefore(after)) [before, after] = [after, 2 * after + 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isBefore(middle)) before = middle;
    else after = middle;
  }
  return before < 0 ? '' : `&cursor=${member(parse(page(before).body), 'nextCursor')}`;
}

/** Sends what is no part of the test, and again where it is not answered: a test of a failing service has to begin and to end. */
function insist(settings: Settings, { path, ...request }: Omit<Request, 'url'> & { path: string }): Answer {
  for (let attempt = 1; ; attempt += 1) {
    const answer = send(settings, { ...request, url: settings.baseUrl + path });
    if (isAnswered(answer)) return answer;
    if (attempt === ATTEMPTS) refuse(`${request.method} ${path}`, answer);
    sleep(attempt / 10);
  }
}

function refuse(what: string, { status, body, error }: Answer): never {
  return fail(`${what} was answered ${status}, and not as it should be: ${body || error}`);
}
