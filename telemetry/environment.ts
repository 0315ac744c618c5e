const { env } = process;

export type SignalKind = 'traces' | 'metrics' | 'logs';

/**
 * What sends a signal, by OpenTelemetry's environment variables. `otlp` is our own set-up: OTLP over HTTP in JSON to the
 * endpoint. `sdk` is another exporter or protocol: the SDK sets it up by itself, and nobody counts what it drops. `nothing`
 * where no endpoint is named.
 */
export type Exporter = { kind: 'otlp'; endpoint: string } | { kind: 'sdk' } | { kind: 'nothing' };

/** Reads what sends a signal. */
export function exporterOf(signal: SignalKind): Exporter {
  const upper = signal.toUpperCase();
  const name = env[`OTEL_${upper}_EXPORTER`] || 'otlp';
  const endpoint = env[`OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`] || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const protocol = env[`OTEL_EXPORTER_OTLP_${upper}_PROTOCOL`] || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/json';
  if (name === 'none' || (name === 'otlp' && !endpoint)) return { kind: 'nothing' };
  return name === 'otlp' && endpoint && protocol === 'http/json' ? { kind: 'otlp', endpoint } : { kind: 'sdk' };
}

/** A whole number above zero; the default where it is unset or no such number, as OpenTelemetry asks. */
export function positiveInteger(variable: string, defaultValue: number): number {
  const value = Number(env[variable] || Number.NaN);
  return Number.isSafeInteger(value) && value > 0 ? value : defaultValue;
}
