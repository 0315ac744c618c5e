/** How often a rate of k6 was true and how often not. */
export type Rate = { passes: number; fails: number };

/** What the gate reads of a k6 result file. */
export type K6Results = {
  /** The id of the service that the test was for, where the file says so. */
  service?: string;
  /** The rates by metric, those with tags not among them. */
  rates: ReadonlyMap<string, Rate>;
  /** The thresholds that failed, for people. */
  failedThresholds: readonly string[];
};

type MetricJson = {
  type?: unknown;
  values?: Readonly<Record<string, unknown>>;
  thresholds?: Readonly<Record<string, { ok?: unknown }>>;
};

/**
 * Reads what k6's `handleSummary` was given, as JSON. Throws a `SyntaxError` that says what it is not.
 *
 * @see https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/
 */
export function parseK6(text: string): K6Results {
  if (text.trim() === '') throw new SyntaxError('is empty');
  const json = parse(text);
  const metrics = Object.entries(Object(Object(json).metrics) as Readonly<Record<string, MetricJson | null>>);
  if (metrics.length === 0) throw new SyntaxError('holds no metrics: it must be the data of handleSummary');
  const service = (Object(json).burnline as { service?: unknown } | undefined)?.service;
  return {
    ...(typeof service === 'string' && { service }),
    rates: new Map(
      metrics.flatMap(([name, metric]) => (metric?.type === 'rate' ? [[name, toRate(name, metric)]] : [])),
    ),
    failedThresholds: metrics.flatMap(([name, metric]) => failuresOf(name, metric ?? {})),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError('is no JSON', { cause });
  }
}

function toRate(name: string, { values = {} }: MetricJson): Rate {
  const [passes, fails] = [values.passes, values.fails];
  if (!isCount(passes) || !isCount(fails)) throw new SyntaxError(`has no counts in its rate ${name}`);
  return { passes, fails };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `http_req_duration p(99)<200, it was 312.5` */
function failuresOf(name: string, { thresholds, values = {} }: MetricJson): string[] {
  return Object.entries(Object(thresholds) as NonNullable<MetricJson['thresholds']>)
    .filter(([, threshold]) => threshold?.ok === false)
    .map(([threshold]) => {
      const value = values[/^[^<>=!]*/.exec(threshold)?.[0].trim() ?? ''];
      const was = typeof value === 'number' ? `, it was ${Number(value.toPrecision(6))}` : '';
      return `${name} ${threshold}${was}`;
    });
}
