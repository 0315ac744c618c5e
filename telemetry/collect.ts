import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

/**
 * Keeps all that is emitted in memory, for tests: `sinks` goes to `startTelemetry`.
 *
 * @example
 * const collected = createCollector();
 * const telemetry = await startTelemetry({ service: 'test', ...collected.sinks });
 * assert.deepEqual((await collected.metrics()).map(({ descriptor }) => descriptor.name), ['records.reads']);
 */
export function createCollector() {
  const spanExporter = new InMemorySpanExporter();
  const logExporter = new InMemoryLogRecordExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const metricReader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  return {
    sinks: {
      spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
      metricReaders: [metricReader],
      logRecordProcessors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
    },
    /** The spans that have ended, in the order in which they did. */
    spans: () => spanExporter.getFinishedSpans(),
    logs: () => logExporter.getFinishedLogRecords(),
    /** Every metric that has a point, with its points since the start. */
    async metrics(): Promise<MetricData[]> {
      metricExporter.reset();
      await metricReader.forceFlush();
      return metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    },
  };
}
