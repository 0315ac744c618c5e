import type {
  BasicSliJson,
  IndicatorJson,
  RangeJson,
  RequestBasedJson,
  Service,
  WindowsBasedJson,
} from '../../slo/resources/service.ts';
import { type Filter, parseFilter } from '../filter/parse.ts';
import type { Distribution } from '../model.ts';
import { isDistribution } from '../query/distribution.ts';

/** Which increments count as what: each filter's, by a number read from a value. */
export type Counted = { filter: Filter; read(value: unknown): number };

/** Two counts of events; what the two are says how good and bad follow from them. */
export type EventCounts = { first: Counted; second: Counted; are: 'good-bad' | 'good-total' | 'bad-total' };

/** A gauge of which each point is looked at: whether a window is good depends on all of its points. */
export type WindowTest =
  | { test: 'any-true'; gauge: Filter }
  | { test: 'mean' | 'sum'; gauge: Filter; min: number; max: number }
  | { test: 'ratio'; events: EventCounts; threshold: number };

/** What an SLI counts: requests, or windows of time. */
export type Indicator =
  | { counts: 'events'; events: EventCounts }
  | { counts: 'windows'; windowMs: number; window: WindowTest };

/**
 * What an SLO's indicator asks of the series. Throws `filter_invalid` where a filter of it cannot be parsed.
 *
 * @param service which requests a basic SLI means
 */
export function toIndicator(json: IndicatorJson, service: Service): Indicator {
  if ('basicSli' in json) return { counts: 'events', events: basicEvents(json.basicSli, service) };
  if ('requestBased' in json) return { counts: 'events', events: requestEvents(json.requestBased) };
  return windowsIndicator(json.windowsBased, service);
}

/** The filters of the series that an indicator looks at. */
export function filtersOf(indicator: Indicator): Filter[] {
  const ofEvents = ({ first, second }: EventCounts) => [first.filter, second.filter];
  if (indicator.counts === 'events') return ofEvents(indicator.events);
  return indicator.window.test === 'ratio' ? ofEvents(indicator.window.events) : [indicator.window.gauge];
}

/** Good and bad events of two counts. Counts that come at different times may not make a number below 0. */
export function goodAndBad(are: EventCounts['are'], first: number, second: number): { good: number; bad: number } {
  switch (are) {
    case 'good-bad':
      return { good: first, bad: second };
    case 'good-total':
      return { good: Math.min(first, second), bad: Math.max(0, second - first) };
    case 'bad-total':
      return { good: Math.max(0, second - first), bad: Math.min(first, second) };
  }
}

function requestEvents(json: RequestBasedJson): EventCounts {
  if (json.distributionCut) {
    const { distributionFilter, range } = json.distributionCut;
    const filter = parseFilter(distributionFilter);
    // An unset bound is 0 here, as Google takes it; of a latency that leaves the maximum alone.
    const { min = 0, max = 0 } = range;
    return { first: { filter, read: within(min, max) }, second: { filter, read: countOf }, are: 'good-total' };
  }
  const { goodServiceFilter: good, badServiceFilter: bad, totalServiceFilter: total } = json.goodTotalRatio ?? {};
  const of = (text: string): Counted => ({ filter: parseFilter(text), read: numberOf });
  if (good !== undefined && bad !== undefined) return { first: of(good), second: of(bad), are: 'good-bad' };
  if (good !== undefined && total !== undefined) return { first: of(good), second: of(total), are: 'good-total' };
  if (bad !== undefined && total !== undefined) return { first: of(bad), second: of(total), are: 'bad-total' };
  throw new TypeError('A ratio needs two of good, bad and total');
}

/** Google's own SLIs of a Cloud Run service; of any other there is nothing here to count. */
function basicEvents(json: BasicSliJson, { basicService }: Service): EventCounts {
  const labels = Object.entries(basicService?.serviceLabels ?? {});
  const ofService = labels.map(([key, value]) => `resource.labels.${key}=${JSON.stringify(value)}`);
  const ofLocation = json.location ? [`resource.labels.location=one_of(${json.location.map(quote).join(', ')})`] : [];
  const select = (metric: string, ...terms: string[]) =>
    parseFilter([`metric.type="run.googleapis.com/${metric}"`, ...ofService, ...ofLocation, ...terms].join(' AND '));
  if (json.latency) {
    const filter = select('request_latencies');
    const max = Number.parseFloat(json.latency.threshold) * 1000;
    return { first: { filter, read: within(0, max) }, second: { filter, read: countOf }, are: 'good-total' };
  }
  return {
    first: { filter: select('request_count', 'metric.labels.response_code_class="5xx"'), read: numberOf },
    second: { filter: select('request_count'), read: numberOf },
    are: 'bad-total',
  };
}

const quote = (text: string) => JSON.stringify(text);

function windowsIndicator(json: WindowsBasedJson, service: Service): Indicator {
  const windowMs = Number.parseFloat(json.windowPeriod) * 1000;
  return { counts: 'windows', windowMs, window: windowTest(json, service) };
}

function windowTest(json: WindowsBasedJson, service: Service): WindowTest {
  if ('goodBadMetricFilter' in json) return { test: 'any-true', gauge: parseFilter(json.goodBadMetricFilter) };
  if ('metricMeanInRange' in json) return inRange('mean', json.metricMeanInRange);
  if ('metricSumInRange' in json) return inRange('sum', json.metricSumInRange);
  const { threshold, performance, basicSliPerformance } = json.goodTotalRatioThreshold;
  const events = performance ? requestEvents(performance) : basicEvents(basicSliPerformance as BasicSliJson, service);
  return { test: 'ratio', events, threshold };
}

function inRange(test: 'mean' | 'sum', { timeSeries, range }: { timeSeries: string; range: RangeJson }): WindowTest {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return { test, gauge: parseFilter(timeSeries), min, max };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function countOf(value: unknown): number {
  return isDistribution(value) ? value.count : 0;
}

/** How many of a distribution lie from `min` to `max`: whole buckets, and of one that a bound cuts, its share. */
function within(min: number, max: number): (value: unknown) => number {
  return value => (isDistribution(value) ? countUpTo(value, max) - countUpTo(value, min) : 0);
}

// A share is taken to a millionth, and by halves: so many sums of it are exact, whatever order they are made in, as after a restart.
const SHARE_STEPS = 2 ** 20;

function countUpTo({ bounds, counts, count }: Distribution, limit: number): number {
  // Above the last bound there is no width to take a share of.
  if (limit === Number.POSITIVE_INFINITY) return count;
  let below = 0;
  let bucket = 0;
  for (; bucket < bounds.length && (bounds[bucket] as number) <= limit; bucket += 1) below += counts[bucket] ?? 0;
  const upper = bounds[bucket];
  if (upper === undefined) return below;
  const lower = bucket === 0 ? Math.min(0, upper) : (bounds[bucket - 1] as number);
  const share = upper > lower ? Math.max(0, limit - lower) / (upper - lower) : 0;
  return below + (counts[bucket] ?? 0) * (Math.round(share * SHARE_STEPS) / SHARE_STEPS);
}
