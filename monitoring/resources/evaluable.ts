import type { AlertPolicy, ConditionJson, ThresholdConditionJson } from '../../slo/resources/alerting.ts';
import type { ServiceLevelObjective } from '../../slo/resources/service.ts';
import type { EvaluablePolicy } from '../evaluate/incidents.ts';
import type { Resource } from './resources.ts';

/** How long an incident without data stays open where its policy says nothing of it. */
const AUTO_CLOSE = '604800s';

/** A threshold condition with what Google knows beyond what is evaluated here. */
type StoredThreshold = Partial<ThresholdConditionJson> & {
  denominatorFilter?: string;
  forecastOptions?: object;
  trigger?: { count?: number; percent?: number };
};
type StoredCondition = { displayName?: string; conditionThreshold?: StoredThreshold };
type StoredPolicy = Partial<Omit<AlertPolicy, 'conditions' | 'combiner'>> & {
  combiner?: string;
  conditions: readonly StoredCondition[];
};

/** An SLO as it is evaluated: a bound without end is a text in JSON. */
export function toEvaluableObjective(json: Resource['json']): ServiceLevelObjective {
  const isEndless = (value: unknown) => value === 'Infinity' || value === '-Infinity';
  return JSON.parse(JSON.stringify(json), (_, value) => (isEndless(value) ? Number(value) : value));
}

/**
 * A policy as it is evaluated: what the API lets one leave away has its default. A condition that cannot be evaluated here (a ratio
 * of two filters, a forecast, a share of the series) is left without its test, so that it says that it is not evaluated.
 */
export function toEvaluablePolicy(json: Resource['json']): EvaluablePolicy {
  const policy = json as StoredPolicy;
  const { autoClose = AUTO_CLOSE } = policy.alertStrategy ?? {};
  return {
    ...(json as unknown as EvaluablePolicy),
    enabled: policy.enabled ?? true,
    combiner: (policy.combiner ?? 'OR') as EvaluablePolicy['combiner'],
    alertStrategy: { autoClose },
    conditions: policy.conditions.map(toCondition),
  };
}

function toCondition(condition: StoredCondition): ConditionJson {
  const { displayName = '', conditionThreshold: threshold } = condition;
  if (!threshold) return { ...condition, displayName } as ConditionJson;
  const { denominatorFilter, forecastOptions, trigger } = threshold;
  if (denominatorFilter || forecastOptions || trigger?.percent !== undefined) return { displayName } as ConditionJson;
  const conditionThreshold = { thresholdValue: 0, duration: '0s', ...threshold } as ThresholdConditionJson;
  return { displayName, conditionThreshold };
}
