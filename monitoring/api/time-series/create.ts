import { describeProblems, type Problem } from '../../../base/errors.ts';
import { parseRfc3339 } from '../../../base/time.ts';
import { apiErrors } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Labels, MetricKind, SeriesWrite, ValueType } from '../../model.ts';
import { must } from '../checks.ts';
import { resourceTypes } from '../descriptors/google.ts';
import { describeMetric, isOwnMetric } from '../descriptors/metrics.ts';
import type { Message } from '../messages/read.ts';
import type { Route } from '../router.ts';
import type { World } from '../world.ts';
import { readTypedValue } from './values.ts';

/** A series as it is sent: with one point. */
type Sent = {
  metric?: { type?: string; labels?: Labels };
  resource?: { type?: string; labels?: Labels };
  metricKind?: MetricKind | 'METRIC_KIND_UNSPECIFIED';
  valueType?: ValueType | 'VALUE_TYPE_UNSPECIFIED';
  unit?: string;
  points?: readonly { interval?: { startTime?: string; endTime?: string }; value?: Message }[];
};

const INVALID_ARGUMENT = 3;
const PATH = '/v3/projects/{project}/timeSeries';

/** Writes a point of each of some series: of users' own metrics, and by `createService` of Google's, which services write. */
export function createRoutes(world: World): Route[] {
  const route = (path: string, ofService: boolean): Route => ({
    ...{ method: 'POST', path, takes: 'google.monitoring.v3.CreateTimeSeriesRequest' },
    handle({ body }) {
      write((body.timeSeries ?? []) as readonly Sent[], world, ofService);
      return {};
    },
  });
  return [route(PATH, false), route(`${PATH}:createService`, true)];
}

/** The query language that came before PromQL. */
export const queryRoute: Route = {
  ...{ method: 'POST', path: `${PATH}:query`, takes: 'google.monitoring.v3.QueryTimeSeriesRequest' },
  answers: 'google.monitoring.v3.QueryTimeSeriesResponse',
  handle() {
    throw apiErrors.error('query_language_retired', 'MQL is retired, and was never answered here: ask in PromQL');
  },
};

/** Keeps what is right, and throws `series_refused` with the rest. */
function write(sent: readonly Sent[], world: World, ofService: boolean): void {
  const most = limits.api_write_series_max;
  if (sent.length === 0 || sent.length > most) {
    throw apiErrors.error('argument_invalid', `timeSeries must be 1 to ${most} series, not ${sent.length}`);
  }
  const seen = new Set<string>();
  const results = sent.map((series, index) => readSeries(series, `timeSeries[${index}]`, { world, ofService, seen }));
  const writes = results.filter(result => !Array.isArray(result)) as SeriesWrite[];
  const refused = writes.length > 0 ? world.store.write(writes).refused : [];
  const reasons = [
    ...results.flatMap(result => (Array.isArray(result) ? [describeProblems(result)] : [])),
    ...refused.map(({ index, reason }) => `timeSeries[${results.indexOf(writes[index] as SeriesWrite)}]: ${reason}`),
  ];
  if (reasons.length === 0) return;
  const summary = {
    '@type': 'type.googleapis.com/google.monitoring.v3.CreateTimeSeriesSummary',
    totalPointCount: sent.length,
    ...(reasons.length < sent.length && { successPointCount: sent.length - reasons.length }),
    errors: [{ status: { code: INVALID_ARGUMENT }, pointCount: reasons.length }],
  };
  const problems = results.filter(result => Array.isArray(result)).flat() as Problem[];
  const detail = `One or more TimeSeries could not be written: ${reasons.join('; ')}`;
  throw apiErrors.error('series_refused', detail, { problems, cause: summary });
}

type Context = { world: World; ofService: boolean; seen: Set<string> };

