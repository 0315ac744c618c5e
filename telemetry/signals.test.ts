import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNoopMeter } from '@opentelemetry/api';
import { DataPointType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { boundaries } from './boundaries.ts';
import { createCollector } from './collect.ts';
import type { Signal } from './signal-types.ts';
import { createInstruments, signals } from './signals.ts';

const kinds: Readonly<Record<number, Signal['kind']>> = {
  [DataPointType.SUM]: 'counter',
  [DataPointType.HISTOGRAM]: 'histogram',
  [DataPointType.GAUGE]: 'gauge',
};
const listed: readonly Signal[] = Object.values(signals);

test('every listed metric can be recorded, and arrives with its listed name, unit, reason and attributes', async () => {
  const collected = createCollector();
  const meter = new MeterProvider({ readers: collected.sinks.metricReaders }).getMeter('test');
  const instruments = createInstruments(meter) as unknown as Readonly<Record<string, Partial<Recorder>>>;
  for (const [key, signal] of Object.entries<Signal>(signals)) {
    const { add, record, observe } = instruments[key] ?? {};
    add?.call(instruments[key], 1, exampleOf(signal));
    record?.call(instruments[key], 1, exampleOf(signal));
    observe?.call(instruments[key], async () => 1);
  }

  const emitted = (await collected.metrics()).map(({ descriptor, dataPointType, dataPoints }) => ({
    name: descriptor.name,
    unit: descriptor.unit,
    why: descriptor.description,
    kind: kinds[dataPointType],
    attributes: dataPoints[0]?.attributes,
  }));
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  assert.deepEqual(
    emitted.toSorted(byName),
    listed.map(signal => ({ ...signal, attributes: exampleOf(signal) })).toSorted(byName),
  );
});

test('a histogram counts by the boundaries of its metric', async () => {
  const collected = createCollector();
  const meter = new MeterProvider({ readers: collected.sinks.metricReaders }).getMeter('test');
  createInstruments(meter).publishToCommit.record(60, {});
  const [histogram] = await collected.metrics();
  const value = histogram?.dataPoints[0]?.value as { buckets: { boundaries: number[]; counts: number[] } };
  assert.deepEqual(value.buckets.boundaries, boundaries['ingest.publish_to_commit.duration']);
  assert.equal(value.buckets.counts[value.buckets.boundaries.indexOf(60)], 1);
});

test('what is recorded while series differ arrives once, under its own attributes, at each collection', async () => {
  const collected = createCollector();
  const meter = new MeterProvider({ readers: collected.sinks.metricReaders }).getMeter('test');
  const { reads, telemetryDropped, httpServerDuration } = createInstruments(meter);
  const request = { 'http.request.method': 'GET', 'url.scheme': 'http' } as const;
  const pointsOf = async () =>
    (await collected.metrics()).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ value, attributes }) => [
        descriptor.name,
        Object.values(attributes).join(),
        typeof value === 'object' && 'count' in value ? value.count : value,
      ]),
    );

  reads.add(2, { fresh: 'true' });
  reads.add(1, { fresh: 'false' });
  telemetryDropped.add(3, { signal: 'logs', reason: 'queue_full' });
  telemetryDropped.add(4, { signal: 'logs', reason: 'export_failed' });
  // More than wait for a collection.
  for (let count = 0; count < 1300; count += 1) httpServerDuration.record(0.1, request);
  httpServerDuration.record(0.1, { ...request, 'http.route': '/records' });
  const expected = [
    ['http.server.request.duration', 'GET,http,/records', 1],
    ['http.server.request.duration', 'GET,http', 1300],
    ['records.reads', 'false', 1],
    ['records.reads', 'true', 2],
    ['telemetry.dropped', 'logs,export_failed', 4],
    ['telemetry.dropped', 'logs,queue_full', 3],
  ];
  assert.deepEqual((await pointsOf()).toSorted(), expected);
  assert.deepEqual((await pointsOf()).toSorted(), expected);
});

test('boundaries rise, and hold the thresholds of the latency and freshness objectives', () => {
  for (const bounds of Object.values<readonly number[]>(boundaries)) {
    assert.deepEqual(
      bounds,
      [...new Set(bounds)].toSorted((a, b) => a - b),
    );
  }
  assert.ok((boundaries['http.server.request.duration'] as readonly number[]).includes(0.2));
  assert.ok((boundaries['ingest.publish_to_commit.duration'] as readonly number[]).includes(60));
});

test('names are unique and of the characters that Google accepts, and no attribute collides with its resource labels', () => {
  const names = listed.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, attributes } of listed) {
    assert.match(name, /^[a-z][a-z0-9_.]*$/);
    for (const key of Object.keys(attributes)) {
      assert.match(key, /^[a-z_][a-z0-9_.]*$/);
      assert.ok(!['location', 'cluster', 'namespace', 'job', 'instance', 'project_id'].includes(key), key);
    }
  }
});

test('a gauge that has nothing to say sends no point', async () => {
  const collected = createCollector();
  const meter = new MeterProvider({ readers: collected.sinks.metricReaders }).getMeter('test');
  createInstruments(meter).oldestUnacked.observe(() => undefined);
  assert.deepEqual(await collected.metrics(), []);
});

test('the compiler refuses attributes, values and recordings that the registry does not name', () => {
  const { reads, telemetryDropped, httpServerDuration, publishToCommit } = createInstruments(createNoopMeter());
  // @ts-expect-error a value that is not listed
  reads.add(1, { fresh: 'yes' });
  // @ts-expect-error an attribute that is not listed
  reads.add(1, { fresh: 'true', tenant: 'a' });
  // @ts-expect-error a required attribute is missing
  telemetryDropped.add(1, { signal: 'logs' });
  // @ts-expect-error all required attributes are missing
  reads.add(1);
  const attributes = { 'http.request.method': 'GET', 'url.scheme': 'http' } as const;
  // @ts-expect-error a status code is a number
  httpServerDuration.record(1, { ...attributes, 'http.response.status_code': '200' });
  // @ts-expect-error a metric without attributes takes none
  publishToCommit.record(1, { tenant: 'a' });
  // @ts-expect-error a counter records nothing
  assert.equal(reads.record, undefined);
});

type Recorder = {
  add(value: number, attributes: object): void;
  record(value: number, attributes: object): void;
  observe(read: () => Promise<number>): void;
};

function exampleOf({ attributes }: Signal): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, { values }]) => {
      if (values === 'integer') return [key, 200];
      return [key, values === 'text' ? 'example' : (values[0] ?? '')];
    }),
  );
}
