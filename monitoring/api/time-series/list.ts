import { describeProblems, type Problem } from '../../../base/errors.ts';
import { parseRfc3339 } from '../../../base/time.ts';
import { apiErrors } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Point, SeriesIdentity } from '../../model.ts';
import { aggregate, type Interval, type Sampled } from '../aggregation/aggregate.ts';
import { type Aggregation, checkAggregations, isAligned } from '../aggregation/check.ts';
import { must } from '../checks.ts';
import { readQuery } from '../messages/query.ts';
import { type PageQuery, readPage, toPage } from '../pages.ts';
import type { Route } from '../router.ts';
import { toTime } from '../time.ts';
import type { World } from '../world.ts';
import { sourcesOf } from './sources.ts';
import { toTypedValue } from './values.ts';

type Request = {
  filter?: string;
  interval?: { startTime?: string; endTime?: string };
  aggregation?: Aggregation;
  secondaryAggregation?: Aggregation;
  view?: 'FULL' | 'HEADERS';
  orderBy?: string;
};

const AT = ['aggregation', 'secondaryAggregation'];

/** Reads time series: as they were written, or aligned and joined; of an SLO what a selector shows. */
export function listRoute(world: World): Route {
  const message = world.findMessage('google.monitoring.v3.ListTimeSeriesRequest');
  return {
    ...{ method: 'GET', path: '/v3/projects/{project}/timeSeries' },
    answers: 'google.monitoring.v3.ListTimeSeriesResponse',
    handle({ query }) {
      const request = readQuery(message, query) as Request;
      const interval = readInterval(request);
      const page = readPage(query, limits.api_page_points_max);
      const steps = [request.aggregation, request.secondaryAggregation].filter(isAligned) as Aggregation[];
      const sources = sourcesOf(request.filter ?? '', world, steps.length > 0 ? 'readIncrements' : 'read');
      refuse(checkSteps(request, sources[0]));
      const series = steps.reduce((left, step) => aggregate(left, step, interval), sources);
      return request.view === 'HEADERS' ? headersPage(series, interval, page) : pointsPage(series, interval, page);
    },
  };
}

function readInterval({ filter = '', interval = {}, orderBy = '' }: Request): Interval {
  const { endTime = '', startTime = endTime } = interval;
  const [fromMs = Number.NaN, toMs = Number.NaN] = [startTime, endTime].map(
    time => (parseRfc3339(time) ?? Number.NaN) / 1000,
  );
  refuse([
    ...must(filter.trim() !== '', 'filter', 'is required'),
    ...must(!Number.isNaN(toMs), 'interval.endTime', 'is required'),
    ...must(Number.isNaN(toMs) || fromMs <= toMs, 'interval.startTime', 'must not be after the end', startTime),
    ...must(orderBy === '', 'orderBy', 'must be empty: points come newest first', orderBy),
  ]);
  // An interval without a length is its end.
  return { fromMs: Math.min(fromMs, toMs - 1), toMs };
}

/** Whether the steps may follow each other, on such series. */
function checkSteps({ aggregation, secondaryAggregation }: Request, series: SeriesIdentity | undefined): Problem[] {
  const given = [aggregation, secondaryAggregation].filter(step => step !== undefined);
  return [
    ...must(
      !isAligned(secondaryAggregation) || isAligned(aggregation),
      'secondaryAggregation',
      'is only for what is aligned by aggregation first',
    ),
    ...checkAggregations(given, '', series).map(problem => ({
      ...problem,
      field: problem.field.replace(/^\[(\d)\]/, (_, index: string) => AT[Number(index)] ?? ''),
    })),
  ];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw apiErrors.error('argument_invalid', `The query is not valid: ${describeProblems(problems)}`, { problems });
}

/** Of series without their points, those that have one in the interval. */
function headersPage(series: readonly Sampled[], { fromMs, toMs }: Interval, page: PageQuery): object {
  return toPage('timeSeries', series.filter(one => one.points(fromMs, toMs).length > 0).map(toHeader), page);
}

/** A page of points: a series of which only a part fits goes on in the next page. */
function pointsPage(
  series: readonly Sampled[],
  { fromMs, toMs }: Interval,
  { offset, size, tokenFor }: PageQuery,
): object {
  const shown: object[] = [];
  let [skip, room] = [offset, size];
  for (const one of series) {
    const points = one.points(fromMs, toMs).toReversed();
    const found = points.slice(skip, skip + room);
    if (found.length > 0) shown.push({ ...toHeader(one), points: found.map(point => toPointJson(point, one)) });
    room -= found.length;
    const isMore = points.length > skip + found.length;
    skip = Math.max(0, skip - points.length);
    if (isMore && room === 0) return { timeSeries: shown, nextPageToken: tokenFor(offset + size) };
  }
  return { ...(shown.length > 0 && { timeSeries: shown }) };
}

function toHeader({ metric, resource, metricKind, valueType }: SeriesIdentity): object {
  return { metric, resource, metricKind, valueType };
}

function toPointJson({ startMs, endMs, value }: Point, { valueType }: SeriesIdentity): object {
  return { interval: { startTime: toTime(startMs), endTime: toTime(endMs) }, value: toTypedValue(value, valueType) };
}
