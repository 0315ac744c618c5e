import type { AlertPolicy } from '../../slo/resources/alerting.ts';
import type { Judgement } from './judgement.ts';

/** A policy as it is evaluated: it may also want its conditions to be met on one resource. */
export type EvaluablePolicy = Omit<AlertPolicy, 'combiner'> & {
  combiner: AlertPolicy['combiner'] | 'AND_WITH_MATCHING_RESOURCE';
};

/** What happened to an incident, and when. */
export type TimelineEntry = {
  atMs: number;
  what: 'opened' | 'acknowledged' | 'closed';
  /** For people: the values that opened it, who acknowledged it, why it was closed. */
  detail: string;
};

/** An incident of a policy. */
export type Incident = {
  readonly id: string;
  readonly policy: string;
  readonly openedAtMs: number;
  closedAtMs?: number;
  acknowledgedBy?: string;
  readonly timeline: TimelineEntry[];
};

/** A series that meets a condition: since when without a break, whether for long enough, and when there was last something to judge. */
type Meeting = { resource: string; metSinceMs: number; isFiring: boolean; judgedAtMs: number };

/** The series that meet a condition, by their keys. */
type Meetings = ReadonlyMap<string, Meeting>;

/** What a policy's conditions said the last times, as far as the next evaluation needs it. */
export type PolicyState = {
  /** For each condition the series that meet it; nothing before a first evaluation. */
  conditions?: readonly Meetings[];
  open?: Incident;
};

/** Stands for the series that opened an incident before a restart, of which nothing is known until there is something to judge. */
const UNKNOWN = 'before the restart';

/**
 * One evaluation of a policy: what its conditions say now changes its state, and may open or close its incident.
 *
 * - Each series, or group of them, meets a condition for itself, and has to for the condition's whole duration.
 * - A condition is met by as many series as its trigger asks for, one where it asks for nothing.
 * - AND wants all conditions, OR one, and AND_WITH_MATCHING_RESOURCE all on one resource; what is not evaluated is not met.
 * - Where a series has no data any more, it goes on to meet what it met for long enough, unless the policy says otherwise.
 * - A series of which there has been nothing to judge for `autoClose` does not count any more.
 *
 * @see https://cloud.google.com/monitoring/alerts/concepts-indepth
 */
export function evaluatePolicy(options: {
  policy: EvaluablePolicy;
  state: PolicyState;
  judgements: readonly Judgement[];
  nowMs: number;
  newId(): string;
}): PolicyState {
  const { policy, state, judgements, nowMs } = options;
  const { open, conditions: before = open ? restored(policy, nowMs) : [] } = state;
  const met = judgements.map((judgement, index) => next(policy, index, before[index] ?? new Map(), judgement, nowMs));
  // One that is judged again may be the one of an OR that opened it.
  if (policy.combiner === 'OR' && judgements.some(isJudged)) for (const meetings of met) meetings.delete(UNKNOWN);
  const { autoClose } = policy.alertStrategy;
  const silentSinceMs = nowMs - Number.parseFloat(autoClose) * 1000;
  const conditions = met.map(meetings => withoutSilent(meetings, silentSinceMs));
  if (isMet(policy, conditions)) return { conditions, open: open ?? openIncident(options) };
  if (!open) return { conditions };
  const isSilent = isMet(policy, met);
  closeIncident(open, nowMs, isSilent ? `there has been no data for ${autoClose}` : 'the conditions are no longer met');
  for (const meetings of conditions) meetings.delete(UNKNOWN);
  return { conditions };
}

/** Closes an incident, and says why. */
export function closeIncident(incident: Incident, nowMs: number, why: string): void {
  incident.closedAtMs = nowMs;
  incident.timeline.push({ atMs: nowMs, what: 'closed', detail: why });
}

/** What opened an incident was met for long enough then, whatever that is. */
function restored({ conditions }: EvaluablePolicy, nowMs: number): Meetings[] {
  const metSinceMs = Number.NEGATIVE_INFINITY;
  const unknown: Meeting = { resource: '', metSinceMs, isFiring: true, judgedAtMs: nowMs };
  return conditions.map(() => new Map([[UNKNOWN, unknown]]));
}

