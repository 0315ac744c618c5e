import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { type TestContext, test } from 'node:test';
import { context, logs, SpanKind, trace } from '@opentelemetry/api';
import { AggregationType } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { systemClock } from '../../base/clock.ts';
import type { Signal } from '../../telemetry/signal-types.ts';
import { signals } from '../../telemetry/signals.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { isDistribution } from '../query/distribution.ts';
import { createTestIntake, exportBySdk, serveIntake, withEnvironment } from './testing.ts';

const RESOURCE = 'cloud.region=us-central1,service.instance.id=a';

/** An intake that listens, what arrives at it, and the environment that sends there. */
async function start(t: TestContext) {
  const intake = createTestIntake({ clock: systemClock });
  const headers: IncomingHttpHeaders[] = [];
  const url = await serveIntake(t, {
    handle: (req, res) => {
      headers.push(req.headers);
      return intake.handle(req, res);
    },
  });
  return { ...intake, headers, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_RESOURCE_ATTRIBUTES: RESOURCE } };
}

const exampleOf = ({ attributes }: Signal): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, { values }]) => [
      key,
      values === 'integer' ? 200 : values === 'text' ? 'some' : (values[0] ?? ''),
    ]),
  );

type Recorder = {
  add(value: number, attributes: object): void;
  record(value: number, attributes: object): void;
  observe(read: () => number): void;
};

for (const compression of ['none', 'gzip']) {
  test(`every metric that the platform emits arrives as it was recorded, compression ${compression}`, async t => {
    const { environment, writes, headers, dropped } = await start(t);
    await withEnvironment({ ...environment, OTEL_EXPORTER_OTLP_COMPRESSION: compression }, async () => {
      const telemetry = await startTelemetry({ service: 'records-api' });
      const instruments = telemetry.instruments as unknown as Readonly<Record<string, Partial<Recorder>>>;
      for (const [key, signal] of Object.entries<Signal>(signals)) {
        instruments[key]?.add?.(3, exampleOf(signal));
        instruments[key]?.record?.(0.3, exampleOf(signal));
        instruments[key]?.observe?.(() => 7);
      }
      await telemetry.shutdown();
    });
    assert.deepEqual(dropped(), {});
    assert.ok(headers.every(sent => sent['content-encoding'] === (compression === 'gzip' ? 'gzip' : undefined)));

    const suffixes = { counter: '/counter', histogram: '/histogram', gauge: '/gauge' } as const;
    const expected = Object.values<Signal>(signals).map(signal => ({
      type: `prometheus.googleapis.com/${signal.name}${suffixes[signal.kind]}`,
      unit: signal.unit,
      labels: {
        otel_scope_name: 'burnline',
        ...Object.fromEntries(Object.entries(exampleOf(signal)).map(([key, value]) => [key, String(value)])),
      },
      value: { counter: 3, histogram: 0.3, gauge: 7 }[signal.kind],
    }));
    const arrived = writes.map(({ series, unit, points: [point] }) => ({
      type: series.metric.type,
      unit,
      labels: series.metric.labels,
      // One value was recorded, so that it is the sum of its distribution.
      value: isDistribution(point?.value) ? point.value.sum : point?.value,
    }));
    const byType = (a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type);
    // The process's own gauges are observed by the platform too.
    const own = /process.memory|eventloop/;
    const rest = (list: typeof expected | typeof arrived) =>
      list.filter(({ type }) => !own.test(type)).toSorted(byType);
    assert.deepEqual(rest(arrived), rest(expected));
    assert.deepEqual(writes[0]?.series.resource, {
      type: 'prometheus_target',
      labels: {
        project_id: 'local',
        location: 'us-central1',
        cluster: '',
        namespace: '',
        job: 'records-api',
        instance: 'a',
      },
    });
  });

  test(`spans and log entries of the platform arrive as they were recorded, compression ${compression}`, async t => {
    const { environment, traces, logs: kept, dropped } = await start(t);
    let traceId = '';
    let recorded: ReadableSpan | undefined;
    await withEnvironment({ ...environment, OTEL_EXPORTER_OTLP_COMPRESSION: compression }, async () => {
      const telemetry = await startTelemetry({ service: 'records-api' });
      const span = telemetry.tracer.startSpan('GET /records', { kind: SpanKind.SERVER, attributes: { n: 7 } });
      const inSpan = trace.setSpan(context.active(), span);
      telemetry.tracer.startSpan('read', {}, inSpan).end();
      logs.getLogger('burnline').emit({ body: 'read', attributes: { id: 'r1' }, context: inSpan });
      span.end();
      traceId = span.spanContext().traceId;
      recorded = span as unknown as ReadableSpan;
      await telemetry.shutdown();
    });
    assert.deepEqual(dropped(), {});
    const [child, parent] = traces.ofTrace(traceId);
    assert.deepEqual([parent?.name, parent?.kind, parent?.attributes], ['GET /records', 'SERVER', { n: 7 }]);
    assert.deepEqual([child?.name, child?.parentSpanId, child?.service], ['read', parent?.spanId, 'records-api']);
    assert.ok(recorded && parent);
    for (const [arrivedMs, [seconds, nanoseconds]] of [
      [parent.startMs, recorded.startTime],
      [parent.endMs, recorded.endTime],
    ] as const) {
      assert.ok(Math.abs(arrivedMs - seconds * 1000 - nanoseconds / 1e6) < 0.001);
    }
    const [entry] = kept.ofTrace(traceId);
    assert.deepEqual([entry?.body, entry?.attributes, entry?.spanId], ['read', { id: 'r1' }, parent.spanId]);
  });
}

