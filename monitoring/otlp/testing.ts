import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import {
  context,
  diag,
  logs as logsApi,
  metrics as metricsApi,
  propagation,
  SeverityNumber,
  SpanKind,
  SpanStatusCode,
  trace,
  ValueType,
} from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { type Clock, createManualClock } from '../../base/clock.ts';
import type { SeriesStore, SeriesWrite } from '../model.ts';
import { createOtlpIntake } from './intake.ts';
import { createKeeper } from './kept.ts';
import type { LogEntry, Span } from './ports.ts';
import type { Message } from './schema.ts';

/** A time to stand at, in milliseconds, and the same in OTLP's nanoseconds. */
export const nowMs = Date.UTC(2026, 0, 10, 12);
export const nowNano = nowMs * 1e6;

/** An intake whose store keeps what is written for the test to see, or does what the test wants. */
export function createTestIntake(options: { asGoogle?: boolean; write?: SeriesStore['write']; clock?: Clock } = {}) {
  const writes: SeriesWrite[] = [];
  const traces = createKeeper<Span>({ bytesMax: 10_000_000 });
  const logs = createKeeper<LogEntry>({ bytesMax: 10_000_000 });
  const keepAll: SeriesStore['write'] = written => {
    writes.push(...written);
    return { kept: written.length, refused: [] };
  };
  const { asGoogle = true, write = keepAll, clock = createManualClock(nowMs) } = options;
  return {
    ...createOtlpIntake({ store: { write }, traces, logs, project: 'local', clock, asGoogle }),
    writes,
    traces,
    logs,
  };
}

/** Serves an intake on loopback while a test runs; its other paths are 404. */
export async function serveIntake(t: TestContext, { handle }: Pick<ReturnType<typeof createOtlpIntake>, 'handle'>) {
  const server = createServer(async (req, res) => {
    if (!(await handle(req, res))) res.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  // Our servers leave "100 Continue" to whoever reads the body.
  server.on('checkContinue', (req, res) => server.emit('request', req, res));
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Hands a request to an intake without a network, and gives back the status of the answer. */
export async function send(
  { handle }: Pick<ReturnType<typeof createOtlpIntake>, 'handle'>,
  { path, headers, body }: { path: string; headers: IncomingHttpHeaders; body: Uint8Array },
): Promise<number> {
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method: 'POST', url: path, headers });
  req.push(body);
  req.push(null);
  const res = new ServerResponse(req);
  await handle(req, res);
  return res.writableEnded ? res.statusCode : 0;
}

/** Attributes as OTLP has them. */
export function attributes(values: Readonly<Record<string, string | number | boolean>>): Message<'KeyValue'>[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'number'
          ? { intValue: value }
          : { boolValue: value },
  }));
}

export const resource = {
  attributes: attributes({ 'service.name': 'checkout', 'service.instance.id': 'a', 'cloud.region': 'us-central1' }),
};

/** A request of some metrics of one service. */
export function metricsRequest(...metrics: Message<'Metric'>[]): Message<'MetricsRequest'> {
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
}

/** A counter of `points` series. */
export function counter(points: number, name = 'orders'): Message<'Metric'> {
  const dataPoints = Array.from({ length: points }, (_, index) => ({
    startTimeUnixNano: nowNano - 1e9,
    timeUnixNano: nowNano,
    asInt: index,
    attributes: attributes({ shop: `s${index}` }),
  }));
  return { name, sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } };
}

/** Has OpenTelemetry's own SDK record something of each signal and kind of instrument, and send it as its environment says. */
export async function exportBySdk(
  environment: Readonly<Record<string, string>>,
  views: ViewOptions[] = [],
): Promise<void> {
  await withEnvironment(
    {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_NODE_RESOURCE_DETECTORS: 'service',
      ...environment,
    },
    async () => {
      const sdk = startNodeSdk({ views });
      recordSomething();
      await sdk.shutdown();
      for (const api of [trace, metricsApi, logsApi, context, propagation, diag]) api.disable();
    },
  );
}

/** Sets variables while something runs. */
export async function withEnvironment(variables: Readonly<Record<string, string>>, run: () => Promise<void>) {
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

function recordSomething(): void {
  const meter = metricsApi.getMeter('shop', '1.2.0');
  meter.createCounter('orders', { unit: '{order}' }).add(3, { shop: 'north', paid: true });
  meter.createCounter('refunds', { valueType: ValueType.INT }).add(0, { shop: 'north' });
  meter.createUpDownCounter('carts.open').add(-2, { shop: 'north' });
  meter.createGauge('queue.depth', { valueType: ValueType.INT }).record(7);
  const duration = meter.createHistogram('order.duration', { unit: 's' });
  for (const seconds of [0.02, 0.3, 0.3, 4]) duration.record(seconds, { 'http.route': '/orders' });

  const tracer = trace.getTracer('shop');
  const parent = tracer.startSpan('POST /orders', {
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': 'POST' },
  });
  const links = [{ context: parent.spanContext(), attributes: { why: 'test' } }];
  const child = tracer.startSpan('charge', { kind: SpanKind.CLIENT, links }, trace.setSpan(context.active(), parent));
  child.addEvent('retry', { attempt: 2, codes: [502, 503] });
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'card refused' });
  child.end();
  const logger = logsApi.getLogger('shop');
  const inSpan = trace.setSpan(context.active(), parent);
  logger.emit({
    severityNumber: SeverityNumber.ERROR,
    body: 'card refused',
    attributes: { order: 7 },
    context: inSpan,
  });
  logger.emit({ severityNumber: SeverityNumber.INFO, body: { cart: { items: [1, 2.5, 'a', null] } } });
  parent.end();
}