function readSeries(sent: Sent, at: string, { world, ofService, seen }: Context): SeriesWrite | Problem[] {
  const { type = '', labels = {} } = sent.metric ?? {};
  const { type: resourceType = '', labels: resourceLabels = {} } = sent.resource ?? {};
  const [point] = sent.points ?? [];
  const read = readTypedValue(point?.value ?? {}, `${at}.points[0].value`);
  if (Array.isArray(read)) return read;
  const { value, valueType } = read;
  const known = describeMetric(type, world);
  const metricKind = kindOf(sent, known?.metricKind);
  const endMs = readMs(point?.interval?.endTime);
  const startMs = metricKind === 'GAUGE' ? endMs : readMs(point?.interval?.startTime);
  const resource = { type: resourceType, labels: { project_id: world.project, ...resourceLabels } };
  const identity = { metric: { type, labels }, resource, metricKind, valueType };
  const key = JSON.stringify([identity.metric, resource]);
  const problems = [
    ...must(ofService ? type !== '' : isOwnMetric(type), `${at}.metric.type`, 'must be a metric of users’ own', type),
    ...must(
      Object.hasOwn(resourceTypes, resourceType),
      `${at}.resource.type`,
      `must be one of ${Object.keys(resourceTypes).join(', ')}`,
      resourceType,
    ),
    ...must(
      resource.labels.project_id === world.project,
      `${at}.resource.labels.project_id`,
      `must be ${world.project}`,
      resource.labels.project_id,
    ),
    ...must(sent.points?.length === 1, `${at}.points`, 'must be exactly one point', sent.points?.length ?? 0),
    ...must(
      isSaid(sent.valueType, valueType),
      `${at}.valueType`,
      `must be ${valueType}, which the point is`,
      sent.valueType,
    ),
    ...must(ofService || metricKind !== 'DELTA', `${at}.metricKind`, 'must be GAUGE or CUMULATIVE', metricKind),
    ...must(
      !known || known.metricKind === metricKind,
      `${at}.metricKind`,
      `must be ${known?.metricKind}, which the metric is`,
      metricKind,
    ),
    ...must(
      !known || known.valueType === valueType,
      `${at}.valueType`,
      `must be ${known?.valueType}, which the metric is`,
      valueType,
    ),
    ...checkTimes({ startMs, endMs, metricKind }, `${at}.points[0].interval`, world.clock.now()),
    ...must(!seen.has(key), at, 'is a series that came before: one point of each at a time'),
  ];
  seen.add(key);
  if (problems.length > 0) return problems;
  return { series: identity, ...(sent.unit && { unit: sent.unit }), points: [{ startMs, endMs, value }] };
}

function kindOf({ metricKind = 'METRIC_KIND_UNSPECIFIED' }: Sent, known: MetricKind = 'GAUGE'): MetricKind {
  return metricKind === 'METRIC_KIND_UNSPECIFIED' ? known : metricKind;
}

function isSaid(said: Sent['valueType'], is: ValueType): boolean {
  return said === undefined || said === 'VALUE_TYPE_UNSPECIFIED' || said === is;
}

function readMs(time = ''): number {
  return Math.floor((parseRfc3339(time) ?? Number.NaN) / 1000);
}

type Times = { startMs: number; endMs: number; metricKind: MetricKind };

function checkTimes({ startMs, endMs, metricKind }: Times, at: string, nowMs: number): Problem[] {
  const { api_write_future_minutes_max: minutes, api_write_past_hours_max: hours } = limits;
  if (Number.isNaN(endMs)) return must(false, `${at}.endTime`, 'is required');
  return [
    ...must(
      endMs <= nowMs + minutes * 60_000,
      `${at}.endTime`,
      `must be at most ${minutes} min ahead`,
      new Date(endMs),
    ),
    ...must(endMs >= nowMs - hours * 3_600_000, `${at}.endTime`, `must be at most ${hours} h ago`, new Date(endMs)),
    ...must(metricKind === 'GAUGE' || startMs < endMs, `${at}.startTime`, 'must be before the end'),
  ];
}
