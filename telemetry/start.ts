import { setTimeout as delay } from 'node:timers/promises';
import { context, DiagLogLevel, diag, logs, metrics, propagation, type Tracer, trace } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { createDiagnostics } from './diagnostics.ts';
import { createExporters } from './exporters.ts';
import { observeProcess } from './process-gauges.ts';
import { resourceOptions } from './resource.ts';
import { createInstruments, type Instruments } from './signals.ts';

/** What the parts of the platform record with. */
export type Telemetry = {
  tracer: Tracer;
  instruments: Instruments;
  /** Sends what is left, as far as it gets in the time it has, and unregisters, so that it can be started again. */
  shutdown(): Promise<void>;
};

const SCOPE = 'burnline';

/**
 * Starts OpenTelemetry for this process, by OpenTelemetry's environment variables. Nothing is sent where
 * `OTEL_EXPORTER_OTLP_ENDPOINT` (or that of the signal) is unset, but spans get their ids, so that logs, answers and messages
 * still tell which request they belong to. Processors and readers that are passed in take the place of those by environment.
 * An endpoint that does not answer holds a shutdown up for `shutdownMsMax` only. `beforeExport` is called before each request of
 * an exporter; where it throws, the request is not sent and has failed. With `serviceOf` a process that stands for several services
 * sends each metric under the name of its own.
 *
 * @example
 * const telemetry = await startTelemetry({ service: 'records-api' });
 * api.use(traceRequests(telemetry));
 */
export async function startTelemetry({
  service,
  shutdownMsMax = 5000,
  beforeExport,
  serviceOf,
  ...given
}: {
  service: string;
  shutdownMsMax?: number;
  beforeExport?: () => void;
  serviceOf?: (metricName: string) => string;
  spanProcessors?: SpanProcessor[];
  metricReaders?: IMetricReader[];
  logRecordProcessors?: LogRecordProcessor[];
}): Promise<Telemetry> {
  let instruments: Instruments | undefined;
  const exporters = await createExporters({
    ...{ beforeExport, serviceOf },
    onDropped: (items, attributes) => instruments?.telemetryDropped.add(items, attributes),
  });
  const sdk = startNodeSdk({
    // Below a warning the SDK writes to stdout, which is for data and our own logs.
    logLevel: process.env.OTEL_LOG_LEVEL || 'warn',
    ...resourceOptions(service),
    ...exporters,
    ...given,
  });
  // Who sets a level wants the SDK's own.
  if (!process.env.OTEL_LOG_LEVEL) {
    const diagnostics = createDiagnostics({ write: line => process.stderr.write(line), clock: systemClock });
    diag.setLogger(diagnostics, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  }
  instruments = createInstruments(metrics.getMeter(SCOPE));
  observeProcess(instruments);
  return {
    tracer: trace.getTracer(SCOPE),
    instruments,
    async shutdown() {
      const sent = new AbortController();
      const flush = sdk.shutdown().catch(error => diag.warn(`Not all telemetry was sent: ${messageOf(error)}`));
      await Promise.race([flush, delay(shutdownMsMax, undefined, { signal: sent.signal })]);
      sent.abort();
      for (const api of [trace, metrics, logs, context, propagation, diag]) api.disable();
    },
  };
}
