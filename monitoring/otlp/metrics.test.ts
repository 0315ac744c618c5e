import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../limits.ts';
import type { SeriesWrite } from '../model.ts';
import { decode, encode } from './decode.ts';
import { createMetricsMapper } from './metrics.ts';
import type { Message } from './schema.ts';
import { attributes, counter, metricsRequest, nowMs, nowNano, resource } from './testing.ts';

const map = (request: Message<'MetricsRequest'>) => createMetricsMapper({ project: 'local' })(request, nowMs);
const time = { startTimeUnixNano: nowNano - 60e9, timeUnixNano: nowNano };
const point = { ...time, asDouble: 1.5 };
const histogram = { ...time, count: 3, sum: 4, explicitBounds: [1, 2], bucketCounts: [1, 2, 0] };
const exponential = { ...time, count: 3, sum: 4, scale: 0, positive: { offset: 0, bucketCounts: [1, 2] } };

/** What a metric becomes: type after Google's domain, kind, value type and labels of each series. */
function shapes(...metrics: Message<'Metric'>[]) {
  const { writes, refusals } = map(metricsRequest(...metrics));
  assert.equal(refusals.message(), '');
  return writes.map(({ series }) => [
    series.metric.type.replace('prometheus.googleapis.com/', ''),
    series.metricKind,
    series.valueType,
    ...Object.values(series.metric.labels),
  ]);
}

function refusalOf(metric: Message<'Metric'>): string {
  const { writes, refusals } = map(metricsRequest(metric));
  assert.deepEqual(writes, []);
  assert.ok(refusals.count() > 0);
  return refusals.message();
}

test('each kind of metric gets the name, the kind and the value type that Google gives it', () => {
  const name = 'm';
  assert.deepEqual(
    shapes(
      { name, gauge: { dataPoints: [{ ...point, startTimeUnixNano: 0 }] } },
      { name, sum: { dataPoints: [point], aggregationTemporality: 2, isMonotonic: true } },
      { name, sum: { dataPoints: [point], aggregationTemporality: 1, isMonotonic: true } },
      { name, sum: { dataPoints: [point], aggregationTemporality: 2 } },
      { name, histogram: { dataPoints: [histogram], aggregationTemporality: 2 } },
      { name, histogram: { dataPoints: [histogram], aggregationTemporality: 1 } },
      { name, exponentialHistogram: { dataPoints: [exponential], aggregationTemporality: 2 } },
      { name, exponentialHistogram: { dataPoints: [exponential], aggregationTemporality: 1 } },
    ),
    [
      ['m/gauge', 'GAUGE', 'DOUBLE'],
      ['m/counter', 'CUMULATIVE', 'DOUBLE'],
      ['m/delta', 'DELTA', 'DOUBLE'],
      ['m/gauge', 'GAUGE', 'DOUBLE'],
      ['m/histogram', 'CUMULATIVE', 'DISTRIBUTION'],
      ['m/histogram:delta', 'DELTA', 'DISTRIBUTION'],
      ['m/histogram', 'CUMULATIVE', 'DISTRIBUTION'],
      ['m/histogram:delta', 'DELTA', 'DISTRIBUTION'],
    ],
  );
});

test('a summary becomes its sum, its count and a gauge for each quantile that is a number', () => {
  const quantileValues = [
    { quantile: 0.5, value: 2 },
    { quantile: 0.99, value: Number.NaN },
    { quantile: 1, value: 9 },
  ];
  const summary = {
    dataPoints: [{ ...time, count: 7, sum: 14.5, quantileValues, attributes: attributes({ a: 'b' }) }],
  };
  assert.deepEqual(shapes({ name: 'm', summary }), [
    ['m_sum/summary:counter', 'CUMULATIVE', 'DOUBLE', 'b'],
    ['m_count/summary', 'CUMULATIVE', 'DOUBLE', 'b'],
    ['m/summary', 'GAUGE', 'DOUBLE', 'b', '0.5'],
    ['m/summary', 'GAUGE', 'DOUBLE', 'b', '1'],
  ]);
  const { writes } = map(metricsRequest({ name: 'm', summary }));
  assert.deepEqual(
    writes.map(({ points }) => points[0]?.value),
    [14.5, 7, 2, 9],
  );
  assert.deepEqual(writes[3]?.series.metric.labels, { a: 'b', quantile: '1' });
});

