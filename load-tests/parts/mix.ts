import type { Goal } from './goals.ts';
import type { Step } from './shapes.ts';

/** Every kind of request that is sent, with the route that it takes. */
export const requestKinds = {
  page: { method: 'GET', route: '/records', title: 'a page' },
  next_page: { method: 'GET', route: '/records', title: 'the next page' },
  known_page: { method: 'GET', route: '/records', title: 'a page that is known already' },
  record: { method: 'GET', route: '/records/:id', title: 'a record' },
  write: { method: 'PUT', route: '/records/:id', title: 'an update' },
  read_back: { method: 'GET', route: '/records/:id', title: 'an update read back' },
  refusal: { method: 'GET', route: '/records', title: 'a wrong request' },
} as const;
export type RequestKind = keyof typeof requestKinds;

/** What one iteration does, as the requests that it sends. */
export const visits = {
  browse: ['page', 'next_page', 'known_page'],
  lookup: ['record'],
  update: ['write', 'read_back'],
  mistake: ['refusal'],
} as const satisfies Readonly<Record<string, readonly RequestKind[]>>;
export type VisitName = keyof typeof visits;

/** One iteration after the other, round and round: reads as people make them, a write to each four of them. */
const round: readonly VisitName[] = [
  ...(['browse', 'lookup', 'update', 'lookup', 'browse'] as const),
  ...(['lookup', 'mistake', 'browse', 'lookup', 'update'] as const),
];
const kindsOfRound: readonly RequestKind[] = round.flatMap(name => [...visits[name]]);

/** How many requests an iteration sends, on average. */
export const requestsPerVisit = kindsOfRound.length / round.length;

/** A whole round, in requests. */
export const requestsPerRound = kindsOfRound.length;

/** What the iteration of this number does. */
export function visitOf(number: number): VisitName {
  return round[number % round.length] ?? 'lookup';
}

/** Whether requests of this kind count for a goal. */
export function counts({ routes = [] }: Goal, kind: RequestKind): boolean {
  return routes.length === 0 || routes.includes(requestKinds[kind].route);
}

/** How many events a goal gets in each step. */
export function plannedEvents(goal: Goal, steps: readonly Step[]): number[] {
  const share = kindsOfRound.filter(kind => counts(goal, kind)).length / kindsOfRound.length;
  return steps.map(({ perSecond, seconds }) => perSecond * seconds * share);
}
