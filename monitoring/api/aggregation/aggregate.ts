import { apiErrors } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Labels, Point, SeriesIdentity, Value } from '../../model.ts';
import { aligners } from '../../query/align.ts';
import { labelsOf, textOf } from '../../query/fields.ts';
import { reducers } from '../../query/reduce.ts';
import { secondsOf } from '../checks.ts';
import type { Aggregation } from './check.ts';
import { type Shape, shapeAfter } from './shapes.ts';

/** A series whose points are read when they are wanted: those that end after `fromMs` and until `toMs`, oldest first. */
export type Sampled = SeriesIdentity & { points(fromMs: number, toMs: number): readonly Point[] };

/** After which time, and until which. */
export type Interval = { fromMs: number; toMs: number };

/**
 * Aligns series to periods of which the last ends with the interval, as Google does, and joins them where that is asked for. The
 * first period may begin before the interval. The aggregation is one that `checkAggregations` finds right. Throws
 * `argument_invalid` where that would be too much.
 */
export function aggregate(series: readonly Sampled[], aggregation: Aggregation, { fromMs, toMs }: Interval): Sampled[] {
  const { perSeriesAligner = '', crossSeriesReducer = 'REDUCE_NONE', groupByFields = [] } = aggregation;
  const periodMs = (secondsOf(aggregation.alignmentPeriod) ?? 0) * 1000;
  const periods = Math.ceil((toMs - fromMs) / periodMs);
  refuseTooMuch(periods * series.length);
  const aligned = series.map(one => align(one, perSeriesAligner, { periodMs, periods, toMs }));
  if (crossSeriesReducer === 'REDUCE_NONE') return aligned;
  const keyOf = (one: Sampled) =>
    JSON.stringify([one.resource.type, ...groupByFields.map(field => textOf(one, field))]);
  return [...Map.groupBy(aligned, keyOf).values()].map(group => reduce(group, crossSeriesReducer, groupByFields));
}

function refuseTooMuch(values: number): void {
  const most = limits.api_query_values_max;
  if (values <= most) return;
  const detail = `The query aligns ${values} values, and at most ${most} are taken: ask for longer periods, fewer series or less time`;
  throw apiErrors.error('argument_invalid', detail);
}

type Grid = { periodMs: number; periods: number; toMs: number };

function align(series: Sampled, aligner: string, { periodMs, periods, toMs }: Grid): Sampled {
  const shape = shapeAfter(aligner, series) as Shape;
  const byPeriod = Map.groupBy(series.points(toMs - periods * periodMs, toMs), ({ endMs }) =>
    Math.floor((toMs - endMs) / periodMs),
  );
  const points: Point[] = [];
  for (const back of [...byPeriod.keys()].sort((a, b) => b - a)) {
    const value = aligners[aligner]?.(byPeriod.get(back) ?? [], { seconds: periodMs / 1000 });
    const endMs = toMs - back * periodMs;
    if (value !== undefined) points.push(pointOf(shape, endMs, periodMs, value));
  }
  return toSampled({ ...series, ...shape }, points);
}

function reduce(group: readonly Sampled[], reducer: string, fields: readonly string[]): Sampled {
  const [first] = group as [Sampled];
  const shape = shapeAfter(reducer, first) as Shape;
  const byEnd = Map.groupBy(
    group.flatMap(one => one.points(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)),
    ({ endMs }) => endMs,
  );
  const points = [...byEnd].flatMap(([endMs, all]) => {
    const value = reducers[reducer]?.(all.map(point => point.value));
    const { startMs } = all[0] as Point;
    return value === undefined ? [] : [pointOf(shape, endMs, endMs - startMs, value)];
  });
  const identity = {
    metric: { type: first.metric.type, labels: labelsOf(first.metric.labels, 'metric', fields) },
    resource: {
      type: first.resource.type,
      labels: { ...projectOf(group), ...labelsOf(first.resource.labels, 'resource', fields) },
    },
    ...shape,
  };
  return toSampled(
    identity,
    points.sort((a, b) => a.endMs - b.endMs),
  );
}

function pointOf({ metricKind }: Shape, endMs: number, periodMs: number, value: Value): Point {
  return { startMs: metricKind === 'GAUGE' ? endMs : endMs - periodMs, endMs, value };
}

function toSampled({ metric, resource, metricKind, valueType }: SeriesIdentity, points: readonly Point[]): Sampled {
  return {
    ...{ metric, resource, metricKind, valueType },
    points: (fromMs, toMs) => points.filter(({ endMs }) => endMs > fromMs && endMs <= toMs),
  };
}

/** What is joined keeps its project, where it is one. */
function projectOf(group: readonly Sampled[]): Labels {
  const projects = new Set(group.map(({ resource }) => resource.labels.project_id ?? ''));
  const [project = ''] = projects;
  return projects.size === 1 && project !== '' ? { project_id: project } : {};
}
