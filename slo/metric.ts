import { tidy } from '../base/durations.ts';
import { uptimeIdPattern } from './uptime-id.ts';

export type MetricKind = 'DELTA' | 'CUMULATIVE' | 'GAUGE';
export type ValueType = 'INT64' | 'DOUBLE' | 'BOOL' | 'DISTRIBUTION';

/** A metric as Cloud Monitoring knows it. */
export type Metric<Kind extends MetricKind = MetricKind, Value extends ValueType = ValueType> = {
  /** `run.googleapis.com/request_count` */
  type: string;
  /** The monitored resource that its points are written on: `cloud_run_revision`. */
  resource: string;
  kind: Kind;
  value: Value;
  /** In UCUM; a threshold on the metric is in this unit. */
  unit: string;
  /** Seconds between two points. */
  sampleSeconds: number;
  /** How long after its time a point can be read on Google Cloud, in seconds. */
  visibleAfterSeconds: number;
  /** Upper bounds of a distribution's buckets in its unit, where they are known. */
  bounds?: readonly number[];
  /** The name in OpenTelemetry, where the metric comes by OTLP. */
  otelName?: string;
  /** The unit there; empty where it says none, which counts as `1` elsewhere. */
  otelUnit?: string;
};

/** A name in the infrastructure, to which an environment's suffix is added; or the title of an uptime check, whose id Google makes of it. */
export type Named = { name: string; isUptimeTitle?: true };

/** What a label must be: a value, one of several, none of some, or a name of the infrastructure. */
export type Match = string | readonly string[] | { not: string | readonly string[] } | Named;
export type Matches = Readonly<Record<string, Match>>;

/** Some series of one metric. */
export type Selection<Kind extends MetricKind = MetricKind, Value extends ValueType = ValueType> = {
  metric: Metric<Kind, Value>;
  labels: Matches;
  resourceLabels: Matches;
};

/** Series that count: what a ratio is made of. */
export type Counter = Selection<'DELTA' | 'CUMULATIVE', 'INT64' | 'DOUBLE'>;
/** Series of distributions: what a share under a threshold is counted from. */
export type Distribution = Selection<'DELTA' | 'CUMULATIVE', 'DISTRIBUTION'>;
/** Series of numbers that go up and down. */
export type Gauge = Selection<'GAUGE', 'INT64' | 'DOUBLE'>;
/** Series of yes and no. */
export type BoolGauge = Selection<'GAUGE', 'BOOL'>;

/** For which project and environment a specification is compiled. */
export type Target = {
  project: string;
  /** Appended to names in one of several environments of a project: `-staging`; empty otherwise. */
  nameSuffix: string;
};

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, ms: 1000, us: 1e6, ns: 1e9 };

/** A time in the metric's own unit. Throws a `TypeError` where the metric measures something else. */
export function toUnitOf({ type, unit }: Metric, seconds: number): number {
  const perSecond = PER_SECOND[unit];
  if (perSecond !== undefined) return tidy(seconds * perSecond);
  throw new TypeError(`a threshold in time needs a metric in s, ms, us or ns, and ${type} is in ${unit}`);
}

/** The same series, and of them only those whose labels match too. */
export function where<S extends Selection>(selection: S, labels: Matches): S {
  return { ...selection, labels: { ...selection.labels, ...labels } };
}

/**
 * The values that a match asks for or excludes, with the target's suffix on names; and where Google makes the value, and nothing refers
 * to it, the regular expression of what it may be.
 */
export function valuesOf(
  match: Match,
  { nameSuffix }: Pick<Target, 'nameSuffix'>,
): { not: boolean; values: string[]; pattern?: string } {
  if (typeof match === 'string') return { not: false, values: [match] };
  if (!isOptions(match)) return { not: false, values: [...match] };
  if ('name' in match) {
    const name = match.name + nameSuffix;
    return { not: false, values: [name], ...(match.isUptimeTitle && { pattern: uptimeIdPattern(name) }) };
  }
  return { not: true, values: [match.not].flat() };
}

function isOptions(match: Exclude<Match, string>): match is { not: string | readonly string[] } | Named {
  return !Array.isArray(match);
}

/**
 * The monitoring filter that selects the series, pinned to one project: a metrics scope may hold several.
 *
 * @see https://cloud.google.com/monitoring/api/v3/filters
 */
export function toFilter(selection: Selection, target: Target): string {
  const known = filters.get(selection);
  if (known?.target === target) return known.filter;
  const { metric, labels, resourceLabels } = selection;
  const filter = [
    `metric.type="${metric.type}"`,
    `resource.type="${metric.resource}"`,
    `resource.labels.project_id="${target.project}"`,
    ...toTerms('resource.labels', resourceLabels, target),
    ...toTerms('metric.labels', labels, target),
  ].join(' AND ');
  filters.set(selection, { target, filter });
  return filter;
}

// An SLO, its alerts and each dashboard select the same.
const filters = new WeakMap<Selection, { target: Target; filter: string }>();

function toTerms(prefix: string, matches: Matches, target: Target): string[] {
  return Object.entries(matches).map(([label, match]) => {
    const { not, values } = valuesOf(match, target);
    const field = `${prefix}.${/^\w+$/.test(label) ? label : JSON.stringify(label)}`;
    if (values.length === 1) return `${field}${not ? '!=' : '='}${JSON.stringify(values[0])}`;
    return `${not ? 'NOT ' : ''}${field}=one_of(${values.map(value => JSON.stringify(value)).join(', ')})`;
  });
}
