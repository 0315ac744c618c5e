import { messageOf, type Problem } from '../../../base/errors.ts';
import type {
  BasicSliJson,
  GoodTotalRatioJson,
  IndicatorJson,
  RangeJson,
  Service,
  ServiceLevelObjective,
} from '../../../slo/resources/service.ts';
import { toIndicator } from '../../evaluate/indicator.ts';
import type { MetricKind, ValueType } from '../../model.ts';
import { checkDisplayName, checkMetricFilter, checkUserLabels, must, secondsOf } from '../checks.ts';
import { describeMetric } from '../descriptors/metrics.ts';
import type { Message } from '../messages/read.ts';
import type { World } from '../world.ts';

const DAY_SECONDS = 86_400;
const GOAL_MAX = 0.9999;
const CALENDAR = ['DAY', 'WEEK', 'FORTNIGHT', 'MONTH'];

/** Series of which sort a filter may select. */
type Sort = { kinds: readonly MetricKind[]; values: readonly ValueType[] };
const COUNTER: Sort = { kinds: ['DELTA', 'CUMULATIVE'], values: ['INT64', 'DOUBLE'] };
const DISTRIBUTION: Sort = { kinds: ['DELTA', 'CUMULATIVE'], values: ['DISTRIBUTION'] };
const NUMBER: Sort = { kinds: ['GAUGE'], values: ['INT64', 'DOUBLE'] };
const SWITCH: Sort = { kinds: ['GAUGE'], values: ['BOOL'] };

type Check = (filter: unknown, field: string, sort: Sort) => Problem[];

/** What the Service Monitoring API refuses of an SLO. */
export function checkObjective(json: Message, service: Message, world: World): Problem[] {
  const objective = json as Partial<ServiceLevelObjective>;
  const { goal = 0, serviceLevelIndicator: indicator } = objective;
  const check: Check = (filter, field, sort) =>
    checkMetricFilter(filter, field, type => checkSort(type, field, sort, world));
  const problems = [
    ...must(goal > 0 && goal <= GOAL_MAX, 'goal', `must be above 0 and at most ${GOAL_MAX}`, goal),
    ...checkPeriod(objective),
    ...checkDisplayName(objective.displayName, false),
    ...checkUserLabels(objective.userLabels),
    ...(indicator && Object.keys(indicator).length > 0
      ? checkIndicator(indicator, service, check)
      : must(false, 'serviceLevelIndicator', 'must have one of basicSli, requestBased and windowsBased')),
  ];
  return problems.length > 0 || !indicator ? problems : checkEvaluable(indicator, service);
}

function checkPeriod({ rollingPeriod, calendarPeriod }: Partial<ServiceLevelObjective>): Problem[] {
  const days = (secondsOf(rollingPeriod) ?? 0) / DAY_SECONDS;
  if (rollingPeriod !== undefined) {
    return must(
      Number.isInteger(days) && days >= 1 && days <= 30,
      'rollingPeriod',
      'must be 1 to 30 whole days',
      rollingPeriod,
    );
  }
  if (calendarPeriod === undefined) return must(false, 'rollingPeriod', 'must be there, or calendarPeriod');
  return must(
    CALENDAR.includes(calendarPeriod),
    'calendarPeriod',
    `must be one of ${CALENDAR.join(', ')}`,
    calendarPeriod,
  );
}

function checkIndicator(indicator: IndicatorJson, service: Message, check: Check): Problem[] {
  if ('basicSli' in indicator) return checkBasic(indicator.basicSli, service);
  if ('requestBased' in indicator)
    return checkRequests(indicator.requestBased, 'serviceLevelIndicator.requestBased', check);
  return checkWindows(indicator.windowsBased as WindowsInput, service, check);
}

function checkBasic({ availability, latency }: BasicSliJson, service: Message): Problem[] {
  const at = 'serviceLevelIndicator.basicSli';
  return [
    ...must(service.custom === undefined, at, 'is only for services that Google knows, and this one is custom'),
    ...must(availability !== undefined || latency !== undefined, at, 'must have one of availability and latency'),
    ...must(
      latency === undefined || (secondsOf(latency.threshold) ?? 0) > 0,
      `${at}.latency.threshold`,
      'must be above 0s',
    ),
  ];
}

/** As far as it is checked: what is more is of no message. */
type RequestsInput = {
  goodTotalRatio?: GoodTotalRatioJson;
  distributionCut?: { distributionFilter?: string; range?: RangeJson };
};

