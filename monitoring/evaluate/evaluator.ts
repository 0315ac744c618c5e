import type { AlertPolicy } from '../../slo/resources/alerting.ts';
import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import { atOnce, type DelayOf } from '../delay.ts';
import type { Increment, Series } from '../model.ts';
import { createJudge, type Judge, type World } from './conditions.ts';
import { durationMs, evaluatePolicy, type Incident, type PolicyState, type Verdict } from './incidents.ts';
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
  setPolicy(policy: AlertPolicy): void;
  removePolicy(name: string): void;
  /** One round at a time: what opened and what closed. */
  evaluate(nowMs: number): { opened: Incident[]; closed: Incident[] };
  /** What the conditions of a policy said in the last round. */
  verdicts(policyName: string): readonly Verdict[];
};

type Watched = { policy: AlertPolicy; judges: readonly Judge[]; state: PolicyState; verdicts: readonly Verdict[] };

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
      const incident = watched.get(policy.name)?.state.open ?? open.find(known => known.policy === policy.name);
      const state: PolicyState = { conditions: [], ...(incident && { open: incident }) };
      watched.set(policy.name, { policy, judges, state, verdicts: [] });
    },
    removePolicy(name) {
      watched.delete(name);
    },
    evaluate(nowMs) {
      const opened: Incident[] = [];
      const closed: Incident[] = [];
      for (const entry of watched.values()) {
        const before = entry.state.open;
        entry.verdicts = judgeAll(entry, nowMs);
        entry.state = evaluatePolicy({ ...entry, nowMs, newId });
        if (entry.state.open && !before) opened.push(entry.state.open);
        if (before && !entry.state.open) closed.push(before);
      }
      return { opened, closed };
    },
    verdicts: name => watched.get(name)?.verdicts ?? [],
  };
}

/**
 * What the conditions say. An AND does not hold once one of them is not met: what stands behind it is not looked at, for to add up a
 * day of events takes longer than all burn rates. Where a condition has a duration, it has to be watched without a break.
 */
function judgeAll({ policy, judges }: Watched, nowMs: number): Verdict[] {
  const isWatched = policy.combiner !== 'AND' || policy.conditions.some((_, index) => durationMs(policy, index) > 0);
  let isDecided = false;
  return judges.map(judge => {
    if (isDecided && !isWatched) return { met: undefined, because: 'decided before' };
    const verdict = judge(nowMs);
    isDecided ||= verdict.met === false;
    return verdict;
  });
}
