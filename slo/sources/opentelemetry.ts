import type { Counter, Distribution, Gauge, Matches, MetricKind, Selection, ValueType } from '../metric.ts';
import type { Latencies, RatioSli } from '../sli.ts';

/** What is known of a metric that a program emits through OpenTelemetry; a registry of signals holds such. */
export type OtelMetric<Kind extends 'counter' | 'histogram' | 'gauge' = 'counter' | 'histogram' | 'gauge'> = {
  name: string;
  kind: Kind;
  /** In UCUM: `s`, `By`, `{message}`. */
  unit: string;
  attributes?: Readonly<Record<string, { values: readonly string[] | 'text' | 'integer' }>>;
};

/** The labels that a metric's registry entry lets a spec ask for, with their values where it lists them. */
export type LabelsOf<M extends OtelMetric> = M extends {
  attributes: infer A extends NonNullable<OtelMetric['attributes']>;
}
  ? { readonly [K in keyof A]?: MatchOf<A[K]['values']> }
  : Matches;
type MatchOf<Values> = Values extends readonly (infer V extends string)[]
  ? V | readonly V[] | { not: V | readonly V[] }
  : string | readonly string[] | { not: string | readonly string[] };

// A point every 60 s is the SDK's default, and Google shows it at once but for its own minute.
const OTLP = { resource: 'prometheus_target', sampleSeconds: 60, visibleAfterSeconds: 60 } as const;

function select<K extends MetricKind, V extends ValueType>(
  { name, kind, unit }: OtelMetric,
  of: { kind: K; value: V },
  labels: Matches,
): Selection<K, V> {
  const type = `prometheus.googleapis.com/${name}/${kind}`;
  const metric = { type, ...OTLP, ...of, unit: unit === '' ? '1' : unit, otelName: name, otelUnit: unit };
  return { metric, labels, resourceLabels: {} };
}

/** A counter that comes by OTLP, by its name or from a registry of signals. */
export function counter<const M extends OtelMetric<'counter'> | string>(metric: M, labels?: Labels<M>): Counter {
  return select(
    toKnown(metric, { kind: 'counter', unit: '' }),
    { kind: 'CUMULATIVE', value: 'DOUBLE' },
    toMatches(labels),
  );
}

/** A gauge that comes by OTLP, by its name, and then without a unit, or from a registry of signals. */
export function gauge<const M extends OtelMetric<'gauge'> | string>(metric: M, labels?: Labels<M>): Gauge {
  return select(toKnown(metric, { kind: 'gauge', unit: '' }), { kind: 'GAUGE', value: 'DOUBLE' }, toMatches(labels));
}

/**
 * A histogram that comes by OTLP, in seconds where its unit is not said.
 *
 * @param options.bounds upper bounds of its buckets, where no boundaries are generated for it
 */
export function histogram<const M extends OtelMetric<'histogram'> | string>(
  metric: M,
  labels?: Labels<M>,
  options: { bounds?: readonly number[] } = {},
): Latencies {
  const known = toKnown(metric, { kind: 'histogram', unit: 's' });
  const distribution: Distribution = select(known, { kind: 'CUMULATIVE', value: 'DISTRIBUTION' }, toMatches(labels));
  return { form: 'latencies', distribution: { ...distribution, metric: { ...distribution.metric, ...options } } };
}

type Labels<M extends OtelMetric | string> = M extends OtelMetric ? LabelsOf<M> : Matches;

function toKnown(metric: OtelMetric | string, unsaid: Omit<OtelMetric, 'name'>): OtelMetric {
  return typeof metric === 'string' ? { name: metric, ...unsaid } : metric;
}

function toMatches(labels: object | undefined): Matches {
  return { ...labels } as Matches;
}

/**
 * Good events to all events. Of one counter by its labels, or of two counters.
 *
 * @example
 * ratio('records.reads', { good: { fresh: 'true' } })
 * ratio({ good: counter('jobs.done'), total: counter('jobs.started') })
 */
export function ratio<const M extends OtelMetric<'counter'> | string>(
  metric: M,
  events: { good: Labels<M>; bad?: never; of?: Labels<M> } | { bad: Labels<M>; good?: never; of?: Labels<M> },
): RatioSli;
export function ratio(
  counters:
    | { good: Counter; total: Counter; bad?: never }
    | { bad: Counter; total: Counter; good?: never }
    | { good: Counter; bad: Counter; total?: never },
): RatioSli;
export function ratio(
  metric: OtelMetric<'counter'> | string | object,
  events?: { good?: object; bad?: object; of?: object },
): RatioSli {
  if (events === undefined) return { form: 'ratio', ...(metric as { good: Counter; total: Counter }) };
  const of = { ...events.of } as Matches;
  const known = metric as OtelMetric<'counter'> | string;
  const total = counter(known as string, of);
  const part = (labels: object) => counter(known as string, { ...of, ...labels } as Matches);
  if (events.good !== undefined) return { form: 'ratio', good: part(events.good), total };
  return { form: 'ratio', bad: part(events.bad ?? {}), total };
}

/**
 * The request histogram of OpenTelemetry's semantic conventions, `http.server.request.duration`, in seconds.
 *
 * @param options.route as the server reports it: `/records/:id`
 */
export function httpServerDuration(
  options: { route?: string; method?: string; status?: Matches[string] } = {},
): Latencies {
  const { route, method, status } = options;
  return histogram(
    { name: 'http.server.request.duration', kind: 'histogram', unit: 's' },
    {
      ...(route !== undefined && { 'http.route': route }),
      ...(method !== undefined && { 'http.request.method': method }),
      ...(status !== undefined && { 'http.response.status_code': status }),
    },
  );
}