for (const protocol of ['http/json', 'http/protobuf']) {
  const environment = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_SERVICE_NAME: 'shop' };

  test(`what the SDK sends by ${protocol} arrives as it was recorded`, async t => {
    const { writes, traces, logs: kept, ...started } = await start(t);
    await exportBySdk({ ...started.environment, ...environment });
    assert.deepEqual(started.dropped(), {});
    assert.deepEqual(
      writes.map(({ series: { metric, metricKind, valueType }, points: [point] }) => [
        metric.type.replace('prometheus.googleapis.com/', ''),
        metricKind,
        valueType,
        isDistribution(point?.value) ? [point.value.count, point.value.sum] : point?.value,
        ...Object.values(metric.labels).slice(2),
      ]),
      [
        ['orders/counter', 'CUMULATIVE', 'DOUBLE', 3, 'north', 'true'],
        ['refunds/counter', 'CUMULATIVE', 'DOUBLE', 0, 'north'],
        ['carts.open/gauge', 'GAUGE', 'DOUBLE', -2, 'north'],
        ['queue.depth/gauge', 'GAUGE', 'DOUBLE', 7],
        ['order.duration/histogram', 'CUMULATIVE', 'DISTRIBUTION', [4, 4.62], '/orders'],
      ],
    );
    const [parent, child] = traces.newest({ limit: 2 });
    assert.deepEqual([parent?.name, child?.name, child?.kind], ['POST /orders', 'charge', 'CLIENT']);
    assert.deepEqual(child?.status, { code: 'ERROR', message: 'card refused' });
    assert.deepEqual(child?.events[0]?.attributes, { attempt: 2, codes: [502, 503] });
    assert.deepEqual(child?.links, [{ traceId: parent?.traceId, spanId: parent?.spanId, attributes: { why: 'test' } }]);
    const [info, error] = kept.newest({ limit: 2 });
    assert.deepEqual([info?.severity, info?.body], ['INFO', { cart: { items: [1, 2.5, 'a', null] } }]);
    assert.deepEqual([error?.severity, error?.body, error?.spanId], ['ERROR', 'card refused', parent?.spanId]);
  });

  test(`deltas and exponential histograms of the SDK arrive by ${protocol}`, async t => {
    const { writes, ...started } = await start(t);
    const preference = { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' };
    const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { recordMinMax: true } } as const;
    await exportBySdk({ ...started.environment, ...environment, ...preference }, [
      { instrumentName: 'order.duration', aggregation },
    ]);
    const values = Object.fromEntries(
      writes.map(({ series, points }) => [series.metric.type.split('.googleapis.com/')[1], points[0]?.value]),
    );
    const { 'order.duration/histogram:delta': value, ...numbers } = values;
    assert.deepEqual(numbers, {
      'orders/delta': 3,
      'refunds/delta': 0,
      'carts.open/gauge': -2,
      'queue.depth/gauge': 7,
    });
    assert.ok(isDistribution(value));
    assert.deepEqual([value.count, value.sum], [4, 4.62]);
    for (const seconds of [0.02, 0.3, 4]) {
      const bucket = value.bounds.findIndex(bound => seconds <= bound * (1 + 1e-9));
      assert.equal(value.counts[bucket], seconds === 0.3 ? 2 : 1);
    }
  });
}
