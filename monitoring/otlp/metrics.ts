import { showValue } from '../../base/errors.ts';
import { limits } from '../limits.ts';
import type { Labels, Point, SeriesIdentity, SeriesWrite, Value } from '../model.ts';
import { type DataPoint, type Family, familyOf, type Reading } from './families.ts';
import { baseType, scopeLabels } from './names.ts';
import { createRefusals, isRefusal, type Refusal, type Refusals, refuse } from './refusals.ts';
import type { Message } from './schema.ts';
import { targetOf } from './target.ts';
import { createToldSeries, type FindSeries } from './told.ts';
import { toAttributes, toMs } from './values.ts';

/** The flag of a data point that only says that its series has ended. */
const NO_RECORDED_VALUE = 1;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What a request comes to: points for the store, the data point that each write is of, and what is refused. */
export type MappedMetrics = { writes: SeriesWrite[]; origins: DataPoint[]; refusals: Refusals };

/** The data points of a request. */
export function countPoints({ resourceMetrics = [] }: Message<'MetricsRequest'>): number {
  return resourceMetrics
    .flatMap(({ scopeMetrics = [] }) => scopeMetrics.flatMap(({ metrics = [] }) => metrics))
    .reduce((count, metric) => count + familyOf(metric).points.length, 0);
}

/** Maps data points to Google's series, as its Telemetry API does. Throws `bad_request` where an attribute is none on the wire. */
export function createMetricsMapper({ project }: { project: string }) {
  const findSeries = createToldSeries(limits.store_series_max);

  function mapMetric(mapped: MappedMetrics, metric: Message<'Metric'>, { target, scope, nowMs }: Context): void {
    const { writes, origins, refusals } = mapped;
    const { points, read } = familyOf(metric);
    const recorded = points.filter(({ flags = 0 }) => (flags & NO_RECORDED_VALUE) === 0);
    const type = baseType(metric.name);
    const whole = [target, type].find(isRefusal);
    if (whole && recorded.length > 0) refusals.add(whole, recorded.length);
    if (isRefusal(target) || isRefusal(type)) return;
    const find = findSeries({ resource: target, type, scope });
    for (const point of recorded) {
      const made = writesOf(point, { find, read, unit: metric.unit, nowMs });
      if (isRefusal(made)) {
        refusals.add(refuse(made.reason, `${showValue(metric.name)}: ${made.because}`));
      } else {
        for (const write of made) {
          writes.push(write);
          origins.push(point);
        }
      }
    }
  }

  return ({ resourceMetrics = [] }: Message<'MetricsRequest'>, nowMs: number): MappedMetrics => {
    const mapped: MappedMetrics = { writes: [], origins: [], refusals: createRefusals('data points') };
    for (const { resource, scopeMetrics = [] } of resourceMetrics) {
      const target = targetOf(toAttributes(resource?.attributes), project);
      for (const { scope, metrics = [] } of scopeMetrics) {
        const labels = scopeLabels(scope ?? {});
        for (const metric of metrics) mapMetric(mapped, metric, { target, scope: labels, nowMs });
      }
    }
    return mapped;
  };
}

type Context = { target: SeriesIdentity['resource'] | Refusal; scope: Labels; nowMs: number };
type OfMetric = { find: FindSeries; read: Family['read']; unit: string | undefined; nowMs: number };

function writesOf(point: DataPoint, { find, read, unit, nowMs }: OfMetric): SeriesWrite[] | Refusal {
  const told = find(point.attributes);
  if (isRefusal(told)) return told;
  const endMs = Math.floor(toMs(point.timeUnixNano));
  const startMs = Math.floor(toMs(point.startTimeUnixNano));
  const readings = refusedTime(endMs, nowMs) ?? read(point);
  if (isRefusal(readings)) return readings;
  const isGauge = readings.every(({ metricKind }) => metricKind === 'GAUGE');
  if (!isGauge && (startMs <= 0 || startMs > endMs + limits.otlp_late_start_ms_max)) {
    return refuse('bad_time', 'what is counted must have a start time, and end no earlier than that');
  }
  return readings.map(reading => ({
    series: told(reading),
    ...(unit && { unit }),
    points: [pointOf(reading, startMs, endMs)],
  }));
}

function pointOf({ metricKind, value }: Reading, startMs: number, endMs: number): Point {
  return metricKind === 'GAUGE' ? { startMs: endMs, endMs, value } : interval(startMs, endMs, value);
}

/**
 * Google's intervals are never empty: one of less than a millisecond is told as one, and so is one that ends a little before it
 * starts. SDKs take the time of a collection first, and start what is recorded during it after that.
 */
function interval(startMs: number, endMs: number, value: Value): Point {
  return { startMs, endMs: Math.max(endMs, startMs + 1), value };
}

function refusedTime(endMs: number, nowMs: number): Refusal | undefined {
  if (endMs <= 0) return refuse('bad_time', 'a data point must have a time');
  const time = () => new Date(Math.min(endMs, 8.64e15)).toISOString();
  if (endMs > nowMs + limits.otlp_future_minutes_max * MINUTE_MS) {
    return refuse('in_future', `a time must be at most ${limits.otlp_future_minutes_max} minutes ahead, not ${time()}`);
  }
  if (endMs < nowMs - limits.otlp_past_hours_max * HOUR_MS) {
    return refuse('too_old', `a time must be at most ${limits.otlp_past_hours_max} hours back, not ${time()}`);
  }
  return undefined;
}
