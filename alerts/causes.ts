import { describeSeconds, describeShare, toDuration } from '../base/durations.ts';
import { absences } from '../slo/absences.ts';
import type { Catalogue, ServiceEntry } from '../slo/catalogue.ts';
import type { CauseAlert, CauseTest } from '../slo/causes.ts';
import { toFilter, toUnitOf } from '../slo/metric.ts';
import { type PromQlContext, seriesSelector } from '../slo/promql/series.ts';
import type { AggregationJson, AlertPolicy, ConditionJson } from '../slo/resources/alerting.ts';
import { policyOf } from './policy.ts';
import { causeDocumentation } from './text.ts';

const AUTO_CLOSE_SECONDS = 3600;

/** The policies on the causes that a service names, and on data that stays away. */
export function causePolicies(catalogue: Catalogue, service: ServiceEntry): AlertPolicy[] {
  return [...service.causes, ...absences(service)].map(cause => causePolicy(catalogue, service, cause));
}

function causePolicy({ target }: Catalogue, service: ServiceEntry, cause: CauseAlert): AlertPolicy {
  const { id, severity, title } = cause;
  const { fires, condition } = conditionOf(cause.when, { dialect: 'google', target });
  return {
    ...policyOf({
      ...{ target, service, severity, id, autoCloseSeconds: AUTO_CLOSE_SECONDS },
      displayName: `${service.title}: ${title}`,
      labels: { cause: id.toLowerCase() },
    }),
    conditions: [{ displayName: `${fires.charAt(0).toUpperCase()}${fires.slice(1)}`, ...condition } as ConditionJson],
    combiner: 'OR',
    documentation: causeDocumentation(service, cause, fires),
  };
}

type Fires = { fires: string; condition: Partial<ConditionJson> };

function conditionOf(when: CauseTest, context: PromQlContext): Fires {
  switch (when.test) {
    case 'count':
      return countCondition(when, context);
    case 'above':
      return aboveCondition(when, context);
    case 'percentile':
      return percentileCondition(when, context);
    case 'drop':
      return dropCondition(when, context);
    case 'absent':
      return absentCondition(when, context);
  }
}

type When<Test extends CauseTest['test']> = Extract<CauseTest, { test: Test }>;

function countCondition({ counter, moreThan, inSeconds }: When<'count'>, { target }: PromQlContext): Fires {
  const aggregation = aggregate(inSeconds, 'ALIGN_DELTA', 'REDUCE_SUM');
  return {
    fires: `there are more than ${moreThan} in ${describeSeconds(inSeconds)}`,
    condition: {
      conditionThreshold: {
        ...{ filter: toFilter(counter, target), aggregations: [aggregation] },
        ...{ comparison: 'COMPARISON_GT', thresholdValue: moreThan, duration: '0s' },
      },
    },
  };
}

function aboveCondition({ gauge, value, forSeconds }: When<'above'>, { target }: PromQlContext): Fires {
  return {
    fires: `the value of ${gauge.metric.type} is above ${value} ${gauge.metric.unit} for ${describeSeconds(forSeconds)}`,
    condition: {
      conditionThreshold: {
        filter: toFilter(gauge, target),
        aggregations: [aggregate(60, 'ALIGN_MAX', 'REDUCE_MAX')],
        ...{ comparison: 'COMPARISON_GT', thresholdValue: value, duration: `${forSeconds}s` },
        evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
      },
    },
  };
}

function percentileCondition(when: When<'percentile'>, { target }: PromQlContext): Fires {
  const { distribution, percentile, valueSeconds, forSeconds } = when;
  return {
    fires: `the ${percentile}th percentile is above ${describeSeconds(valueSeconds)} for ${describeSeconds(forSeconds)}`,
    condition: {
      conditionThreshold: {
        filter: toFilter(distribution, target),
        aggregations: [aggregate(60, 'ALIGN_DELTA', `REDUCE_PERCENTILE_${percentile}`)],
        comparison: 'COMPARISON_GT',
        ...{ thresholdValue: toUnitOf(distribution.metric, valueSeconds), duration: `${forSeconds}s` },
        evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
      },
    },
  };
}

function dropCondition(
  { counter, toShare, windowSeconds, comparedToSeconds }: When<'drop'>,
  context: PromQlContext,
): Fires {
  const window = `${seriesSelector(counter, context)}[${toDuration(windowSeconds)}]`;
  const before = `${window} offset ${toDuration(comparedToSeconds)}`;
  return {
    fires: `the last ${describeSeconds(windowSeconds)} had less than ${describeShare(toShare)} of the traffic of ${describeSeconds(comparedToSeconds)} before`,
    condition: {
      conditionPrometheusQueryLanguage: {
        // Where nothing is left at all, nothing is less than before: a zero is.
        query: `(sum(increase(${window})) or vector(0)) < ${toShare} * sum(increase(${before}))`,
        ...{ duration: '0s', evaluationInterval: '60s', disableMetricValidation: true },
      },
    },
  };
}

function absentCondition({ series, forSeconds }: When<'absent'>, { target }: PromQlContext): Fires {
  const aligner = series.metric.kind === 'CUMULATIVE' ? 'ALIGN_DELTA' : 'ALIGN_COUNT';
  return {
    fires: `there is no data for ${describeSeconds(forSeconds)}`,
    condition: {
      conditionAbsent: {
        filter: toFilter(series, target),
        aggregations: [aggregate(60, aligner, 'REDUCE_SUM')],
        duration: `${forSeconds}s`,
      },
    },
  };
}

function aggregate(seconds: number, perSeriesAligner: string, crossSeriesReducer: string): AggregationJson {
  return { alignmentPeriod: `${seconds}s`, perSeriesAligner, crossSeriesReducer };
}