test('a point keeps its value, its times and its unit, as JSON and on the wire', () => {
  const request = metricsRequest(
    {
      name: 'http.server.request.duration',
      unit: 's',
      histogram: { dataPoints: [histogram], aggregationTemporality: 2 },
    },
    {
      name: 'zero',
      gauge: {
        dataPoints: [
          { ...time, asInt: 0 },
          { ...time, asInt: -3, attributes: attributes({ n: 0 }) },
        ],
      },
    },
  );
  const expected: Pick<SeriesWrite, 'unit' | 'points'>[] = [
    {
      unit: 's',
      points: [
        { startMs: nowMs - 60_000, endMs: nowMs, value: { count: 3, sum: 4, bounds: [1, 2], counts: [1, 2, 0] } },
      ],
    },
    { points: [{ startMs: nowMs, endMs: nowMs, value: 0 }] },
    { points: [{ startMs: nowMs, endMs: nowMs, value: -3 }] },
  ];
  for (const decoded of [
    decode('MetricsRequest', 'json', Buffer.from(JSON.stringify(request))),
    decode('MetricsRequest', 'protobuf', Buffer.from(encode('MetricsRequest', request))),
  ]) {
    const { writes, refusals } = map(decoded);
    assert.equal(refusals.message(), '');
    assert.deepEqual(
      writes.map(({ series: _, ...rest }) => rest),
      expected,
    );
    assert.deepEqual(writes[2]?.series.metric.labels, { n: '0' });
  }
});

test('an interval that is empty, or ends a little before it starts, is told as a millisecond: Google has no empty ones', () => {
  for (const [startMs, endMs] of [
    [0.2, 0.9],
    [0, 0],
    [900, 0],
  ] as const) {
    const short = { startTimeUnixNano: nowNano + startMs * 1e6, timeUnixNano: nowNano + endMs * 1e6, asInt: 1 };
    const sum = { dataPoints: [short], aggregationTemporality: 1, isMonotonic: true };
    const { writes } = map(metricsRequest({ name: 'm', sum }));
    const start = nowMs + Math.floor(startMs);
    assert.deepEqual(writes[0]?.points, [{ startMs: start, endMs: start + 1, value: 1 }]);
  }
});

test('labels are texts, dots stay, and what would hide a label of the resource is renamed', () => {
  const labels = attributes({
    'http.route': '/a',
    code: 200,
    ok: true,
    because: 'x',
    location: 'here',
    job: 'mine',
    __proto: 'x',
  });
  const list = { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { doubleValue: 1.5 }] } } };
  const { writes } = map({
    resourceMetrics: [
      {
        resource,
        scopeMetrics: [
          {
            scope: { name: 'lib', version: '1.2' },
            metrics: [
              {
                name: 'm',
                gauge: { dataPoints: [{ ...point, attributes: [...labels, list, { key: 'none' }] }] },
              },
            ],
          },
        ],
      },
    ],
  });
  assert.deepEqual(Object.entries(writes[0]?.series.metric.labels ?? {}), [
    ['otel_scope_name', 'lib'],
    ['otel_scope_version', '1.2'],
    ['http.route', '/a'],
    ['code', '200'],
    ['ok', 'true'],
    ['because', 'x'],
    ['exported_location', 'here'],
    ['exported_job', 'mine'],
    ['__proto', 'x'],
    ['list', '["a",1.5]'],
    ['none', ''],
  ]);
});

test('a point that only says that its series has ended is neither kept nor refused', () => {
  const ended = { ...time, flags: 1 };
  const { writes, refusals } = map(metricsRequest({ name: 'm', gauge: { dataPoints: [ended, point] } }));
  assert.equal(writes.length, 1);
  assert.equal(refusals.count(), 0);
  assert.equal(map(metricsRequest({ name: 'bad name', gauge: { dataPoints: [ended] } })).refusals.count(), 0);
});

test('names that break the rules are refused with all their points, and the sentence shows name and rule', () => {
  for (const name of [
    '',
    '1st',
    'a b',
    'größe',
    'a'.repeat(201),
    'workload.googleapis.com/a',
    'custom.googleapis.com/a',
  ]) {
    assert.match(refusalOf({ ...counter(3), name }), /^Refused data points: 3 for bad_name \(the metric name /, name);
  }
  assert.deepEqual(shapes({ name: 'prometheus.googleapis.com/a:b/c-d_e.f', gauge: { dataPoints: [point] } }), [
    ['a:b/c-d_e.f/gauge', 'GAUGE', 'DOUBLE'],
  ]);
});

test('labels that break the rules are refused, and other points of the metric are kept', () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`l${index}`, 'x']));
  for (const [labels, shown] of [
    [{ 'a-b': 'x' }, /the label key "a-b" must match/],
    [{ '': 'x' }, /the label key "" must match/],
    [{ ['__proto__']: 'x' }, /the label key "__proto__" must match/],
    [{ a: 'x'.repeat(1025) }, /the label "a" must have at most 1024/],
    [many, /at most 100 labels, not 101/],
  ] as const) {
    const dataPoints = [{ ...point, attributes: attributes(labels) }, point];
    const { writes, refusals } = map(metricsRequest({ name: 'm', gauge: { dataPoints } }));
    assert.equal(writes.length, 1);
    assert.match(refusals.message(), /^Refused data points: 1 for bad_label \("m": /);
    assert.match(refusals.message(), shown);
  }
});

