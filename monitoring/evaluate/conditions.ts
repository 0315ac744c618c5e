import type {
  AbsenceConditionJson,
  AggregationJson,
  ConditionJson,
  ThresholdConditionJson,
} from '../../slo/resources/alerting.ts';
import type { DelayOf } from '../delay.ts';
import { labelOf, metricTypeOf } from '../filter/match.ts';
import { parseFilter } from '../filter/parse.ts';
import type { Series, SeriesStore, Value } from '../model.ts';
import { aligners, numberOf } from '../query/align.ts';
import { reducers } from '../query/reduce.ts';
import type { Verdict } from './incidents.ts';
import type { TrackedObjective } from './objective.ts';
import { parseSelector, selectedValue } from './selector.ts';
import { selectedBy } from './tracker.ts';

/** What conditions are judged by. */
export type World = {
  project: string;
  store: Pick<SeriesStore, 'seriesOf' | 'readIncrements' | 'newestMs'>;
  delayOf: DelayOf;
  objective(name: string): TrackedObjective | undefined;
};

/** Judges a condition at a time. */
export type Judge = (nowMs: number) => Verdict;

/** An absence is noticed of what was there within this time. */
const ABSENCE_LOOK_BACK_MS = 23.5 * 3_600_000;

/**
 * Reads a condition once, for every time that it is judged. Throws `filter_invalid` where its filter cannot be read. What is stored
 * but not evaluated says so.
 */
export function createJudge(condition: ConditionJson, world: World): Judge {
  if ('conditionThreshold' in condition) return thresholdJudge(condition.conditionThreshold, world);
  if ('conditionAbsent' in condition) return absenceJudge(condition.conditionAbsent, world);
  return () => ({ met: undefined, because: 'not evaluated' });
}

function thresholdJudge(json: ThresholdConditionJson, world: World): Judge {
  const { comparison, thresholdValue } = json;
  const isBeyond = (value: number) =>
    comparison === 'COMPARISON_GT' ? value > thresholdValue : value < thresholdValue;
  const wanted = json.trigger?.count ?? 1;
  const read = valuesReader(json, world);
  return nowMs => {
    const values = read(nowMs);
    if (values.length === 0) return missing(json);
    const beyond = values.filter(isBeyond);
    // Of several series the one that is furthest beyond is shown, or else the first.
    const value = comparison === 'COMPARISON_GT' ? Math.max(...values) : Math.min(...values);
    return { met: beyond.length >= wanted, value };
  };
}

function missing({ evaluationMissingData }: ThresholdConditionJson): Verdict {
  if (evaluationMissingData === 'EVALUATION_MISSING_DATA_ACTIVE') return { met: true };
  if (evaluationMissingData === 'EVALUATION_MISSING_DATA_INACTIVE') return { met: false };
  return { met: undefined, because: 'no data' };
}

function valuesReader(
  { filter, aggregations = [] }: ThresholdConditionJson,
  world: World,
): (nowMs: number) => number[] {
  const selector = parseSelector(filter);
  if (selector) {
    return nowMs => {
      const slo = world.objective(selector.objective);
      const value = slo && selectedValue(selector, slo, nowMs - slo.delayMs);
      return value === undefined ? [] : [value];
    };
  }
  const { selected, delayMs } = selectedSeries(filter, world);
  return nowMs => aggregate(selected(), aggregations, world, nowMs - delayMs).flatMap(value => numberOf(value) ?? []);
}

/** The newest period of the selected series, aligned and reduced: a value for each group. */
function aggregate(
  selected: readonly Series[],
  [first, ...others]: readonly AggregationJson[],
  { store }: World,
  atMs: number,
): Value[] {
  const aligner = first?.perSeriesAligner ?? 'ALIGN_NEXT_OLDER';
  const seconds = Number.parseFloat(first?.alignmentPeriod ?? '60s');
  const aligned = selected.flatMap(series => {
    const points = store.readIncrements(series, atMs - seconds * 1000, atMs);
    const value = points.length > 0 ? aligners[aligner]?.(points, { seconds }) : undefined;
    return value === undefined ? [] : [{ series, value }];
  });
  const reduced = reduceGroups(aligned, first);
  return others.reduce((values, step) => reduceAll(values, step), reduced);
}

function reduceGroups(
  aligned: readonly { series: Series; value: Value }[],
  step: AggregationJson | undefined,
): Value[] {
  const reducer = step?.crossSeriesReducer;
  if (reducer === undefined || reducer === 'REDUCE_NONE') return aligned.map(({ value }) => value);
  const fields = step?.groupByFields ?? [];
  const groups = Map.groupBy(aligned, ({ series }) => fields.map(field => valueOfField(series, field)).join('\n'));
  return [...groups.values()].flatMap(group => reducers[reducer]?.(group.map(({ value }) => value)) ?? []);
}

function reduceAll(values: readonly Value[], { crossSeriesReducer = 'REDUCE_NONE' }: AggregationJson): Value[] {
  const reduce = reducers[crossSeriesReducer];
  return reduce ? [reduce(values) ?? []].flat() : [...values];
}

function absenceJudge({ filter, duration }: AbsenceConditionJson, world: World): Judge {
  const { selected, delayMs } = selectedSeries(filter, world);
  const silentMs = Number.parseFloat(duration) * 1000;
  return nowMs => {
    const atMs = nowMs - delayMs;
    const newestMs = Math.max(...selected().map(series => newestUntil(series, atMs, world)));
    // What was never there, or is long gone, is not absent.
    if (atMs - newestMs > ABSENCE_LOOK_BACK_MS) return { met: undefined, because: 'no data' };
    return { met: atMs - newestMs > silentMs };
  };
}

/** When the newest point that can be seen ends. */
function newestUntil(series: Series, atMs: number, { store }: World): number {
  const newestMs = store.newestMs(series);
  if (newestMs <= atMs) return newestMs;
  const points = store.readIncrements(series, atMs - ABSENCE_LOOK_BACK_MS, atMs);
  return points.at(-1)?.endMs ?? Number.NEGATIVE_INFINITY;
}

/** The series that a filter selects, each time, and how long after its end a point of them can be seen. */
function selectedSeries(text: string, { store, project, delayOf }: World): { selected(): Series[]; delayMs: number } {
  const filter = parseFilter(text);
  const isSelected = selectedBy(filter, project);
  const type = metricTypeOf(filter);
  return { selected: () => [...store.seriesOf(type)].filter(isSelected), delayMs: delayOf(type) };
}

/** `resource.labels.zone`, `metric.label.code` and so on, of a series. */
function valueOfField({ metric, resource }: Series, field: string): string {
  const [of, , ...key] = field.split('.');
  return labelOf((of === 'metric' ? metric : resource).labels, key.join('.').replaceAll('"', ''));
}
