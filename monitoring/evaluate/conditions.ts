import type {
  AbsenceConditionJson,
  AggregationJson,
  ConditionJson,
  ThresholdConditionJson,
} from '../../slo/resources/alerting.ts';
import type { DelayOf } from '../delay.ts';
import { metricTypeOf } from '../filter/match.ts';
import { parseFilter } from '../filter/parse.ts';
import type { Series, SeriesStore, Value } from '../model.ts';
import { aligners, greatestOf, leastOf, numberOf } from '../query/align.ts';
import { labelsOf, textOf } from '../query/fields.ts';
import { reducers } from '../query/reduce.ts';
import type { Judgement, SeriesJudgement } from './judgement.ts';
import type { TrackedObjective } from './objective.ts';
import { parseSelector, type Selector, selectedValue } from './selector.ts';
import { selectedBy } from './tracker.ts';

/** What conditions are judged by. */
export type World = {
  project: string;
  store: Pick<SeriesStore, 'seriesOf' | 'readIncrements' | 'newestMs'>;
  delayOf: DelayOf;
  objective(name: string): TrackedObjective | undefined;
};

/** Judges a condition at a time. */
export type Judge = (nowMs: number) => Judgement;

/** What was there within this time is known: that it is there no more is noticed. */
const LOOK_BACK_MS = 23.5 * 3_600_000;
const ALMOST_NOW_MS = 600_000;

/**
 * Reads a condition once, for every time that it is judged. Throws `filter_invalid` where its filter cannot be read. What is stored
 * but not evaluated says so.
 */
export function createJudge(condition: ConditionJson, world: World): Judge {
  if ('conditionThreshold' in condition) return thresholdJudge(condition.conditionThreshold, world);
  if ('conditionAbsent' in condition) return absenceJudge(condition.conditionAbsent, world);
  return () => ({ series: [], because: 'not evaluated' });
}

/** A series, or several that are joined, and what is read of it at a time: nothing where it has no data. */
type Read<T> = Pick<Series, 'metric' | 'resource'> & { of: T | undefined };

function thresholdJudge(json: ThresholdConditionJson, world: World): Judge {
  const { comparison, thresholdValue } = json;
  const isAbove = comparison === 'COMPARISON_GT';
  const isBeyond = (value: number) => (isAbove ? value > thresholdValue : value < thresholdValue);
  const selector = parseSelector(json.filter);
  if (selector) return objectiveJudge(selector, isBeyond, world);
  const read = valuesReader(json, world);
  return nowMs => {
    const all = read(nowMs);
    const values = all.flatMap(({ of }) => of ?? []);
    return {
      series: all.map(one => judgementOf(one, one.of === undefined ? undefined : isBeyond(one.of))),
      ...(values.length > 0 && { value: isAbove ? greatestOf(values) : leastOf(values) }),
    };
  };
}

function judgementOf({ metric, resource }: Read<unknown>, met: boolean | undefined): SeriesJudgement {
  const ofResource = JSON.stringify(resource);
  return { key: `${JSON.stringify(metric.labels)}${ofResource}`, resource: ofResource, met };
}

/** Of an SLO there is one series, and of no resource. */
function objectiveJudge(selector: Selector, isBeyond: (value: number) => boolean, { objective }: World): Judge {
  const judged = (met: boolean | undefined) => [{ key: '', resource: '', met }];
  return nowMs => {
    const slo = objective(selector.objective);
    if (!slo) return { series: [] };
    const atMs = nowMs - slo.delayMs;
    const value = selectedValue(selector, slo, atMs);
    if (value !== undefined) return { series: judged(isBeyond(value)), value };
    const { good, bad } = slo.counts(atMs - LOOK_BACK_MS, atMs);
    return { series: good + bad > 0 ? judged(undefined) : [] };
  };
}

