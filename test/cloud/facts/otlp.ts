import { compared, type Fact, notSettled } from '../fact.ts';
import { pointsOf } from './monitoring-requests.ts';
import {
  counter,
  DELTA,
  gauge,
  histogram,
  minute,
  nameOf,
  nanos,
  resourceOf,
  send,
  settleShown,
} from './otlp-requests.ts';

const POINTS_MAX = 200;

/** What Google's OTLP endpoint takes, and what becomes of it. */
export const otlpFacts: readonly Fact[] = [
  {
    id: 'otlp-metrics',
    question: 'Are metrics taken by OTLP over HTTP, and under which names and types are they shown?',
    believed:
      'As `prometheus.googleapis.com/<name>/counter` (CUMULATIVE DOUBLE), `/gauge` (GAUGE DOUBLE) and `/histogram` (CUMULATIVE DISTRIBUTION), dots kept',
    dependsOn: ['slo/sources/opentelemetry.ts', 'telemetry/exporters.ts', 'slo/promql/series.ts'],
    does: 'Sends a counter, a gauge and a histogram, and lists the metric descriptors that they become.',
    setting:
      '`select` in `slo/sources/opentelemetry.ts`, then `burnline generate`; or a collector in front (`OTEL_EXPORTER_OTLP_ENDPOINT`)',
    settle: world =>
      settleShown(world, [
        [counter(world, 'counter'), /^\.counter\/counter CUMULATIVE DOUBLE$/],
        [gauge(world, 'gauge'), /^\.gauge\/gauge GAUGE DOUBLE$/],
        [histogram(world, 'histogram'), /^\.histogram\/histogram CUMULATIVE DISTRIBUTION$/],
      ]),
  },
  {
    id: 'otlp-delta',
    question: 'Is a counter with delta temporality taken?',
    believed: 'Yes, and shown as `/delta`; ours keep the SDK’s cumulative temporality all the same',
    dependsOn: ['telemetry/exporters.ts', 'slo/sources/opentelemetry.ts'],
    does: 'Sends a delta counter and lists the metric descriptors that it becomes.',
    setting: '`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` stays `cumulative`',
    settle: world => settleShown(world, [[counter(world, 'delta', DELTA), /^\.delta\/delta \w+ DOUBLE$/]]),
  },
  {
    id: 'otlp-exponential-histograms',
    question: 'Is an exponential histogram taken?',
    believed:
      'Yes, and shown as `/histogram`, as Google’s own exporter writes it; ours have explicit bounds, which thresholds need',
    dependsOn: ['telemetry/boundaries.ts', 'slo/sources/opentelemetry.ts'],
    does: 'Sends an exponential histogram and lists the metric descriptors that it becomes.',
    setting: '`OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` stays `explicit_bucket_histogram`',
    settle(world) {
      const counts = {
        count: '3',
        sum: 5,
        scale: 0,
        zeroCount: '0',
        positive: { offset: 0, bucketCounts: ['1', '2'] },
      };
      const exponentialHistogram = { aggregationTemporality: 2, dataPoints: [{ ...minute(world), ...counts }] };
      const metric = { name: nameOf(world, 'exponential'), unit: 's', exponentialHistogram };
      return settleShown(world, [[metric, /^\.exponential\/histogram \w+ DISTRIBUTION$/]]);
    },
  },
  {
    id: 'otlp-exemplars',
    question: 'Are the exemplars of a histogram kept?',
    believed: 'No: nothing of ours relies on them',
    dependsOn: ['telemetry/exporters.ts'],
    does: 'Sends a histogram with an exemplar, and reads its points back.',
    setting: 'None; where they are kept, a dashboard can lead from a slow bucket to its trace',
    async settle(world) {
      const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
      const exemplars = [{ timeUnixNano: nanos(world.now()), asDouble: 0.3, ...ids }];
      const metric = histogram(world, 'exemplars', { exemplars });
      const { taken, said } = await send(world, [metric]);
      if (!taken) return compared(true, said);
      const type = `prometheus.googleapis.com/${metric.name}/histogram`;
      const points = await world.poll(async () => {
        const found = await pointsOf(world, `metric.type="${type}" AND resource.type="prometheus_target"`);
        return found.length > 0 ? found : undefined;
      });
      if (!points) return notSettled('Taken, but no point could be seen in the time');
      const kept = points.flatMap(({ value }) => value.distributionValue?.exemplars ?? []).length;
      return compared(kept === 0, `The points that are shown have ${kept} exemplars`);
    },
  },
  {
    id: 'otlp-points-limit',
    question: 'How many points may a metrics request have?',
    believed: `${POINTS_MAX}; one with more is refused whole`,
    dependsOn: ['telemetry/exporters.ts'],
    does: `Sends a gauge with ${POINTS_MAX} points, then one with ${POINTS_MAX + 1}.`,
    setting: '`POINTS_MAX` in `telemetry/exporters.ts`',
    async settle(world) {
      const fits = await send(world, [gauge(world, 'points', POINTS_MAX)]);
      const exceeds = await send(world, [gauge(world, 'points', POINTS_MAX + 1)]);
      const observed = `${POINTS_MAX} points ${fits.said}; ${POINTS_MAX + 1} points ${exceeds.said}`;
      return compared(fits.taken && !exceeds.taken, observed);
    },
  },
  {
    id: 'otlp-logs',
    question: 'Are logs taken by OTLP over HTTP, and shown in Cloud Logging?',
    believed: 'Yes; in the cloud ours go by stdout',
    dependsOn: ['telemetry/exporters.ts', 'telemetry/otel-logs.ts'],
    does: 'Sends a log record and looks for it in Cloud Logging, where it stays as long as logs are kept.',
    setting: '`OTEL_LOGS_EXPORTER=none`: Cloud Run reads stdout',
    async settle(world) {
      const text = `${world.run} asks whether logs arrive`;
      const record = {
        timeUnixNano: nanos(world.now()),
        severityNumber: 9,
        severityText: 'INFO',
        body: { stringValue: text },
      };
      const scopeLogs = [{ scope: { name: 'burnline' }, logRecords: [record] }];
      const body = { resourceLogs: [{ resource: resourceOf(world), scopeLogs }] };
      const { taken, said } = await world.google.ask('POST', 'telemetry', '/v1/logs', body);
      if (!taken) return compared(false, said);
      const wanted = { resourceNames: [`projects/${world.project}`], filter: `"${text}"`, pageSize: 1 };
      type Page = { entries?: { logName: string }[] };
      const name = await world.poll(async () => {
        const { entries } = await world.google.need<Page>('POST', 'logging', '/v2/entries:list', wanted);
        return entries?.[0]?.logName;
      });
      return name ? compared(true, `Shown in ${name}`) : notSettled('Taken, but it could not be seen in the time');
    },
  },
  {
    id: 'otlp-regional-endpoint',
    question: 'Is there an OTLP endpoint for each region?',
    believed: 'Yes: `telemetry.<region>.rep.googleapis.com`, which gets the same tokens',
    dependsOn: ['telemetry/google-auth.ts'],
    does: 'Sends a gauge to the global endpoint, and the same one to that of the location.',
    setting: '`isGoogleEndpoint` in `telemetry/google-auth.ts`; `OTEL_EXPORTER_OTLP_ENDPOINT` stays the global one',
    async settle(world) {
      const global = await send(world, [gauge(world, 'regional')]);
      if (!global.taken) return notSettled(`the global endpoint: ${global.said}`);
      const host = world.google.url('regional_telemetry');
      try {
        const { taken, said } = await send(world, [gauge(world, 'regional')], 'regional_telemetry');
        return compared(taken, `${host}: ${said}`);
      } catch (error) {
        if (!/ENOTFOUND/.test(String(error))) throw error;
        return compared(false, `There is no ${host}`);
      }
    },
  },
];
