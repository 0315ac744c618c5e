import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cloudRunBasic,
  cloudRunRequestCount,
  counter,
  distribution,
  gauge,
  histogram,
  httpServerDuration,
  named,
  pubsubHealth,
  ratio,
  type Selection,
  type Sli,
  uptimeCheck,
  uptimePassed,
  where,
  windows,
} from '../index.ts';
import { type Dialect, seriesSelector } from './series.ts';
import { badEventsOver, errorRatioOf } from './sli.ts';

const target = { project: 'p', nameSuffix: '-eu' };
const select = (selection: Selection, dialect: Dialect) => seriesSelector(selection, { dialect, target });
const errors = (sli: Sli, dialect: Dialect, seconds = 3600) => errorRatioOf(sli, { dialect, target })?.(seconds);
const bad = (sli: Sli, seconds = 3600) => badEventsOver(sli, seconds, { dialect: 'google', target });

const reads = ratio('reads', { good: { fresh: 'true' } });
const latencies = distribution({ of: histogram('d'), max: 0.2 });

test('Cloud Monitoring keeps the dots of OpenTelemetry’s names, and is asked for one project', () => {
  assert.equal(
    select(httpServerDuration({ route: '/records/:id' }).distribution, 'google'),
    '{"http.server.request.duration", project_id="p", "http.route"="/records/:id"}',
  );
});

test('Prometheus has underscores, the unit and, of counters, a total at the end', () => {
  const names = [
    httpServerDuration({ route: '/a' }).distribution,
    counter('jobs.done'),
    counter('jobs_total'),
    counter({ name: 'sent', kind: 'counter', unit: 'By' }),
    gauge({ name: 'age_seconds', kind: 'gauge', unit: 's' }),
  ].map(selection => select(selection, 'prometheus'));
  assert.deepEqual(names, [
    'http_server_request_duration_seconds{http_route="/a"}',
    ...['jobs_done_total', 'jobs_total', 'sent_bytes_total', 'age_seconds'],
  ]);
});

test('a metric of Google’s has a colon in Cloud Monitoring, and the exporter’s name in Prometheus', () => {
  const requests = cloudRunRequestCount();
  assert.equal(
    select(requests, 'google'),
    'run_googleapis_com:request_count{monitored_resource="cloud_run_revision", project_id="p"}',
  );
  assert.equal(select(requests, 'prometheus'), 'stackdriver_cloud_run_revision_run_googleapis_com_request_count');
});

test('a label is matched by a value, by several, by none of some, and by a name with the environment’s suffix', () => {
  const labels = { a: 'x"y', b: ['1.5', '2'], c: { not: 'z' }, d: { not: ['u', 'v'] }, e: named('n') };
  assert.equal(
    select(where(counter('c'), labels), 'prometheus'),
    String.raw`c_total{a="x\"y", b=~"1\\.5|2", c!="z", d!~"u|v", e="n-eu"}`,
  );
});

test('an uptime check is found by the ids that Google may make of its title, where Terraform does not fill in its id', () => {
  const passed = uptimePassed(uptimeCheck({ id: 'outside', host: 'h' }));
  assert.deepEqual(
    (['prometheus', 'google'] as const).map(dialect => /check_id.*(?=\})/.exec(select(passed, dialect))?.[0]),
    ['check_id=~"outside-eu-([0-9A-Za-z_-]{11}|[0-9]+)"', 'check_id="outside-eu"'],
  );
});

test('of bad and total the ratio is their quotient, of good and total what is left, and of good and bad over their sum', () => {
  const [good, failed, total] = [counter('good'), counter('bad'), counter('all')];
  const increase = (name: string) => `sum(increase(${name}{project_id="p"}[1h]))`;
  const goodOrNone = `(${increase('good')} or vector(0))`;
  assert.deepEqual(
    [ratio({ bad: failed, total }), ratio({ good, total }), ratio({ good, bad: failed })].map(sli =>
      errors(sli, 'google'),
    ),
    [
      `${increase('bad')} / ${increase('all')}`,
      `1 - ${goodOrNone} / ${increase('all')}`,
      `${increase('bad')} / (${goodOrNone} + ${increase('bad')})`,
    ],
  );
});

test('in Prometheus a window without events is no moment of a ratio, and one without bad events a good one', () => {
  const [good, failed, total] = [counter('good'), counter('bad'), counter('all')];
  const increase = (name: string) => `sum(increase(${name}_total[1h]))`;
  const orNone = (name: string) => `(${increase(name)} or vector(0))`;
  assert.deepEqual(
    [ratio({ bad: failed, total }), ratio({ good, total }), ratio({ good, bad: failed })].map(sli =>
      errors(sli, 'prometheus'),
    ),
    [
      `${orNone('bad')} / (${increase('all')} > 0)`,
      `1 - ${orNone('good')} / (${increase('all')} > 0)`,
      `${orNone('bad')} / ((${orNone('good')} + ${orNone('bad')}) > 0)`,
    ],
  );
});

