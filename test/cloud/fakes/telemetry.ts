import { type FakeApi, type FakeRequest, type FakeState, ok, refused } from './api.ts';
import type { createFakeIam } from './iam.ts';

const POINTS_MAX = 200;

export type FakeDescriptor = {
  name: string;
  type: string;
  metricKind: string;
  valueType: string;
  exemplars?: unknown[];
};

// biome-ignore lint/suspicious/noExplicitAny: OTLP as it was sent
type Otlp = any;

/** The OTLP endpoint, and Cloud Logging where its logs arrive. */
export function createFakeTelemetry(state: FakeState, iam: ReturnType<typeof createFakeIam>) {
  const { isOtherwise, made } = state;
  const texts: string[] = [];

  function metrics({ body, authorization }: FakeRequest) {
    if (!iam.maySend(authorization)) return refused('Permission denied', 403);
    const [{ resource, scopeMetrics }] = body.resourceMetrics;
    const keys = resource.attributes.map(({ key }: { key: string }) => key);
    if (!['cloud.region', 'service.instance.id'].every(key => keys.includes(key))) return refused('no location');
    const sent: Otlp[] = scopeMetrics.flatMap((scope: Otlp) => scope.metrics);
    const points = sent.flatMap(metric => Object.values(metric).flatMap((data: Otlp) => data?.dataPoints ?? []));
    if (points.length > POINTS_MAX && !isOtherwise('otlp-points-limit')) return refused('more than 200 points');
    for (const metric of sent) {
      const shape = shapeOf(metric);
      if (shape === undefined) return refused(`${metric.name} is not supported`);
      const [suffix, metricKind, valueType] = shape;
      const shownAs = isOtherwise('dots') ? metric.name.replaceAll('.', '_') : metric.name;
      const type = `prometheus.googleapis.com/${shownAs}${suffix}`;
      const name = `projects/p/metricDescriptors/${type}`;
      const exemplars = isOtherwise('otlp-exemplars') ? metric.histogram?.dataPoints[0].exemplars : undefined;
      made.set(`monitoring/v3/${name}`, { name, type, metricKind, valueType, exemplars } satisfies FakeDescriptor);
    }
    return ok({ partialSuccess: {} });
  }

  function shapeOf({ name, sum, gauge, exponentialHistogram }: Otlp): [string, string, string] | undefined {
    if (gauge) return ['/gauge', 'GAUGE', 'DOUBLE'];
    if (sum?.aggregationTemporality === 1) return isOtherwise('otlp-delta') ? undefined : ['/delta', 'DELTA', 'DOUBLE'];
    const isInteger = isOtherwise('otlp-metrics') && name.endsWith('.counter');
    if (sum) return ['/counter', 'CUMULATIVE', isInteger ? 'INT64' : 'DOUBLE'];
    if (exponentialHistogram && isOtherwise('otlp-exponential-histograms')) return undefined;
    return ['/histogram', 'CUMULATIVE', 'DISTRIBUTION'];
  }

  const answer: FakeApi = request => {
    const { api, path, body } = request;
    if (api === 'logging') {
      const found = texts.filter(text => body.filter === JSON.stringify(text));
      return ok(found.length > 0 ? { entries: [{ logName: 'projects/p/logs/otlp' }] } : {});
    }
    if (api === 'regional_telemetry' && isOtherwise('otlp-regional-endpoint')) return refused('Not found', 404);
    if (path === '/v1/metrics') return metrics(request);
    if (isOtherwise('otlp-logs')) return refused('logs are not supported', 404);
    for (const { logRecords } of body.resourceLogs[0].scopeLogs) {
      texts.push(...logRecords.map((record: Otlp) => record.body.stringValue));
    }
    return ok();
  };

  return {
    answer,
    descriptors: () =>
      [...made].filter(([path]) => path.includes('/metricDescriptors/')).map(([, value]) => value as FakeDescriptor),
  };
}
