import { describeSeconds, describeShare } from '../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../slo/catalogue.ts';
import { firingRatio } from '../slo/maths.ts';
import { toFilter } from '../slo/metric.ts';
import type { PromQlContext } from '../slo/promql/series.ts';
import { badEventsOver, errorRatioOf } from '../slo/promql/sli.ts';
import type { AlertPolicy, ConditionJson } from '../slo/resources/alerting.ts';
import { alertGroupName, alertGroups, NATIVE_WINDOW_SECONDS_MAX, type Tier } from '../slo/tiers.ts';
import { policyOf } from './policy.ts';
import { burnDocumentation } from './text.ts';

/** The least that Google takes: a page must not stay open for a week where traffic has ended. */
const AUTO_CLOSE_SECONDS = 1800;

/** The policies that watch an SLO's budget: one for each tier, or one for both page tiers. */
export function burnPolicies(catalogue: Catalogue, service: ServiceEntry, objective: ObjectiveEntry): AlertPolicy[] {
  return alertGroups(objective).map(tiers => burnPolicy(catalogue, service, objective, tiers));
}

function burnPolicy(
  { target }: Catalogue,
  service: ServiceEntry,
  objective: ObjectiveEntry,
  tiers: readonly [Tier, ...Tier[]],
): AlertPolicy {
  const name = alertGroupName(tiers);
  const [{ severity }] = tiers;
  const lost = tiers.map(
    ({ share, longSeconds }) => `${describeShare(share)} of the budget in ${describeSeconds(longSeconds)}`,
  );
  return {
    ...policyOf({
      ...{ target, service, severity, id: `${objective.id}-${name}`, autoCloseSeconds: AUTO_CLOSE_SECONDS },
      displayName: `${service.title}: ${objective.title} · ${name} · ${lost.join(' or ')}`,
      labels: { slo: objective.id.toLowerCase(), tier: name.toLowerCase() },
    }),
    conditions: conditionsOf(objective, tiers, { dialect: 'google', target }),
    combiner: 'AND',
    documentation: burnDocumentation(service, objective, tiers),
  };
}

function conditionsOf(objective: ObjectiveEntry, tiers: readonly Tier[], context: PromQlContext): ConditionJson[] {
  const [tier] = tiers;
  const isNative = tiers.length === 1 && tier && tier.longSeconds <= NATIVE_WINDOW_SECONDS_MAX;
  if (!isNative) return [promQlCondition(objective, tiers, context)];
  const windows = [tier.longSeconds, tier.shortSeconds].map(seconds =>
    burnCondition(objective, tier.threshold, seconds),
  );
  if (objective.badEventsAbove === undefined) return windows;
  const count = badEventsCondition(objective, objective.badEventsAbove, tier.longSeconds, context);
  return count ? [...windows, count] : [promQlCondition(objective, tiers, context)];
}

function burnCondition({ name }: ObjectiveEntry, threshold: number, seconds: number): ConditionJson {
  return {
    displayName: `Burn rate over ${describeSeconds(seconds)} above ${threshold}`,
    conditionThreshold: {
      filter: `select_slo_burn_rate("${name}", "${seconds}s")`,
      comparison: 'COMPARISON_GT',
      thresholdValue: threshold,
      duration: '0s',
    },
  };
}

/** More than so many bad events, where the SLI has a metric of just those. */
function badEventsCondition(
  { sli }: ObjectiveEntry,
  badEventsAbove: number,
  seconds: number,
  { target }: PromQlContext,
): ConditionJson | undefined {
  if (sli.form !== 'ratio' || !sli.bad) return undefined;
  return {
    displayName: `More than ${badEventsAbove} bad events in ${describeSeconds(seconds)}`,
    conditionThreshold: {
      filter: toFilter(sli.bad, target),
      aggregations: [
        { alignmentPeriod: `${seconds}s`, perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' },
      ],
      comparison: 'COMPARISON_GT',
      thresholdValue: badEventsAbove,
      duration: '0s',
    },
  };
}

/**
 * One condition over the raw series, for what `select_slo_burn_rate` cannot say: a look-back of more than a day, two tiers as one
 * page, or a count of bad events that no metric has. A policy with such a condition has no other.
 */
function promQlCondition(objective: ObjectiveEntry, tiers: readonly Tier[], context: PromQlContext): ConditionJson {
  const isLong = tiers.some(({ longSeconds }) => longSeconds > NATIVE_WINDOW_SECONDS_MAX);
  const queries = tiers.map(tier => tierQuery(objective, tier, context));
  return {
    displayName: tiers
      .map(
        ({ longSeconds, shortSeconds, threshold }) =>
          `Burn rate over ${describeSeconds(longSeconds)} and ${describeSeconds(shortSeconds)} above ${threshold}`,
      )
      .join(', or '),
    conditionPrometheusQueryLanguage: {
      query: queries.length === 1 ? (queries[0] as string) : queries.map(query => `(${query})`).join(' or '),
      duration: '0s',
      evaluationInterval: isLong ? '300s' : '30s',
      // The metric may not be there yet when a new service is applied.
      disableMetricValidation: true,
    },
  };
}

function tierQuery({ sli, goal, badEventsAbove }: ObjectiveEntry, tier: Tier, context: PromQlContext): string {
  const ratio = firingRatio({ threshold: tier.threshold, goal });
  const errorRatio = errorRatioOf(sli, context);
  const windows = [tier.longSeconds, tier.shortSeconds].map(seconds => `(${errorRatio?.(seconds)}) > ${ratio}`);
  const count =
    badEventsAbove === undefined ? [] : [`${badEventsOver(sli, tier.longSeconds, context)} > ${badEventsAbove}`];
  return [...windows, ...count].join(' and ');
}
