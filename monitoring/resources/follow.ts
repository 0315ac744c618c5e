import type { Service } from '../../slo/resources/service.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { TrackedObjective } from '../evaluate/objective.ts';
import type { SeriesStore } from '../model.ts';
import { toEvaluableObjective, toEvaluablePolicy } from './evaluable.ts';
import type { Kind, Resource, Resources } from './resources.ts';

type Options = {
  resources: Resources;
  evaluator: Evaluator;
  store: Pick<SeriesStore, 'seriesOf' | 'count'>;
};

/**
 * Tells the evaluator what there is to evaluate, now and with each change: SLOs, with all that was counted before, and policies.
 * An SLO goes with its service.
 */
export function followResources({ resources, evaluator, store }: Options): void {
  /** Nothing where its service is not there. */
  function setObjective(json: Resource['json']): TrackedObjective | undefined {
    const objective = toEvaluableObjective(json);
    const service = resources.get('services', serviceOf(objective.name))?.json as Service | undefined;
    return service && evaluator.setObjective(objective, service);
  }

  /** Follows SLOs, with what the store holds: each series is read once, however many of them count it. */
  function follow(objectives: readonly Resource['json'][]): void {
    const followed = objectives.flatMap(json => setObjective(json) ?? []);
    for (const series of store.seriesOf()) {
      const counters = followed.flatMap(objective => objective.countersOf(series));
      if (counters.length > 0) store.count(series, counters);
    }
  }

  const jsonsOf = (kind: Kind, prefix?: string) => resources.list(kind, prefix).map(({ json }) => json);
  const setPolicy = (json: Resource['json']) => evaluator.setPolicy(toEvaluablePolicy(json));
  const changes: Partial<Record<Kind, (name: string, json: Resource['json'] | undefined) => void>> = {
    serviceLevelObjectives: (name, json) => (json ? follow([json]) : evaluator.removeObjective(name)),
    alertPolicies: (name, json) => (json ? setPolicy(json) : evaluator.removePolicy(name)),
    // What a basic SLI counts is said by its service.
    services: name => follow(jsonsOf('serviceLevelObjectives', `${name}/`)),
  };

  follow(jsonsOf('serviceLevelObjectives'));
  jsonsOf('alertPolicies').forEach(setPolicy);
  resources.onChange(({ kind, name, json }) => changes[kind]?.(name, json));
}

/** The name of an SLO's service. */
export function serviceOf(objectiveName: string): string {
  return objectiveName.split('/').slice(0, 4).join('/');
}
