import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import { atOnce, type DelayOf } from '../delay.ts';
import type { Increment, Series } from '../model.ts';
import { createJudge, type Judge, type World } from './conditions.ts';
import {
  closeIncident,
  durationMs,
  type EvaluablePolicy,
  evaluatePolicy,
  type Incident,
  type PolicyState,
  wantedBy,
} from './incidents.ts';
import { type Judgement, type Verdict, verdictOf } from './judgement.ts';
import { type TrackedObjective, trackObjective } from './objective.ts';

/** SLOs and policies that are evaluated: live, in a backtest and in tests alike, for time is handed in. */
export type Evaluator = {
  /** Takes in what a series got. */
  observe(increment: Increment): void;
  /** Whether what a series gets may count for an SLO. */
  isFollowed(series: Series): boolean;
  objective(name: string): TrackedObjective | undefined;
  /** Follows an SLO from here on; what was counted before is handed to `observe` by whoever has it. Replaces one of its name. */
  setObjective(json: ServiceLevelObjective, service: Service): TrackedObjective;
  removeObjective(name: string): void;
  /** Evaluates a policy from here on. Replaces one of its name, whose incident stays open. */
  setPolicy(policy: EvaluablePolicy): void;
  /** Its incident closes with the next round. */
  removePolicy(name: string): void;
  /** One round at a time: what opened and what closed, and which policies could not be evaluated, which change nothing of the others. */
  evaluate(nowMs: number): { opened: Incident[]; closed: Incident[]; failed: { policy: string; error: unknown }[] };
  /** What the conditions of a policy said in the last round. */
  verdicts(policyName: string): readonly Verdict[];
};

type Watched = {
  policy: EvaluablePolicy;
  judges: readonly Judge[];
  state: PolicyState;
  judgements: readonly Judgement[];
};

export function createEvaluator(options: {
  project: string;
  store: World['store'];
  newId(): string;
  /** All is evaluated as it was when what is read could last be seen whole. */
  delayOf?: DelayOf;
  /** Incidents that are open from before, by policy. */
  open?: readonly Incident[];
}): Evaluator {
  const { project, store, newId, delayOf = atOnce, open = [] } = options;
  const objectives = new Map<string, TrackedObjective>();
  const watched = new Map<string, Watched>();
  /** Open incidents, by policy, of policies that are not there. */
  const left = new Map(open.map(incident => [incident.policy, incident]));
  /** Which SLOs a series counts for, found at its first point. */
  const followers = new Map<number, TrackedObjective[]>();
  const world: World = { project, store, delayOf, objective: name => objectives.get(name) };

  return {
    observe(increment) {
      const { id } = increment.series;
      const known = followers.get(id);
      for (const objective of known ?? []) objective.observe(increment);
      if (!known)
        followers.set(
          id,
          [...objectives.values()].filter(objective => objective.observe(increment)),
        );
    },
    isFollowed: ({ id }) => followers.get(id)?.length !== 0,
    objective: world.objective,
    setObjective(json, service) {
      const tracked = trackObjective(json, service, project, delayOf);
      objectives.set(json.name, tracked);
      followers.clear();
      return tracked;
    },
    removeObjective(name) {
      objectives.delete(name);
      followers.clear();
    },
    setPolicy(policy) {
      const judges = policy.conditions.map(condition => createJudge(condition, world));
      const before = watched.get(policy.name);
      const incident = before ? before.state.open : left.get(policy.name);
      left.delete(policy.name);
      const conditions = before?.state.conditions && keptConditions(before, policy);
      const state: PolicyState = { ...(conditions && { conditions }), ...(incident && { open: incident }) };
      watched.set(policy.name, { policy, judges, state, judgements: [] });
    },
    removePolicy(name) {
      const { open } = watched.get(name)?.state ?? {};
      if (open) left.set(name, open);
      watched.delete(name);
    },
    evaluate(nowMs) {
      const opened: Incident[] = [];
      const closed = [...left.values()];
      for (const incident of closed) closeIncident(incident, nowMs, 'its policy was removed');
      left.clear();
      const failed: { policy: string; error: unknown }[] = [];
      for (const entry of watched.values()) {
        const before = entry.state.open;
        try {
          entry.judgements = judgeAll(entry, nowMs);
          entry.state = evaluatePolicy({ ...entry, nowMs, newId });
        } catch (error) {
          failed.push({ policy: entry.policy.name, error });
        }
        if (entry.state.open && !before) opened.push(entry.state.open);
        if (before && !entry.state.open) closed.push(before);
      }
      return { opened, closed, failed };
    },
    verdicts(name) {
      const { policy, judgements = [] } = watched.get(name) ?? {};
      return judgements.map((judgement, index) => verdictOf(judgement, policy ? wantedBy(policy, index) : 1));
    },
  };
}

/** What is known of conditions that stay as they are. */
function keptConditions({ policy, state }: Watched, next: EvaluablePolicy): PolicyState['conditions'] {
  const isSame = (index: number) => JSON.stringify(policy.conditions[index]) === JSON.stringify(next.conditions[index]);
  return next.conditions.map((_, index) => (isSame(index) && state.conditions?.[index]) || new Map());
}

/**
 * What the conditions say. An AND does not hold once one of them is not met: what stands behind it is not looked at, for to add up a
 * day of events takes longer than all burn rates. Where a condition has a duration, it has to be watched without a break.
 */
function judgeAll({ policy, judges }: Watched, nowMs: number): Judgement[] {
  const isWatched = policy.combiner === 'OR' || policy.conditions.some((_, index) => durationMs(policy, index) > 0);
  let isDecided = false;
  return judges.map(judge => {
    if (isDecided && !isWatched) return { series: [], because: 'decided before' };
    const judgement = judge(nowMs);
    isDecided ||= judgement.series.length > 0 && judgement.series.every(({ met }) => met === false);
    return judgement;
  });
}
