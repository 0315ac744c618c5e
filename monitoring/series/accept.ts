import { isDeepStrictEqual } from 'node:util';
import { showValue } from '../../base/errors.ts';
import type { limits } from '../limits.ts';
import type { Distribution, Point, SeriesIdentity } from '../model.ts';
import { isSame, type Shape } from './block.ts';

/** The limits of the local Cloud Monitoring, or others in their place. */
export type Limits = Readonly<Record<keyof typeof limits, number>>;

/** Why points are not kept: the word by which they are counted, and the sentence that a writer is told. */
export type Refusal = { reason: Reason; sentence: string };
export type Reason =
  | 'series_invalid'
  | 'series_contradicts'
  | 'series_too_many'
  | 'point_invalid'
  | 'point_late'
  | 'point_overlaps'
  | 'point_ahead'
  | 'point_expired'
  | 'points_too_fast';

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

export function refuse(reason: Reason, sentence: string): Refusal {
  return { reason, sentence };
}

const when = (ms: number) => new Date(Math.min(Math.max(ms, -8.64e15), 8.64e15)).toISOString();

/** Why a series that is not known yet cannot be kept. */
export function refusedSeries(series: SeriesIdentity, limits: Limits): Refusal | undefined {
  const { metric, resource, metricKind, valueType } = series;
  const said = `Series of ${showValue(metric.type)}`;
  if (metric.type === '' || metric.type.length > limits.store_metric_type_chars_max) {
    const rule = `must have a metric type of 1 to ${limits.store_metric_type_chars_max} characters`;
    return refuse('series_invalid', `${said} ${rule}, not ${metric.type.length}`);
  }
  const labels = [...Object.entries(metric.labels), ...Object.entries(resource.labels)];
  if (labels.length > limits.store_labels_max) {
    const rule = `must have at most ${limits.store_labels_max} labels, those of the resource among them`;
    return refuse('series_invalid', `${said} ${rule}, not ${labels.length}`);
  }
  for (const [key, value] of labels) {
    const rule = `must have label keys and values of at most ${limits.store_label_chars_max} characters`;
    if (Math.max(key.length, value.length) > limits.store_label_chars_max) {
      return refuse('series_invalid', `${said} ${rule}, not ${showValue(key)}: ${showValue(value)}`);
    }
  }
  if (metricKind !== 'GAUGE' && (valueType === 'BOOL' || valueType === 'STRING')) {
    return refuse('series_invalid', `${said} must be gauges, for they are ${valueType}, and not ${metricKind}`);
  }
  return undefined;
}

/** Why a series cannot be of a metric: all of a metric's have one kind and one value type, as in Cloud Monitoring. */
export function contradiction(metric: Shape, series: SeriesIdentity): Refusal | undefined {
  if (series.metricKind === metric.metricKind && series.valueType === metric.valueType) return undefined;
  const has = `is ${metric.metricKind} and ${metric.valueType}`;
  const detail = `Metric ${series.metric.type} ${has}, not ${series.metricKind} and ${series.valueType}: give another kind another name`;
  return refuse('series_contradicts', detail);
}

/**
 * Why a point cannot follow the newest of its series. As in Cloud Monitoring each has to end after the one before: a cumulative
 * point that comes late adds nothing that the next did not, and exporters send the others in order.
 */
