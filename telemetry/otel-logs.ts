import { format } from 'node:util';
import { context, logs, SeverityNumber } from '@opentelemetry/api';

const severityNumbers: Readonly<Record<number, SeverityNumber>> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};

/**
 * Hands what a pino logger was called with to OpenTelemetry logs; to nobody where none are collected.
 *
 * @param level pino's number
 * @param severityText the level as stdout names it
 * @param bindings the fields of the logger and its parents
 * @param args the arguments of `log.info` and its like: fields or an error and a message with its values
 */
export function emitLogRecord(
  level: number,
  severityText: string,
  bindings: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
): void {
  const logger = logs.getLogger('burnline');
  const severityNumber = severityNumbers[level] ?? SeverityNumber.UNSPECIFIED;
  if (!logger.enabled({ severityNumber })) return;
  const [first, ...rest] = args;
  const isFields = typeof first === 'object' && first !== null;
  const { err, ...fields }: { err?: unknown } = first instanceof Error ? { err: first } : isFields ? first : {};
  const message = isFields ? rest : args;
  logger.emit({
    severityNumber,
    severityText,
    body: message.length === 0 && err instanceof Error ? err.message : format(...message),
    attributes: { ...bindings, ...fields },
    ...(err !== undefined && { exception: err }),
    context: context.active(),
  });
}
