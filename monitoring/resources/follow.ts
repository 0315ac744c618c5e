import type { Clock } from '../../base/clock.ts';
import type { Service } from '../../slo/resources/service.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import { type EventCounts, type Indicator, toIndicator } from '../evaluate/indicator.ts';
import { matches, metricTypeOf } from '../filter/match.ts';
import type { Filter } from '../filter/parse.ts';
import type { Increment, SeriesStore } from '../model.ts';
import { toEvaluableObjective, toEvaluablePolicy } from './evaluable.ts';
import type { Kind, Resource, Resources } from './resources.ts';

/** How far back an SLO counts: the longest period, and a day. */
const HISTORY_MS = 32 * 86_400_000;
/** How much of it is read at a time. */
const STEP_MS = 86_400_000;

type Options = {
  project: string;
  resources: Resources;
  evaluator: Evaluator;
  store: Pick<SeriesStore, 'seriesOf' | 'readIncrements'>;
  clock: Clock;
};

/**
 * Tells the evaluator what there is to evaluate, now and with each change: SLOs, with all that was counted before, and policies.
 * An SLO goes with its service.
 */
export function followResources({ project, resources, evaluator, store, clock }: Options): void {
  /** Follows an SLO, and gives back what it counts by; nothing where its service is not there. */
  function setObjective(
    json: Resource['json'],
  ): { filters: Filter[]; observe(increment: Increment): void } | undefined {
    const objective = toEvaluableObjective(json);
    const service = resources.get('services', serviceOf(objective.name))?.json as Service | undefined;
    if (!service) return undefined;
    const { observe } = evaluator.setObjective(objective, service);
    return { filters: filtersOf(toIndicator(objective.serviceLevelIndicator, service)), observe };
  }

  /** Hands on what the store holds of some series in the order of time, a day at a time: ledgers take late points at a cost. */
  function replay(filters: readonly Filter[], observe: (increment: Increment) => void): void {
    const series = [...Map.groupBy(filters, metricTypeOf)].flatMap(([type, ofType]) =>
      [...store.seriesOf(type)].filter(one => ofType.some(filter => matches(filter, one, project))),
    );
    const nowMs = clock.now();
    for (let fromMs = nowMs - HISTORY_MS; fromMs < nowMs; fromMs += STEP_MS) {
      const toMs = Math.min(fromMs + STEP_MS, nowMs);
      const increments = series.flatMap(one =>
        store.readIncrements(one, fromMs, toMs).map(point => ({ series: one, point })),
      );
      // Many end at the same time: it takes less to sort the times than the increments.
      const byEnd = Map.groupBy(increments, ({ point }) => point.endMs);
      for (const endMs of [...byEnd.keys()].sort((a, b) => a - b)) byEnd.get(endMs)?.forEach(observe);
    }
  }

  function follow(json: Resource['json']): void {
    const followed = setObjective(json);
    if (followed) replay(followed.filters, followed.observe);
  }

  const setPolicy = (json: Resource['json']) => evaluator.setPolicy(toEvaluablePolicy(json));
  const changes: Partial<Record<Kind, (name: string, json: Resource['json'] | undefined) => void>> = {
    serviceLevelObjectives: (name, json) => (json ? follow(json) : evaluator.removeObjective(name)),
    alertPolicies: (name, json) => (json ? setPolicy(json) : evaluator.removePolicy(name)),
    // What a basic SLI counts is said by its service.
    services(name) {
      for (const objective of resources.list('serviceLevelObjectives', `${name}/`)) follow(objective.json);
    },
  };

  // Each series is read once, however many SLOs count it.
  const known = resources.list('serviceLevelObjectives').map(({ json }) => setObjective(json));
  replay(
    known.flatMap(followed => followed?.filters ?? []),
    evaluator.observe,
  );
  for (const { json } of resources.list('alertPolicies')) setPolicy(json);
  resources.onChange(({ kind, name, json }) => changes[kind]?.(name, json));
}

/** The name of an SLO's service. */
export function serviceOf(objectiveName: string): string {
  return objectiveName.split('/').slice(0, 4).join('/');
}

function filtersOf(indicator: Indicator): Filter[] {
  if (indicator.counts === 'events') return ofEvents(indicator.events);
  return indicator.window.test === 'ratio' ? ofEvents(indicator.window.events) : [indicator.window.gauge];
}

const ofEvents = ({ first, second }: EventCounts) => [first.filter, second.filter];
