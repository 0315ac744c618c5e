import type { LogEntry } from './ports.ts';
import type { Message } from './schema.ts';
import { toAttributes, toId, toJson, toLabel, toMs } from './values.ts';

/** Cloud Logging's severities, each with OpenTelemetry's first number of it. */
const SEVERITIES = [
  [24, 'EMERGENCY'],
  [23, 'ALERT'],
  [21, 'CRITICAL'],
  [17, 'ERROR'],
  [13, 'WARNING'],
  [11, 'NOTICE'],
  [9, 'INFO'],
  [1, 'DEBUG'],
] as const;

/** The log entries of a request. None is refused: one without a time has that of its arrival, an id that is none is left out. */
export function mapLogs({ resourceLogs = [] }: Message<'LogsRequest'>, { nowMs }: { nowMs: number }): LogEntry[] {
  return resourceLogs.flatMap(({ resource, scopeLogs = [] }) => {
    const attributes = toAttributes(resource?.attributes);
    const service = toLabel(attributes['service.name'] ?? '');
    return scopeLogs.flatMap(({ scope, logRecords = [] }) => {
      const source = { service, resource: attributes, scope: scope?.name ?? '' };
      return logRecords.map(record => ({ ...source, ...mapRecord(record, nowMs) }));
    });
  });
}

function mapRecord(record: Message<'LogRecord'>, nowMs: number): Omit<LogEntry, 'service' | 'resource' | 'scope'> {
  const { severityNumber = 0 } = record;
  const traceId = toId(record.traceId, 16);
  const spanId = toId(record.spanId, 8);
  return {
    atMs: toMs(record.timeUnixNano) || toMs(record.observedTimeUnixNano) || nowMs,
    severity: SEVERITIES.find(([first]) => severityNumber >= first)?.[1] ?? 'DEFAULT',
    body: toJson(record.body),
    attributes: toAttributes(record.attributes),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
  };
}
