import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bigQueryRequests,
  bigQueryWrites,
  cloudRunBasic,
  cloudRunLatencies,
  cloudRunRequests,
  counter,
  gauge,
  googleApiLatencies,
  histogram,
  httpServerDuration,
  type Latencies,
  latency,
  loadBalancerLatencies,
  loadBalancerRequests,
  metric,
  pubsubAckLatencies,
  pubsubDeadLettered,
  pubsubHealth,
  pubsubOldestUnackedAge,
  pubsubPushes,
  pubsubPushLatencies,
  pubsubUndelivered,
  ratio,
  slowerThan,
  uptimeCheck,
  uptimePassed,
} from '../index.ts';
import type { Selection } from '../metric.ts';
import { selectionsOf } from '../sli.ts';

const about = { goal: 0.99, period: '28d', why: 'Because.' } as const;
const api = { service: 'a.googleapis.com' };

test('a threshold in time is turned into the unit of its metric', () => {
  const thresholdOf = (sli: Latencies) => {
    const cut = latency({ ...about, under: '200ms', sli }).sli;
    return cut.form === 'cut' && cut.range;
  };
  for (const [sli, max] of [
    [cloudRunLatencies(), 200],
    [loadBalancerLatencies({ urlMap: 'u' }), 200],
    [pubsubAckLatencies('s'), 200],
    [pubsubPushLatencies('s'), 200_000],
    [googleApiLatencies(api), 0.2],
    [httpServerDuration(), 0.2],
    [histogram('took'), 0.2],
  ] as const) {
    assert.deepEqual(thresholdOf(sli), { max }, sli.distribution.metric.type);
  }
});

test('a threshold in time on a metric that is no time is refused with both named', () => {
  const sli = histogram({ name: 'size', kind: 'histogram', unit: 'By' });
  const refusal = {
    name: 'TypeError',
    message:
      'a threshold in time needs a metric in s, ms, us or ns, and prometheus.googleapis.com/size/histogram is in By',
  };
  assert.throws(() => latency({ ...about, under: '1s', sli }), refusal);
  const cause = { id: 'slow', title: 'Slow', why: 'Because.', of: sli, for: '5m' } as const;
  assert.throws(() => slowerThan('200ms', cause), refusal);
});

test('what Cloud Monitoring knows of a latency by itself has the threshold of the objective', () => {
  for (const sli of [cloudRunBasic(), cloudRunBasic({ under: '1s' })]) {
    assert.deepEqual(latency({ ...about, under: '200ms', sli }).sli, {
      form: 'basic',
      basic: { kind: 'latency', thresholdSeconds: 0.2 },
    });
  }
});

test('every ratio of Google is made of one counter, and its good or bad part of some of its labels', () => {
  for (const [sli, part] of [
    [cloudRunRequests({ response_code: { not: '404' } }), { response_code_class: '5xx' }],
    [loadBalancerRequests({ urlMap: 'u' }), { response_code_class: '500' }],
    [bigQueryRequests(), { response_code_class: '5xx' }],
    [bigQueryWrites(), { response_code_class: '5xx' }],
    [pubsubPushes('s'), { response_class: 'ack' }],
  ] as const) {
    const [some, total] = selectionsOf(sli);
    assert.ok(some && total);
    assert.deepEqual(some, { ...total, labels: { ...total.labels, ...part } });
    assert.deepEqual([total.metric.kind, total.metric.value], ['DELTA', 'INT64']);
  }
});

test('series of Pub/Sub, load balancers and checks name their infrastructure, so that a suffix is added', () => {
  const check = uptimeCheck({ id: 'outside', host: 'h' });
  const named = (selection: Selection | undefined) => ({ ...selection?.resourceLabels, ...selection?.labels });
  assert.deepEqual(named(pubsubUndelivered('s')), { subscription_id: { name: 's' } });
  assert.deepEqual(named(uptimePassed(check)), { check_id: { name: 'outside', isUptimeTitle: true } });
  const [, total] = selectionsOf(loadBalancerRequests({ urlMap: 'u', backend: 'b' }));
  assert.deepEqual(named(total), { url_map_name: { name: 'u' }, backend_target_name: { name: 'b' } });
});

