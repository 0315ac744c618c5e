import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { asServices } from './as-services.ts';
import { createDropListener, type DropReason } from './dropped.ts';
import { exporterOf, positiveInteger, type SignalKind } from './environment.ts';
import { googleHeaders, isGoogleEndpoint } from './google-auth.ts';

/** Google's endpoint refuses a request with more points, whole. */
const POINTS_MAX = 200;

type Sinks = {
  spanProcessors: SpanProcessor[];
  metricReaders: IMetricReader[];
  logRecordProcessors: LogRecordProcessor[];
};

/**
 * What takes the signals out of the process, by the environment. A signal that is left out is one that the SDK sets up by
 * itself; where nothing is sent, spans still get their ids. `onDropped` hears of what never leaves.
 *
 * @param options.beforeExport called before each request; where it throws, the request is not sent and has failed
 * @param options.serviceOf the service whose a metric is, in a process that stands for several
 */
export async function createExporters(options: {
  onDropped(items: number, attributes: { signal: SignalKind; reason: DropReason }): void;
  beforeExport?: (() => void) | undefined;
  serviceOf?: ((metricName: string) => string) | undefined;
}): Promise<Partial<Sinks>> {
  const { onDropped, beforeExport, serviceOf } = options;
  const sinks: Partial<Sinks> = {};
  const optionsFor = async (signal: SignalKind, endpoint: string) => ({
    exporter: await exporterOptions(endpoint, beforeExport),
    selfObsMeterProvider: createDropListener((items, reason) => onDropped(items, { signal, reason })),
  });

  const traces = exporterOf('traces');
  if (traces.kind === 'nothing') sinks.spanProcessors = [new NoopSpanProcessor()];
  if (traces.kind === 'otlp') sinks.spanProcessors = [spanProcessor(await optionsFor('traces', traces.endpoint))];

  const metrics = exporterOf('metrics');
  if (metrics.kind === 'nothing') sinks.metricReaders = [];
  if (metrics.kind === 'otlp')
    sinks.metricReaders = [metricReader(await optionsFor('metrics', metrics.endpoint), serviceOf)];

  const logs = exporterOf('logs');
  if (logs.kind === 'nothing') sinks.logRecordProcessors = [];
  if (logs.kind === 'otlp') sinks.logRecordProcessors = [logProcessor(await optionsFor('logs', logs.endpoint))];
  return sinks;
}

type ExporterOptions = { headers?: () => Promise<Record<string, string>> };

/** The headers are what an exporter asks for last before it sends: without them nothing leaves, and it counts as a failed export. */
async function exporterOptions(endpoint: string, beforeExport: (() => void) | undefined): Promise<ExporterOptions> {
  const options = isGoogleEndpoint(endpoint) ? { headers: await googleHeaders() } : {};
  if (!beforeExport) return options;
  return {
    async headers() {
      beforeExport();
      return (await options.headers?.()) ?? {};
    },
  };
}

type Options = {
  exporter: ExporterOptions;
  selfObsMeterProvider: ReturnType<typeof createDropListener>;
};

function spanProcessor({ exporter, selfObsMeterProvider }: Options): SpanProcessor {
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(exporter),
    selfObsMeterProvider,
    // The SDK's 2048 is half a second of a busy API; a batch of 512 is encoded in about 2 ms, which a request can wait.
    maxQueueSize: positiveInteger('OTEL_BSP_MAX_QUEUE_SIZE', 16_384),
    maxExportBatchSize: positiveInteger('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
    scheduledDelayMillis: positiveInteger('OTEL_BSP_SCHEDULE_DELAY', 5000),
    exportTimeoutMillis: positiveInteger('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
  });
}

function metricReader(
  { exporter: options, selfObsMeterProvider }: Options,
  serviceOf: ((metricName: string) => string) | undefined,
): IMetricReader {
  // A metric reader reports nothing of itself, so here it is the exporter that is listened to.
  const exporter = new OTLPMetricExporter({ ...options, selfObsMeterProvider });
  const exportIntervalMillis = positiveInteger('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  return new PeriodicExportingMetricReader({
    exporter: serviceOf ? asServices(exporter, serviceOf) : exporter,
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(positiveInteger('OTEL_METRIC_EXPORT_TIMEOUT', 30_000), exportIntervalMillis),
    maxExportBatchSize: POINTS_MAX,
  });
}

function logProcessor({ exporter, selfObsMeterProvider }: Options): LogRecordProcessor {
  return new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter(exporter),
    selfObsMeterProvider,
    maxQueueSize: positiveInteger('OTEL_BLRP_MAX_QUEUE_SIZE', 2048),
    maxExportBatchSize: positiveInteger('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 512),
    scheduledDelayMillis: positiveInteger('OTEL_BLRP_SCHEDULE_DELAY', 1000),
    exportTimeoutMillis: positiveInteger('OTEL_BLRP_EXPORT_TIMEOUT', 30_000),
  });
}
