import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { asServices } from './as-services.ts';

const serviceOf = (name: string) => (name.startsWith('ingest.') ? 'records-ingest' : 'records-api');

/** What a process has counted, of two services. */
async function collect(t: { after(end: () => Promise<void>): void }) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const resource = resourceFromAttributes({ 'service.name': 'burnline', 'service.instance.id': 'i' });
  const provider = new MeterProvider({ readers: [reader], resource });
  t.after(() => provider.shutdown());
  const meter = provider.getMeter('test');
  meter.createCounter('records.reads').add(2);
  meter.createCounter('ingest.messages').add(3);
  meter.createCounter('ingest.replays').add(4);
  return (await reader.collect()).resourceMetrics;
}

/** Sends through `asServices` to an exporter that refuses a service; what arrived, and the result. */
async function send(metrics: ResourceMetrics, refused?: string) {
  const arrived: ResourceMetrics[] = [];
  const exporter: PushMetricExporter = {
    export(part, done) {
      const isRefused = part.resource.attributes['service.name'] === refused;
      if (!isRefused) arrived.push(part);
      done(isRefused ? { code: 1, error: new Error('refused') } : { code: 0 });
    },
    async forceFlush() {},
    async shutdown() {},
  };
  const { promise, resolve } = Promise.withResolvers<{ code: number }>();
  asServices(exporter, serviceOf).export(metrics, resolve);
  return { arrived, result: await promise };
}

test('each metric goes out under the name of its service, and all else of the resource stays', async t => {
  const { arrived, result } = await send(await collect(t));
  const said = arrived.map(({ resource, scopeMetrics }) => [
    resource.attributes['service.name'],
    resource.attributes['service.instance.id'],
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]),
    ),
  ]);
  assert.deepEqual(said, [
    ['records-api', 'i', [['records.reads', 2]]],
    [
      'records-ingest',
      'i',
      [
        ['ingest.messages', 3],
        ['ingest.replays', 4],
      ],
    ],
  ]);
  assert.equal(result.code, 0);
});

test('an export has failed where one of its parts has', async t => {
  for (const refused of ['records-api', 'records-ingest']) {
    const { arrived, result } = await send(await collect(t), refused);
    assert.deepEqual([arrived.length, result.code], [1, 1]);
  }
});
