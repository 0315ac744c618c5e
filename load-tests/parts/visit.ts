import { check } from 'k6';
import type { Ask } from './ask.ts';
import type { VisitName } from './mix.ts';
import { recordToGet, recordToSend } from './payloads.ts';
import { isSame, member, parse } from './same.ts';
import { PAGE, type Seeded } from './seeded.ts';
import { type Answer, isAnswered } from './send.ts';

/** What an iteration works with. */
export type Visit = {
  ask: Ask;
  /** Counts the iterations of the test. */
  number: number;
  seed: number;
  seeded: Seeded;
  ids: { records: readonly string[]; writers: readonly string[] };
};

/** What iterations do, and what they expect of each answer. */
export const visitors: Readonly<Record<VisitName, (visit: Visit) => void>> = { browse, lookup, update, mistake };

/** The expected records do not change, and making them anew for each page would cost the machine that measures. */
const pages = new Map<number, unknown[]>();

function browse(visit: Visit): void {
  const { ask, seeded } = visit;
  const page = ask('page', `/records?limit=${PAGE}${seeded.from}`);
  const isOurs = (start: number) => (json: unknown) => isSame(member(json, 'records'), expectedPage(visit, start));
  const cursor = member(parse(page.body), 'nextCursor');
  const link = `</records?limit=${PAGE}&cursor=${cursor}>; rel="next"`;
  const isFirst = expect(page, 200, 'a page has our records in order of id', isOurs(0));
  expect(
    page,
    200,
    'a page says where the next one begins',
    () => typeof cursor === 'string' && page.headers.Link === link,
  );
  if (!isFirst) return;
  const path = `/records?limit=${PAGE}&cursor=${cursor}`;
  const next = ask('next_page', path);
  if (!expect(next, 200, 'the next page goes on where the first ended', isOurs(PAGE))) return;
  const known = ask('known_page', path, { headers: { 'if-none-match': next.headers.Etag ?? '' } });
  expect(known, 304, 'a page that is known is not sent again', () => !known.body);
}

function lookup({ ask, number, seed, seeded: { at }, ids: { records } }: Visit): void {
  const index = number % records.length;
  const id = records[index] ?? '';
  const answer = ask('record', `/records/${id}`);
  expect(answer, 200, 'a record is what was written', json =>
    isSame(json, recordToGet({ id, seed, number: index, at })),
  );
}

function update({ ask, number, seed, seeded: { at }, ids: { writers } }: Visit): void {
  const id = writers[number % writers.length] ?? '';
  const path = `/records/${id}`;
  const isVersion = (of: number) => (json: unknown) => isSame(json, recordToGet({ id, seed, number: of, at }));
  const written = ask('write', path, { body: recordToSend({ id, seed, number, at }) });
  const version = written.headers['X-Record-Version'] ?? '';
  if (!expect(written, 200, 'an update is answered with what was stored', isVersion(number))) return;
  const read = ask('read_back', `${path}?minVersion=${version}`);
  const served = read.headers['X-Record-Version'] ?? '';
  expect(read, 200, 'an update is read back, or a later one whole', json => {
    if (served === version) return isVersion(number)(json);
    const other = member(member(json, 'attributes'), 'loadTest');
    return orderOf(served) >= orderOf(version) && typeof other === 'number' && isVersion(other)(json);
  });
}

function mistake({ ask }: Visit): void {
  const answer = ask('refusal', '/records?limit=abc');
  const type = answer.headers['Content-Type'] ?? '';
  expect(answer, 400, 'a wrong request is told the field, its value and the rule', json => {
    const problem = member(member(json, 'problems'), '0');
    const isTold = member(problem, 'field') === 'limit' && String(member(problem, 'value')).includes('abc');
    const isProblem = type.startsWith('application/problem+json') && member(json, 'status') === 400;
    return isTold && isProblem && member(json, 'instance') === '/records';
  });
}

function expectedPage({ seed, seeded: { at }, ids: { records } }: Visit, start: number): unknown[] {
  const known = pages.get(start);
  if (known) return known;
  const made = records
    .slice(start, start + PAGE)
    .map((id, index) => recordToGet({ id, seed, number: start + index, at }));
  pages.set(start, made);
  return made;
}

/** Checks an answer. What was not answered counts as unavailable, and cannot be wrong. */
function expect(answer: Answer, status: number, name: string, isRight: (json: unknown) => boolean): boolean {
  if (!isAnswered(answer)) return false;
  return check(answer, { [name]: () => answer.status === status && isRight(parse(answer.body)) });
}

/** Microseconds in a version: of two versions the later one has more. */
function orderOf(version: string): number {
  return Number.parseInt(version, 10);
}
