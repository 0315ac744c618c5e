import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import { emitLogRecord } from './otel-logs.ts';

export type { Logger };

const severities: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * A logger that writes one line of JSON for each entry, with the field names that Cloud Logging and Error Reporting know and
 * the ids of the active span, and hands the same entries to OpenTelemetry logs. An error goes into the field `err`.
 *
 * @param options.level the least severe level that is written
 * @param options.destination where lines go; standard output by default, written before the call returns
 */
export function createLogger({
  service,
  level = 'info',
  destination,
}: {
  service: string;
  level?: string;
  destination?: DestinationStream;
}): Logger {
  const options: LoggerOptions = {
    level,
    messageKey: 'message',
    base: { serviceContext: { service } },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: label => ({ severity: severities[label] }), log: nameStack },
    serializers: { err: value => value },
    mixin: activeTrace,
    hooks: {
      logMethod(args, method, levelNumber) {
        method.apply(this, args);
        const { serviceContext: _, ...bindings } = this.bindings();
        emitLogRecord(levelNumber, severities[this.levels.labels[levelNumber] ?? ''] ?? 'DEFAULT', bindings, args);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Error Reporting finds a stack under this name only. */
function nameStack(fields: Record<string, unknown>): Record<string, unknown> {
  if (!(fields.err instanceof Error)) return fields;
  const { stack, ...err } = stdSerializers.err(fields.err);
  return { ...fields, err, stack_trace: stack };
}

function activeTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  const project = process.env.GOOGLE_CLOUD_PROJECT;
  return {
    'logging.googleapis.com/trace': project ? `projects/${project}/traces/${span.traceId}` : span.traceId,
    'logging.googleapis.com/spanId': span.spanId,
    'logging.googleapis.com/trace_sampled': (span.traceFlags & 1) === 1,
  };
}