function checkRequests({ goodTotalRatio, distributionCut }: RequestsInput, at: string, check: Check): Problem[] {
  if (distributionCut) {
    const { min = 0, max = 0 } = distributionCut.range ?? {};
    return [
      ...check(distributionCut.distributionFilter, `${at}.distributionCut.distributionFilter`, DISTRIBUTION),
      ...must(max > min, `${at}.distributionCut.range`, 'must have a max above its min; one that is not there is 0', {
        min,
        max,
      }),
    ];
  }
  const filters = Object.entries(goodTotalRatio ?? {}).filter(([, filter]) => filter !== '');
  return [
    ...must(
      filters.length === 2,
      `${at}.goodTotalRatio`,
      'must have exactly two of goodServiceFilter, badServiceFilter and totalServiceFilter',
      filters.map(([name]) => name),
    ),
    ...filters.flatMap(([name, filter]) => check(filter, `${at}.goodTotalRatio.${name}`, COUNTER)),
  ];
}

type WindowsInput = {
  windowPeriod?: string;
  goodBadMetricFilter?: string;
  goodTotalRatioThreshold?: { threshold?: number; performance?: RequestsInput; basicSliPerformance?: BasicSliJson };
  metricMeanInRange?: RangeInput;
  metricSumInRange?: RangeInput;
};
type RangeInput = { timeSeries?: string; range?: RangeJson };

function checkWindows(windows: WindowsInput, service: Message, check: Check): Problem[] {
  const at = 'serviceLevelIndicator.windowsBased';
  const seconds = secondsOf(windows.windowPeriod) ?? 0;
  const {
    goodBadMetricFilter,
    goodTotalRatioThreshold: ratio,
    metricMeanInRange: mean,
    metricSumInRange: sum,
  } = windows;
  return [
    ...must(
      seconds >= 60 && Number.isInteger(DAY_SECONDS / seconds),
      `${at}.windowPeriod`,
      'must be at least 60s and a whole fraction of a day',
      windows.windowPeriod,
    ),
    ...must(
      [goodBadMetricFilter, ratio, mean, sum].some(criterion => criterion !== undefined),
      at,
      'must have one of goodBadMetricFilter, goodTotalRatioThreshold, metricMeanInRange and metricSumInRange',
    ),
    ...(goodBadMetricFilter !== undefined ? check(goodBadMetricFilter, `${at}.goodBadMetricFilter`, SWITCH) : []),
    ...(mean ? checkRange(mean, `${at}.metricMeanInRange`, check) : []),
    ...(sum ? checkRange(sum, `${at}.metricSumInRange`, check) : []),
    ...(ratio ? checkRatioWindow(ratio, service, check) : []),
  ];
}

function checkRange({ timeSeries, range }: RangeInput, at: string, check: Check): Problem[] {
  const [min, max] = [Number(range?.min ?? Number.NEGATIVE_INFINITY), Number(range?.max ?? Number.POSITIVE_INFINITY)];
  return [
    ...check(timeSeries, `${at}.timeSeries`, NUMBER),
    ...must(range !== undefined, `${at}.range`, 'is required'),
    ...must(min <= max, `${at}.range`, 'must not end before it begins', range),
  ];
}

function checkRatioWindow(
  { threshold = 0, performance, basicSliPerformance }: NonNullable<WindowsInput['goodTotalRatioThreshold']>,
  service: Message,
  check: Check,
): Problem[] {
  const at = 'serviceLevelIndicator.windowsBased.goodTotalRatioThreshold';
  return [
    ...must(threshold > 0 && threshold <= 1, `${at}.threshold`, 'must be above 0 and at most 1', threshold),
    ...must(
      performance !== undefined || basicSliPerformance !== undefined,
      at,
      'must have one of performance and basicSliPerformance',
    ),
    ...(performance ? checkRequests(performance, `${at}.performance`, check) : []),
    ...(basicSliPerformance ? checkBasic(basicSliPerformance, service) : []),
  ];
}

/** Of a metric that nobody knows yet, nothing can be said. */
function checkSort(metricType: string, field: string, { kinds, values }: Sort, world: World): Problem[] {
  const known = describeMetric(metricType, world);
  if (!known) return [];
  const { metricKind, valueType } = known;
  const fits = kinds.includes(metricKind) && values.includes(valueType);
  return must(
    fits,
    field,
    `must select series of kind ${kinds.join(' or ')} and type ${values.join(' or ')}`,
    `${metricKind} ${valueType}`,
  );
}

function checkEvaluable(indicator: IndicatorJson, service: Message): Problem[] {
  try {
    toIndicator(indicator, service as unknown as Service);
    return [];
  } catch (error) {
    return [{ field: 'serviceLevelIndicator', rule: `cannot be evaluated: ${messageOf(error)}` }];
  }
}