export function refusedPoint(options: {
  point: Point;
  newest: Point | undefined;
  series: SeriesIdentity;
  nowMs: number;
  limits: Limits;
}): Refusal | undefined {
  const { point, newest, series, nowMs, limits } = options;
  const { startMs, endMs } = point;
  const said = `A point of ${series.metric.type}`;
  const wrong = wrongTimes(point, series) ?? wrongValue(point, newest, series, limits);
  if (wrong) return refuse('point_invalid', `${said} ${wrong}`);
  const aheadMs = limits.store_future_minutes_max * MINUTE_MS;
  if (endMs > nowMs + aheadMs) {
    const rule = `must end at most ${limits.store_future_minutes_max} minutes ahead of ${when(nowMs)}`;
    return refuse('point_ahead', `${said} ${rule}, not at ${when(endMs)}: set the clock that it comes from`);
  }
  if (endMs <= nowMs - limits.store_retention_days * DAY_MS) {
    return refuse(
      'point_expired',
      `${said} is kept for ${limits.store_retention_days} days, and ended at ${when(endMs)}`,
    );
  }
  if (!newest) return undefined;
  if (endMs <= newest.endMs) {
    const rule = `must end after the newest of its series, which ends at ${when(newest.endMs)}`;
    return refuse('point_late', `${said} ${rule}, not at ${when(endMs)}: write points in order, from one place`);
  }
  if (series.metricKind === 'DELTA' && startMs < newest.endMs) {
    const rule = `must begin where the one before ended, at ${when(newest.endMs)}, or later`;
    return refuse('point_overlaps', `${said} ${rule}, not at ${when(startMs)}: it would count twice`);
  }
  if (series.metricKind === 'CUMULATIVE' && startMs < newest.startMs) {
    const rule = `must count from where the one before does, ${when(newest.startMs)}, or anew from later`;
    return refuse(
      'point_overlaps',
      `${said} ${rule}, not from ${when(startMs)}: give each process an instance of its own`,
    );
  }
  return undefined;
}

/** Whether a point is the newest once more, as a writer sends it that got no answer. */
export function isRepeat(point: Point, newest: Point | undefined): boolean {
  return point.endMs === newest?.endMs && isDeepStrictEqual(point, newest);
}

function wrongTimes({ startMs, endMs }: Point, { metricKind }: Shape): string | undefined {
  if (!Number.isSafeInteger(startMs) || !Number.isSafeInteger(endMs)) {
    return `must have times in whole milliseconds, not ${startMs} and ${endMs}`;
  }
  if (metricKind === 'GAUGE' && startMs !== endMs) {
    return `must begin where it ends, for it is a gauge, and not at ${when(startMs)}`;
  }
  if (metricKind !== 'GAUGE' && startMs >= endMs) {
    return `must begin before it ends, at ${when(endMs)}, and not at ${when(startMs)}`;
  }
  return undefined;
}

function wrongValue({ value }: Point, newest: Point | undefined, { metricKind, valueType }: Shape, limits: Limits) {
  const must = (rule: string) => `must have ${rule}, not ${showValue(value)}`;
  if (valueType === 'BOOL') return typeof value === 'boolean' ? undefined : must('true or false');
  if (valueType === 'STRING') {
    const isShort = typeof value === 'string' && value.length <= limits.store_text_value_chars_max;
    return isShort ? undefined : must(`a text of at most ${limits.store_text_value_chars_max} characters`);
  }
  if (valueType === 'DISTRIBUTION') {
    if (typeof value !== 'object') return must('a distribution');
    const before = typeof newest?.value === 'object' ? newest.value.bounds : undefined;
    return isDistribution(value, before, limits)
      ? undefined
      : must(
          `rising bounds, a whole count for each of at most ${limits.store_buckets_max} buckets, and their total as count`,
        );
  }
  const isNumber = valueType === 'INT64' ? Number.isInteger(value) : Number.isFinite(value);
  if (!isNumber) return must(valueType === 'INT64' ? 'a whole number' : 'a finite number');
  return metricKind === 'CUMULATIVE' && (value as number) < 0 ? must('a count from 0 on') : undefined;
}

/** @param known bounds that are known to be right */
function isDistribution(value: Distribution, known: readonly number[] | undefined, limits: Limits): boolean {
  const { count, sum, bounds, counts } = value;
  if (counts.length !== bounds.length + 1 || counts.length > limits.store_buckets_max) return false;
  let total = 0;
  for (const inBucket of counts) {
    if (!(inBucket >= 0 && Number.isSafeInteger(inBucket))) return false;
    total += inBucket;
  }
  if (total !== count || !Number.isFinite(sum)) return false;
  if (known && isSame(known, bounds)) return true;
  return bounds.every((bound, index) => Number.isFinite(bound) && !(bound <= (bounds[index - 1] ?? -Infinity)));
}
