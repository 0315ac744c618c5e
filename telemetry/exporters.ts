import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
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
 */
export async function createExporters(
  onDropped: (items: number, attributes: { signal: SignalKind; reason: DropReason }) => void,
): Promise<Partial<Sinks>> {
  const sinks: Partial<Sinks> = {};
  const optionsFor = async (signal: SignalKind, endpoint: string) => ({
    exporter: isGoogleEndpoint(endpoint) ? { headers: await googleHeaders() } : {},
    selfObsMeterProvider: createDropListener((items, reason) => onDropped(items, { signal, reason })),
  });

  const traces = exporterOf('traces');
  if (traces.kind === 'nothing') sinks.spanProcessors = [new NoopSpanProcessor()];
  if (traces.kind === 'otlp') sinks.spanProcessors = [spanProcessor(await optionsFor('traces', traces.endpoint))];

  const metrics = exporterOf('metrics');
  if (metrics.kind === 'nothing') sinks.metricReaders = [];
  if (metrics.kind === 'otlp') sinks.metricReaders = [metricReader(await optionsFor('metrics', metrics.endpoint))];

  const logs = exporterOf('logs');
  if (logs.kind === 'nothing') sinks.logRecordProcessors = [];
  if (logs.kind === 'otlp') sinks.logRecordProcessors = [logProcessor(await optionsFor('logs', logs.endpoint))];
  return sinks;
}

type Options = {
  exporter: { headers?: () => Promise<Record<string, string>> };
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

function metricReader({ exporter, selfObsMeterProvider }: Options): IMetricReader {
  const exportIntervalMillis = positiveInteger('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  return new PeriodicExportingMetricReader({
    // A metric reader reports nothing of itself, so here it is the exporter that is listened to.
    exporter: new OTLPMetricExporter({ ...exporter, selfObsMeterProvider }),
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