const isJudged = ({ series }: Judgement) => series.some(({ met }) => met !== undefined);

/** The series that meet a condition after a judgement. */
function next(
  policy: EvaluablePolicy,
  index: number,
  before: Meetings,
  judgement: Judgement,
  nowMs: number,
): Map<string, Meeting> {
  if (judgement.because) return new Map(before);
  const isSilenceMet = missingDataOf(policy, index);
  const forMs = durationMs(policy, index);
  // What is not told of any more is silent too.
  const after = new Map(isSilenceMet === false ? [] : [...before].filter(([, { isFiring }]) => isFiring));
  if (isJudged(judgement)) after.delete(UNKNOWN);
  for (const { key, resource, met = isSilenceMet } of judgement.series) {
    if (met === false) after.delete(key);
    if (!met) continue;
    const { metSinceMs } = before.get(key) ?? before.get(UNKNOWN) ?? { metSinceMs: nowMs };
    after.set(key, { resource, metSinceMs, isFiring: nowMs - metSinceMs >= forMs, judgedAtMs: nowMs });
  }
  return after;
}

/** Those of which there has been something to judge since. */
function withoutSilent(meetings: Map<string, Meeting>, sinceMs: number): Map<string, Meeting> {
  if (meetings.size === 0) return meetings;
  return new Map([...meetings].filter(([, { judgedAtMs }]) => judgedAtMs > sinceMs));
}

function isMet(policy: EvaluablePolicy, conditions: readonly Meetings[]): boolean {
  const isEnough = (meetings: Meetings, index: number) =>
    meetings.has(UNKNOWN) || firingOf(meetings).length >= wantedBy(policy, index);
  if (!policy.enabled) return false;
  if (policy.combiner === 'OR') return conditions.some(isEnough);
  return conditions.every(isEnough) && (policy.combiner === 'AND' || haveCommon(conditions));
}

const firingOf = (meetings: Meetings) => [...meetings.values()].filter(({ isFiring }) => isFiring);

/** Whether some resource meets all conditions. */
function haveCommon(conditions: readonly Meetings[]): boolean {
  const known = conditions.filter(meetings => !meetings.has(UNKNOWN));
  const [first, ...others] = known.map(meetings => new Set(firingOf(meetings).map(({ resource }) => resource)));
  return first === undefined || [...first].some(resource => others.every(other => other.has(resource)));
}

/** How many series have to meet a condition. */
export function wantedBy({ conditions }: EvaluablePolicy, index: number): number {
  const condition = conditions[index];
  if (!condition) return 1;
  if ('conditionThreshold' in condition) return condition.conditionThreshold.trigger?.count ?? 1;
  return 'conditionAbsent' in condition ? (condition.conditionAbsent.trigger?.count ?? 1) : 1;
}

/** How long a condition has to be met. That of an absence is in the condition itself: what it says is already of that time. */
export function durationMs({ conditions }: EvaluablePolicy, index: number): number {
  const condition = conditions[index];
  const text = condition && 'conditionThreshold' in condition ? condition.conditionThreshold.duration : '0s';
  return Number.parseFloat(text) * 1000;
}

/** Whether a series without data meets a condition; `undefined` where that changes nothing. */
function missingDataOf({ conditions }: EvaluablePolicy, index: number): boolean | undefined {
  const condition = conditions[index];
  const missing =
    condition && 'conditionThreshold' in condition ? condition.conditionThreshold.evaluationMissingData : undefined;
  if (missing === 'EVALUATION_MISSING_DATA_ACTIVE') return true;
  return missing === 'EVALUATION_MISSING_DATA_INACTIVE' ? false : undefined;
}

function openIncident({ policy, judgements, nowMs, newId }: Parameters<typeof evaluatePolicy>[0]): Incident {
  const detail = policy.conditions
    .map(({ displayName }, index) => {
      const value = judgements[index]?.value;
      return value === undefined ? displayName : `${displayName}: ${value}`;
    })
    .join('; ');
  return { id: newId(), policy: policy.name, openedAtMs: nowMs, timeline: [{ atMs: nowMs, what: 'opened', detail }] };
}
