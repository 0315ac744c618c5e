import { messageOf, type Problem } from '../../../base/errors.ts';
import { apiErrors } from '../../errors.ts';
import { parseSelector, type Selector } from '../../evaluate/selector.ts';
import { type Aggregation, checkAggregations } from '../aggregation/check.ts';
import { checkMetricFilter, must, secondsOf } from '../checks.ts';
import { describeMetric } from '../descriptors/metrics.ts';
import type { World } from '../world.ts';

const MINUTE_SECONDS = 60;
const EVALUATION_SECONDS = 30;
const ABSENCE_SECONDS_MIN = 120;
const DURATION_SECONDS_MAX = 23.5 * 3600;
/** Charts may look at longer periods. */
const ALIGNMENT_SECONDS_MAX = 25 * 3600;

type Tested = {
  filter?: string;
  duration?: string;
  aggregations?: readonly Aggregation[];
  trigger?: { count?: number; percent?: number };
};
type Threshold = Tested & {
  comparison?: string;
  denominatorFilter?: string;
  denominatorAggregations?: readonly Aggregation[];
  evaluationMissingData?: string;
};

/** A condition as it is sent. */
export type Condition = {
  name?: string;
  displayName?: string;
  conditionThreshold?: Threshold;
  conditionAbsent?: Tested;
  conditionPrometheusQueryLanguage?: { query?: string; duration?: string; evaluationInterval?: string };
  conditionMatchedLog?: { filter?: string };
  conditionSql?: object;
  conditionMonitoringQueryLanguage?: object;
};

/** What the API refuses of a condition. Throws `resource_missing` where it selects an SLO that is not there. */
export function checkCondition(condition: Condition, at: string, world: World): Problem[] {
  const { conditionThreshold: threshold, conditionAbsent: absent, conditionMatchedLog: log } = condition;
  const {
    conditionPrometheusQueryLanguage: promql,
    conditionMonitoringQueryLanguage: mql,
    conditionSql: sql,
  } = condition;
  return [
    ...must((condition.displayName ?? '') !== '', `${at}.displayName`, 'is required'),
    ...must(
      [threshold, absent, log, promql, mql, sql].some(Boolean),
      at,
      'must have a test such as conditionThreshold',
    ),
    ...must(
      mql === undefined,
      `${at}.conditionMonitoringQueryLanguage`,
      'is of MQL, which is retired: write it in PromQL',
    ),
    ...(threshold ? checkThreshold(threshold, `${at}.conditionThreshold`, world) : []),
    ...(absent ? checkAbsent(absent, `${at}.conditionAbsent`, world) : []),
    ...(promql ? checkPromQl(promql, `${at}.conditionPrometheusQueryLanguage`) : []),
    ...(log ? must((log.filter ?? '') !== '', `${at}.conditionMatchedLog.filter`, 'is required') : []),
  ];
}

function checkThreshold(json: Threshold, at: string, world: World): Problem[] {
  const { comparison, evaluationMissingData: missing = 'EVALUATION_MISSING_DATA_UNSPECIFIED' } = json;
  const seconds = secondsOf(json.duration) ?? 0;
  return [
    ...checkSelection(json, at, world),
    ...must(
      comparison === 'COMPARISON_GT' || comparison === 'COMPARISON_LT',
      `${at}.comparison`,
      'must be COMPARISON_GT or COMPARISON_LT',
      comparison,
    ),
    ...must(
      isMinutes(seconds) && seconds <= DURATION_SECONDS_MAX,
      `${at}.duration`,
      `must be whole minutes, at most ${DURATION_SECONDS_MAX}s`,
      json.duration,
    ),
    ...must(
      missing === 'EVALUATION_MISSING_DATA_UNSPECIFIED' || seconds >= MINUTE_SECONDS,
      `${at}.evaluationMissingData`,
      'needs a duration of at least 60s',
      json.duration ?? '0s',
    ),
    ...(json.denominatorFilter ? checkMetricFilter(json.denominatorFilter, `${at}.denominatorFilter`) : []),
    ...checkAggregations(json.denominatorAggregations, `${at}.denominatorAggregations`),
  ];
}

function checkAbsent(json: Tested, at: string, world: World): Problem[] {
  const seconds = secondsOf(json.duration) ?? 0;
  const isLong = seconds >= ABSENCE_SECONDS_MIN && seconds <= DURATION_SECONDS_MAX;
  return [
    ...checkTested(json, at, world),
    ...must(
      isMinutes(seconds) && isLong,
      `${at}.duration`,
      `must be whole minutes, from ${ABSENCE_SECONDS_MIN}s to ${DURATION_SECONDS_MAX}s`,
      json.duration,
    ),
  ];
}

function checkTested({ filter, aggregations, trigger }: Tested, at: string, world: World): Problem[] {
  return [
    ...checkMetricFilter(filter, `${at}.filter`, type =>
      checkAggregations(aggregations, `${at}.aggregations`, describeMetric(type, world)),
    ),
    ...(aggregations ?? []).flatMap(({ alignmentPeriod }, index) =>
      must(
        (secondsOf(alignmentPeriod) ?? 0) <= ALIGNMENT_SECONDS_MAX,
        `${at}.aggregations[${index}].alignmentPeriod`,
        `must be at most ${ALIGNMENT_SECONDS_MAX}s`,
        alignmentPeriod,
      ),
    ),
    ...checkTrigger(trigger, `${at}.trigger`),
  ];
}

function checkTrigger({ count = 1, percent = 100 }: Tested['trigger'] = {}, at: string): Problem[] {
  return [
    ...must(count >= 1, `${at}.count`, 'must be at least 1', count),
    ...must(percent > 0 && percent <= 100, `${at}.percent`, 'must be above 0 and at most 100', percent),
  ];
}

/** What a threshold is compared with: series of a metric, or what a selector shows of an SLO. */
function checkSelection(json: Tested, at: string, world: World): Problem[] {
  const selector = trySelector(json.filter ?? '');
  if (typeof selector === 'string') return [{ field: `${at}.filter`, rule: selector }];
  if (!selector) return checkTested(json, at, world);
  if (world.resources.get('serviceLevelObjectives', selector.objective)) {
    return [
      ...checkAggregations(json.aggregations, `${at}.aggregations`),
      ...checkTrigger(json.trigger, `${at}.trigger`),
    ];
  }
  throw apiErrors.error('resource_missing', `${at}.filter selects ${selector.objective}, and there is no such SLO`);
}

function trySelector(filter: string): Selector | string | undefined {
  try {
    return parseSelector(filter);
  } catch (error) {
    return messageOf(error);
  }
}

function checkPromQl(
  { query = '', duration, evaluationInterval }: NonNullable<Condition['conditionPrometheusQueryLanguage']>,
  at: string,
): Problem[] {
  const seconds = secondsOf(evaluationInterval) ?? EVALUATION_SECONDS;
  return [
    ...must(query.trim() !== '', `${at}.query`, 'is required'),
    ...must((secondsOf(duration) ?? 0) >= 0, `${at}.duration`, 'must not be below 0s', duration),
    ...must(
      seconds > 0 && seconds % EVALUATION_SECONDS === 0,
      `${at}.evaluationInterval`,
      'must be a multiple of 30s',
      evaluationInterval,
    ),
  ];
}

function isMinutes(seconds: number): boolean {
  return seconds >= 0 && seconds % MINUTE_SECONDS === 0;
}