test('points with no time, none to begin at, too early or too late are refused, each for its reason', () => {
  const gauge = (timeUnixNano: number) => ({ name: 'm', gauge: { dataPoints: [{ timeUnixNano, asInt: 1 }] } });
  const sum = (startTimeUnixNano: number) => ({
    name: 'm',
    sum: {
      dataPoints: [{ startTimeUnixNano, timeUnixNano: nowNano, asInt: 1 }],
      aggregationTemporality: 2,
      isMonotonic: true,
    },
  });
  const minute = 60e9;
  assert.match(refusalOf(gauge(0)), /bad_time \("m": a data point must have a time/);
  assert.match(refusalOf(sum(0)), /bad_time \("m": what is counted must have a start time/);
  assert.match(refusalOf(sum(nowNano + minute)), /bad_time/);
  assert.match(
    refusalOf(gauge(nowNano + 6 * minute)),
    /in_future.*at most 5 minutes ahead, not 2026-01-10T12:06:00.000Z/,
  );
  assert.match(
    refusalOf(gauge(nowNano - 25 * 60 * minute - minute)),
    /too_old.*at most 25 hours back, not 2026-01-09T10:59/,
  );
  assert.match(refusalOf(gauge(1.8e19)), /in_future/);
  assert.equal(shapes(gauge(nowNano + 5 * minute), gauge(nowNano - 25 * 60 * minute), sum(nowNano)).length, 3);
});

test('values that are none, or no finite numbers, are refused', () => {
  const gauge = (value: object) => ({ name: 'm', gauge: { dataPoints: [{ ...time, ...value }] } });
  assert.match(refusalOf(gauge({})), /no_value/);
  assert.match(refusalOf(gauge({ asDouble: Number.NaN })), /not_finite.*not NaN/);
  assert.match(refusalOf(gauge({ asDouble: -Infinity })), /not_finite.*not -Infinity/);
  assert.match(refusalOf({ name: 'm', summary: { dataPoints: [{ ...time, sum: Number.NaN }] } }), /not_finite/);
  const nan = { ...histogram, sum: Number.NaN };
  assert.match(refusalOf({ name: 'm', histogram: { dataPoints: [nan], aggregationTemporality: 2 } }), /not_finite/);
});

test('temporalities that Google has no series for are refused', () => {
  assert.match(refusalOf({ name: 'm', sum: { dataPoints: [point], isMonotonic: true } }), /bad_temporality.*not 0/);
  assert.match(refusalOf({ name: 'm', sum: { dataPoints: [point], aggregationTemporality: 1 } }), /bad_temporality/);
  assert.match(refusalOf({ name: 'm', histogram: { dataPoints: [histogram] } }), /bad_temporality/);
});

test('a summary of more quantiles than Google takes is refused', () => {
  const quantileValues = Array.from({ length: limits.otlp_quantiles_max + 1 }, (_, index) => ({
    quantile: index / 20,
  }));
  assert.match(
    refusalOf({ name: 'm', summary: { dataPoints: [{ ...time, quantileValues }] } }),
    /too_many_quantiles.*11/,
  );
});

test('without a location or an instance every point of the resource is refused, with what to set', () => {
  const of = (values: Record<string, string>) =>
    map({
      resourceMetrics: [
        { resource: { attributes: attributes(values) }, scopeMetrics: [{ metrics: [counter(2), counter(3)] }] },
        { resource, scopeMetrics: [{ metrics: [counter(1)] }] },
      ],
    });
  const { writes, refusals } = of({ 'service.name': 'checkout', 'service.instance.id': 'a' });
  assert.equal(writes.length, 1);
  assert.equal(
    refusals.message(),
    'Refused data points: 5 for no_location (service "checkout" has none of the resource attributes location, ' +
      'cloud.availability_zone, cloud.region: set one, by OTEL_RESOURCE_ATTRIBUTES for example)',
  );
  assert.match(
    of({ 'service.name': 'checkout', 'cloud.region': 'x' }).refusals.message(),
    /no_instance.*service.instance.id/,
  );
});

test('requests without anything in them come to nothing', () => {
  for (const request of [{}, { resourceMetrics: [{}] }, { resourceMetrics: [{ scopeMetrics: [{ metrics: [{}] }] }] }]) {
    const { writes, refusals } = map(request);
    assert.deepEqual([writes.length, refusals.count()], [0, 0]);
  }
});