test('calls of a Google API are those of the service, and of one method where it is said', () => {
  const [, all] = selectionsOf(bigQueryRequests());
  const [, appends] = selectionsOf(bigQueryWrites());
  assert.deepEqual(all?.resourceLabels, { service: 'bigquery.googleapis.com' });
  assert.deepEqual(appends?.resourceLabels, {
    service: 'bigquerystorage.googleapis.com',
    method: 'google.cloud.bigquery.storage.v1.BigQueryWrite.AppendRows',
  });
});

test('Pub/Sub tells its metrics as Google lists them', () => {
  const shape = ({ metric: { type, kind, value, unit, visibleAfterSeconds } }: Selection) => [
    ...[type.replace('pubsub.googleapis.com/subscription/', ''), kind, value, unit, visibleAfterSeconds],
  ];
  assert.deepEqual([pubsubOldestUnackedAge('s'), pubsubUndelivered('s'), pubsubDeadLettered('s')].map(shape), [
    ['oldest_unacked_message_age', 'GAUGE', 'INT64', 's', 120],
    ['num_undelivered_messages', 'GAUGE', 'INT64', '1', 120],
    ['dead_letter_message_count', 'DELTA', 'INT64', '1', 240],
  ]);
  assert.deepEqual(shape(pubsubHealth('s', 'ack_latency')), [
    ...['delivery_latency_health_score', 'GAUGE', 'BOOL', '1', 360],
  ]);
});

test('OpenTelemetry metrics are named as Google stores them, and keep their own name', () => {
  const shape = ({ metric: { type, kind, value, unit, otelName } }: Selection) => [type, kind, value, unit, otelName];
  assert.deepEqual([counter('a.b'), gauge('a.b'), histogram('a.b').distribution].map(shape), [
    ['prometheus.googleapis.com/a.b/counter', 'CUMULATIVE', 'DOUBLE', '1', 'a.b'],
    ['prometheus.googleapis.com/a.b/gauge', 'GAUGE', 'DOUBLE', '1', 'a.b'],
    ['prometheus.googleapis.com/a.b/histogram', 'CUMULATIVE', 'DISTRIBUTION', 's', 'a.b'],
  ]);
});

test('a ratio of one counter takes both sides from the same of its series', () => {
  const labelsOf = (sli: ReturnType<typeof ratio>) => [sli.good, sli.bad, sli.total].map(part => part?.labels);
  assert.deepEqual(labelsOf(ratio('reads', { good: { fresh: 'true' }, of: { route: '/a' } })), [
    { route: '/a', fresh: 'true' },
    undefined,
    { route: '/a' },
  ]);
  assert.deepEqual(labelsOf(ratio('reads', { bad: { fresh: 'false' } })), [undefined, { fresh: 'false' }, {}]);
});

test('the request histogram of the conventions is asked for by route, method and status', () => {
  assert.deepEqual(
    httpServerDuration({ route: '/a/:id', method: 'GET', status: { not: ['404'] } }).distribution.labels,
    { 'http.route': '/a/:id', 'http.request.method': 'GET', 'http.response.status_code': { not: ['404'] } },
  );
  assert.deepEqual(httpServerDuration().distribution.labels, {});
});

test('a metric of its own is taken as its descriptor has it, sampled each minute where nothing is said', () => {
  const of = { type: 't', resource: 'r', kind: 'DELTA', value: 'DISTRIBUTION', unit: 'ms' } as const;
  assert.deepEqual(metric(of), {
    metric: { ...of, sampleSeconds: 60, visibleAfterSeconds: 60 },
    ...{ labels: {}, resourceLabels: {} },
  });
  const { metric: known, labels } = metric({ ...of, bounds: [1, 2], sampleSeconds: 10, labels: { a: 'b' } });
  assert.deepEqual([known.bounds, known.sampleSeconds, labels], [[1, 2], 10, { a: 'b' }]);
});

test('a check asks each minute for the root over a public address where nothing else is said', () => {
  assert.deepEqual(uptimeCheck({ id: 'i', host: 'h' }), {
    ...{ id: 'i', host: 'h', path: '/', authenticated: false, periodSeconds: 60, timeoutSeconds: 10 },
  });
  const check = uptimeCheck({ id: 'i', host: 'h', every: '5m', timeout: '30s', contains: 'ok', authenticated: true });
  assert.deepEqual([check.periodSeconds, check.timeoutSeconds, check.contains], [300, 30, 'ok']);
  assert.equal(uptimePassed(check).metric.sampleSeconds, 300);
});