/** The newest period of the selected series, aligned, and joined by one aggregation after the other. */
function valuesReader(
  { filter, aggregations = [] }: ThresholdConditionJson,
  world: World,
): (nowMs: number) => Read<number>[] {
  const { perSeriesAligner = 'ALIGN_NEXT_OLDER', alignmentPeriod = '60s' } = aggregations[0] ?? {};
  const seconds = Number.parseFloat(alignmentPeriod);
  const select = seriesReader(filter, world);
  return nowMs => {
    const { atMs, selected } = select(nowMs);
    const aligned = selected.map((series): Read<Value> => {
      const points = world.store.readIncrements(series, atMs - seconds * 1000, atMs);
      const of = points.length > 0 ? aligners[perSeriesAligner]?.(points, { seconds }) : undefined;
      return { metric: series.metric, resource: series.resource, of };
    });
    return aggregations
      .reduce(join, aligned)
      .map(({ of, ...one }) => ({ ...one, of: of === undefined ? of : numberOf(of) }));
  };
}

function absenceJudge({ filter, duration, aggregations = [] }: AbsenceConditionJson, world: World): Judge {
  const silentMs = Number.parseFloat(duration) * 1000;
  const select = seriesReader(filter, world);
  return nowMs => {
    const { atMs, selected } = select(nowMs);
    const newest = selected.map(series => ({ ...series, of: newestUntil(series, atMs, world) }));
    // Series that are joined are there while one of them is.
    const joined = aggregations.reduce((all: Read<number>[], step) => joinBy(all, step, greatestOf), newest);
    return { series: joined.map(one => judgementOf(one, one.of === undefined ? undefined : atMs - one.of > silentMs)) };
  };
}

/** When the newest point that can be seen ends; `undefined` where that is too long ago to be missed. */
function newestUntil(series: Series, atMs: number, { store }: World): number | undefined {
  const newestMs = store.newestMs(series);
  if (newestMs <= atMs) return newestMs;
  // Mostly it is not long ago, and to read a day takes a thousand times as long.
  const newest = (backMs: number) => store.readIncrements(series, atMs - backMs, atMs).at(-1)?.endMs;
  return newest(ALMOST_NOW_MS) ?? newest(LOOK_BACK_MS);
}

/** The series that a filter selects and that were there lately, each time, and until when they can be seen. */
function seriesReader(text: string, { store, project, delayOf }: World) {
  const filter = parseFilter(text);
  const isSelected = selectedBy(filter, project);
  const type = metricTypeOf(filter);
  const delayMs = delayOf(type);
  return (nowMs: number): { atMs: number; selected: Series[] } => {
    const atMs = nowMs - delayMs;
    const isThere = (series: Series) => isSelected(series) && atMs - store.newestMs(series) <= LOOK_BACK_MS;
    return { atMs, selected: [...store.seriesOf(type)].filter(isThere) };
  };
}

function join(all: readonly Read<Value>[], step: AggregationJson): Read<Value>[] {
  return joinBy(all, step, reducers[step.crossSeriesReducer ?? ''] ?? (() => undefined));
}

/** Series as groups of those whose labels are alike, which keep these labels. */
function joinBy<T>(
  all: readonly Read<T>[],
  { crossSeriesReducer = 'REDUCE_NONE', groupByFields = [] }: AggregationJson,
  reduce: (values: T[]) => T | undefined,
): Read<T>[] {
  if (crossSeriesReducer === 'REDUCE_NONE') return [...all];
  const groups = Map.groupBy(all, one => JSON.stringify(groupByFields.map(field => textOf(one, field))));
  return [...groups.values()].map(group => {
    const [{ metric, resource }] = group as [Read<T>];
    const values = group.flatMap(({ of }) => (of === undefined ? [] : [of]));
    return {
      metric: { type: metric.type, labels: labelsOf(metric.labels, 'metric', groupByFields) },
      resource: { type: resource.type, labels: labelsOf(resource.labels, 'resource', groupByFields) },
      of: values.length > 0 ? reduce(values) : undefined,
    };
  });
}
