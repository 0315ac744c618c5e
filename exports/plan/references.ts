import type { AlertPolicy, ConditionJson } from '../../slo/resources/alerting.ts';

/** How many metrics the conditions of some policies refer to, each selector once: an estimate of what is billed. */
export function metricReferences(policies: readonly AlertPolicy[]): number {
  return policies.flatMap(({ conditions }) => conditions).reduce((sum, condition) => sum + referencesOf(condition), 0);
}

// A selector in PromQL ends in its look-back, and one without labels still does.
const SELECTOR = /\[\d+(?:ms|[smhd])(?::[^\]]*)?\]/g;

function referencesOf(condition: ConditionJson): number {
  if (!('conditionPrometheusQueryLanguage' in condition)) return 1;
  return condition.conditionPrometheusQueryLanguage.query.match(SELECTOR)?.length ?? 1;
}
