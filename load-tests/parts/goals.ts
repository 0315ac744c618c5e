import { objectives, quietestHour } from '../thresholds.ts';

/** What a test counts for one SLO, as the generated file has it. */
export type Goal = {
  kind: string;
  goal: number;
  metric: string;
  eventsToProve: number;
  thresholdMs?: number;
  routes?: readonly string[];
};

type ServiceName = keyof typeof quietestHour;

/** The service whose API is tested. */
export const API = 'records-api';

/** The SLOs of the API whose events are requests that a client can judge. */
export const apiGoals: readonly Goal[] = Object.values<Goal>(objectives[API]).filter(
  ({ kind, routes }) => routes !== undefined && (kind === 'availability' || kind === 'latency'),
);

/** The spec says what the quietest hour brings; a busy one is taken to bring ten times that. */
const BUSY_TIMES = 10;
/** So that one failure in a run does not leave too few requests to prove a goal. */
const PROOF_TIMES = 2;

/** Events a second of a quiet hour. */
export function quietPerSecond(service: ServiceName): number {
  return quietestHour[service] / 3600;
}

/** Events a second of a busy hour, or more where a run of so many seconds would otherwise prove no goal. */
export function busyPerSecond(
  seconds: number,
  { service = API, goals = apiGoals }: { service?: ServiceName; goals?: readonly Goal[] } = {},
): number {
  const toProve = Math.max(...goals.map(({ eventsToProve }) => eventsToProve));
  return Math.max(BUSY_TIMES * quietPerSecond(service), (PROOF_TIMES * toProve) / seconds);
}