test('of a distribution good is what the bucket of its threshold holds, and between two bounds their difference', () => {
  assert.equal(
    errors(latencies, 'google', 300),
    '1 - sum(increase(d_bucket{project_id="p", le="0.2"}[5m])) / sum(increase(d_count{project_id="p"}[5m]))',
  );
  assert.equal(
    errors(distribution({ of: histogram('d'), min: 0.1, max: 0.2 }), 'prometheus', 300),
    '1 - (sum(increase(d_seconds_bucket{le="0.2"}[5m])) - sum(increase(d_seconds_bucket{le="0.1"}[5m]))) / (sum(increase(d_seconds_count[5m])) > 0)',
  );
});

test('a bound is matched in each way that Prometheus writes it, by OTLP and from a scrape', () => {
  const boundOf = (max: number, dialect: Dialect) =>
    /le=.*?(?=\})/.exec(errors(distribution({ of: histogram('d'), max }), dialect) ?? '')?.[0];
  assert.deepEqual(
    [2, 123_456, 1e6, 1_048_576, 1_234_567.5, 0.0001, 0.000_05].map(max => boundOf(max, 'prometheus')),
    [
      String.raw`le=~"2(\\.0)?"`,
      String.raw`le=~"123456(\\.0)?"`,
      String.raw`le=~"1000000(\\.0)?|1e\\+06"`,
      String.raw`le=~"1048576(\\.0)?|1\\.048576e\\+06"`,
      String.raw`le=~"1234567\\.5|1\\.2345675e\\+06"`,
      'le="0.0001"',
      String.raw`le=~"0\\.00005|5e-05"`,
    ],
  );
  assert.equal(boundOf(1_048_576, 'google'), 'le="1048576"');
});

test('windows are looked at one by one, and the share of bad ones is their mean', () => {
  const of = (good: Parameters<typeof windows>[0]['good'], dialect: Dialect) =>
    errors(windows({ every: '1m', good }), dialect, 259_200);
  const [age, wait] = [gauge('age'), gauge('wait')];
  assert.deepEqual(
    [
      of({ mean: age, max: 60 }, 'google'),
      of({ sum: wait, min: 1 }, 'prometheus'),
      of({ mean: age, min: 1, max: 60 }, 'prometheus'),
      of({ anyTrue: pubsubHealth('s', 'utilization') }, 'prometheus'),
      of({ ratioAtLeast: 0.999, of: reads }, 'google'),
    ],
    [
      'avg_over_time((avg(avg_over_time(age{project_id="p"}[1m])) > bool 60)[3d:1m])',
      'avg_over_time((sum(sum_over_time(wait[1m])) < bool 1)[3d:1m])',
      'avg_over_time((clamp_max((avg(avg_over_time(age[1m])) > bool 60) + (avg(avg_over_time(age[1m])) < bool 1), 1))[3d:1m])',
      'avg_over_time((max(max_over_time(stackdriver_pubsub_subscription_pubsub_googleapis_com_subscription_delivery_latency_health_score{subscription_id="s-eu", criteria="utilization"}[1m])) < bool 1)[3d:1m])',
      'avg_over_time((1 - (sum(increase(reads{project_id="p", fresh="true"}[1m])) or vector(0)) / sum(increase(reads{project_id="p"}[1m])) > bool 0.001)[3d:1m])',
    ],
  );
});

test('Prometheus judges a window by two samples of its events, where it holds but one', () => {
  const of = (every: '1m' | '5m') =>
    errors(windows({ every, good: { ratioAtLeast: 0.95, of: latencies } }), 'prometheus', 3600);
  assert.match(of('1m') ?? '', /d_seconds_bucket\{[^}]*\}\[2m\].*d_seconds_count\[2m\].*\[1h:1m\]/);
  assert.match(of('5m') ?? '', /d_seconds_bucket\{[^}]*\}\[5m\].*d_seconds_count\[5m\].*\[1h:5m\]/);
});

test('bad events are counted where a metric has them, else what is left of all, and of windows the bad windows', () => {
  const all = 'sum(increase(reads{project_id="p"}[1h]))';
  assert.deepEqual(
    [ratio('reads', { bad: { fresh: 'false' } }), reads, latencies].map(sli => bad(sli)),
    [
      'sum(increase(reads{project_id="p", fresh="false"}[1h]))',
      `(${all} - (sum(increase(reads{project_id="p", fresh="true"}[1h])) or vector(0)))`,
      '(sum(increase(d_count{project_id="p"}[1h])) - sum(increase(d_bucket{project_id="p", le="0.2"}[1h])))',
    ],
  );
  const age = windows({ every: '5m', good: { mean: gauge('age'), max: 60 } });
  assert.equal(bad(age), `${errors(age, 'google')} * 12`);
});

test('what only Cloud Monitoring measures has no PromQL', () => {
  const sli = cloudRunBasic();
  assert.deepEqual([errors(sli, 'google'), errors(sli, 'prometheus'), bad(sli)], [undefined, undefined, undefined]);
  const ofBasic = windows({ every: '1m', good: { ratioAtLeast: 0.9, of: sli } });
  assert.deepEqual([errors(ofBasic, 'google'), bad(ofBasic)], [undefined, undefined]);
});
