import type { AlertPolicy } from '../../slo/resources/alerting.ts';

/** What is said of a condition at a moment: met, not met, or that there is nothing to judge. */
export type Verdict =
  | { met: boolean; value?: number }
  | { met: undefined; because: 'no data' | 'not evaluated' | 'decided before' };

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

/** What a policy's conditions said the last times, as far as the next evaluation needs it. */
export type PolicyState = {
  /** For each condition: since when it has been met without a break, and when there was last something to judge. */
  conditions: { metSinceMs?: number; judgedAtMs?: number }[];
  open?: Incident;
};

/**
 * One evaluation of a policy: what its conditions say now changes its state, and may open or close its incident.
 *
 * - A condition has to be met for its whole duration.
 * - AND wants all of them, OR one; a condition that is not evaluated is not met.
 * - Where there is nothing to judge, a condition of duration 0 stays as it was, and one with a duration is not met.
 * - An incident whose conditions have had nothing to judge for `autoClose` is closed.
 */
export function evaluatePolicy(options: {
  policy: AlertPolicy;
  state: PolicyState;
  verdicts: readonly Verdict[];
  nowMs: number;
  newId(): string;
}): PolicyState {
  const { policy, state, verdicts, nowMs } = options;
  const conditions = verdicts.map((verdict, index) =>
    next(policy, index, state.conditions[index] ?? {}, verdict, nowMs),
  );
  const firing = policy.conditions.map((_, index) => isFiring(policy, index, conditions[index] ?? {}, nowMs));
  const isMet = policy.enabled && (policy.combiner === 'AND' ? firing.every(Boolean) : firing.some(Boolean));
  if (!state.open) {
    if (!isMet) return { conditions };
    return { conditions, open: openIncident(policy, verdicts, nowMs, options.newId()) };
  }
  const why = isMet ? silence(policy, conditions, nowMs) : 'the conditions are no longer met';
  if (why === undefined) return { conditions, open: state.open };
  state.open.closedAtMs = nowMs;
  state.open.timeline.push({ atMs: nowMs, what: 'closed', detail: why });
  return { conditions: isMet ? [] : conditions };
}

type ConditionState = PolicyState['conditions'][number];

function next(
  policy: AlertPolicy,
  index: number,
  before: ConditionState,
  verdict: Verdict,
  nowMs: number,
): ConditionState {
  if (verdict.met === undefined) {
    return durationMs(policy, index) === 0
      ? before
      : { ...(before.judgedAtMs !== undefined && { judgedAtMs: before.judgedAtMs }) };
  }
  return verdict.met ? { metSinceMs: before.metSinceMs ?? nowMs, judgedAtMs: nowMs } : { judgedAtMs: nowMs };
}

function isFiring(policy: AlertPolicy, index: number, { metSinceMs }: ConditionState, nowMs: number): boolean {
  return metSinceMs !== undefined && nowMs - metSinceMs >= durationMs(policy, index);
}

/** How long a condition has to be met. That of an absence is in the condition itself: what it says is already of that time. */
export function durationMs({ conditions }: AlertPolicy, index: number): number {
  const condition = conditions[index];
  const text = condition && 'conditionThreshold' in condition ? condition.conditionThreshold.duration : '0s';
  return Number.parseFloat(text) * 1000;
}

function silence(policy: AlertPolicy, conditions: readonly ConditionState[], nowMs: number): string | undefined {
  const autoCloseMs = Number.parseFloat(policy.alertStrategy.autoClose) * 1000;
  const judgedAtMs = Math.max(...conditions.map(({ judgedAtMs = 0 }) => judgedAtMs));
  if (nowMs - judgedAtMs < autoCloseMs) return undefined;
  return `there has been no data for ${policy.alertStrategy.autoClose}`;
}

function openIncident(policy: AlertPolicy, verdicts: readonly Verdict[], nowMs: number, id: string): Incident {
  const detail = policy.conditions
    .map(({ displayName }, index) => {
      const verdict = verdicts[index];
      return verdict?.met === undefined || verdict.value === undefined
        ? displayName
        : `${displayName}: ${verdict.value}`;
    })
    .join('; ');
  return { id, policy: policy.name, openedAtMs: nowMs, timeline: [{ atMs: nowMs, what: 'opened', detail }] };
}
