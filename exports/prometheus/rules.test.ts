import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compileServices } from '../../slo/compile.ts';
import {
  above,
  absent,
  availability,
  burnRateAlerts,
  cloudRunBasic,
  counter,
  dropTo,
  gauge,
  histogram,
  latency,
  moreThan,
  noAlerts,
  type ObjectiveSpec,
  openTelemetry,
  pubsubAckLatencies,
  pubsubPushes,
  ratio,
  service,
  slowerThan,
  windows,
} from '../../slo/index.ts';
import { GENERATED } from '../file.ts';
import { toPrometheusRules } from './rules.ts';

type Rule = Record<'record' | 'alert' | 'expr' | 'for', string> &
  Record<'labels' | 'annotations', Record<string, string>>;

const reads = ratio('reads', { bad: { fresh: 'false' } });
const promise = { goal: 0.999, period: '28d', sli: reads, why: 'Old is wrong.' } as const;

function fileOf(slos: readonly ObjectiveSpec[], options: object = {}) {
  const runsOn = openTelemetry({ job: 'api' });
  const spec = service('records-api', { title: 'Records API', owner: 'data', runsOn, slos, ...options });
  const [file] = toPrometheusRules(compileServices([spec], { project: 'p', nameSuffix: '' }).catalogue);
  assert.ok(file);
  const groups: { name: string; rules: Rule[] }[] = parse(file.text).groups;
  const rules = groups.flatMap(group => group.rules);
  return { ...file, groups, rules, records: new Map(rules.map(rule => [rule.record, rule])) };
}

/** Those on the budget. */
const alertsOf = (slo: ObjectiveSpec) =>
  fileOf([slo]).rules.filter(({ alert, labels }) => alert && !('cause' in labels));

test('a service is a file, and an SLO in it two groups: its error ratios with the alerts on them, and what is known of it', () => {
  const { path, text, groups } = fileOf([availability(promise)]);
  assert.deepEqual([path, text.split('\n')[0]], ['records-api.yaml', `# ${GENERATED}`]);
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['slo-records-api-availability', 'slo-meta-records-api-availability', 'causes-records-api'],
  );
  assert.deepEqual(
    groups[2]?.rules.map(({ expr }) => expr),
    ['absent_over_time(reads_total{job="api"}[30m])'],
  );
  const kinds = groups[0]?.rules.map(({ alert }) => (alert ? 'alert' : 'record'));
  assert.deepEqual(kinds, [...Array(8).fill('record'), ...Array(4).fill('alert')]);
});

test('the error ratio is recorded over each window of the tiers from the raw series, and over the period from the shortest', () => {
  const { groups } = fileOf([availability(promise)]);
  const ratios = groups[0]?.rules.filter(({ record }) => record) ?? [];
  assert.deepEqual(
    ratios.map(({ record }) => record),
    ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '28d'].map(window => `slo:sli_error:ratio_rate${window}`),
  );
  assert.equal(
    ratios[0]?.expr,
    '(sum(increase(reads_total{job="api", fresh="false"}[5m])) or vector(0)) / (sum(increase(reads_total{job="api"}[5m])) > 0)',
  );
  assert.equal(
    ratios.at(-1)?.expr,
    'avg_over_time(slo:sli_error:ratio_rate5m{sloth_service="records-api", sloth_slo="availability"}[28d])',
  );
});

test('what Sloth’s dashboards ask for is recorded under Sloth’s names and labels', () => {
  const { records, rules } = fileOf([availability(promise)]);
  const own = { sloth_id: 'records-api-availability', sloth_service: 'records-api', sloth_slo: 'availability' };
  assert.deepEqual(records.get('slo:sli_error:ratio_rate1h')?.labels, { ...own, sloth_window: '1h' });
  const of = (name: string) => `${name}{sloth_service="records-api", sloth_slo="availability"}`;
  const expected = {
    'slo:objective:ratio': 'vector(0.999)',
    'slo:error_budget:ratio': 'vector(0.001)',
    'slo:time_period:days': 'vector(28)',
    'slo:current_burn_rate:ratio': `${of('slo:sli_error:ratio_rate5m')} / 0.001`,
    'slo:period_burn_rate:ratio': `${of('slo:sli_error:ratio_rate28d')} / 0.001`,
    'slo:period_error_budget_remaining:ratio': `1 - ${of('slo:period_burn_rate:ratio')}`,
  };
  for (const [name, expr] of Object.entries(expected)) {
    assert.deepEqual(records.get(name), { record: name, expr, labels: own });
  }
  const info = { ...own, owner: 'data', sloth_objective: '99.9', sloth_mode: 'burnline' };
  assert.deepEqual(rules.find(({ record }) => record === 'sloth_slo_info')?.labels, info);
});

test('an alert asks for both windows of its tier, and tells what is lost, how fast, why it matters and whose it is', () => {
  const alerts = alertsOf(availability({ ...promise, runbook: 'runbooks/api.md' }));
  assert.deepEqual(
    alerts.map(({ labels }) => [labels.severity, labels.tier]),
    [
      ['page', 'page-fast'],
      ['page', 'page-slow'],
      ['ticket', 'ticket'],
      ['ticket', 'ticket-long'],
    ],
  );
  const of = (window: string) =>
    `(slo:sli_error:ratio_rate${window}{sloth_service="records-api", sloth_slo="availability"} > (13.44 * 0.001))`;
  assert.deepEqual(alerts[0], {
    alert: 'RecordsApiAvailabilityErrorBudgetBurn',
    expr: `${of('1h')}\nand ignoring (sloth_window)\n${of('5m')}`,
    labels: { severity: 'page', service: 'records-api', slo: 'availability', tier: 'page-fast' },
    annotations: {
      summary: 'Records API: Availability loses 2 % in 1 h of its error budget',
      description: [
        'More than 1.344 % of the events were bad over 1 h and over the last 5 min: a burn rate above 13.44, at which the budget of 28 d is gone in 2.08 d.',
        'Why: Old is wrong.',
        'Owner: data',
        'Runbook: alerts/runbooks/api.md',
      ].join('\n'),
    },
  });
});

test('an alert with a least number of bad events counts them over its long window', () => {
  const [alert] = alertsOf(availability({ ...promise, alerts: burnRateAlerts({ badEventsAbove: 5 }) }));
  assert.equal(
    alert?.expr.split('\n').slice(-2).join(' '),
    'and on () ((sum(increase(reads_total{job="api", fresh="false"}[1h])) or vector(0)) > 5)',
  );
});

test('both page tiers as one page are one alert, which does not say which window it is by', () => {
  const alerts = alertsOf(availability({ ...promise, alerts: burnRateAlerts({ onePage: true }) }));
  assert.deepEqual(
    alerts.map(({ labels }) => labels.tier),
    ['page', 'ticket', 'ticket-long'],
  );
  assert.match(
    alerts[0]?.expr ?? '',
    /^max without \(sloth_window\) \(\n.*rate1h.*\nor ignoring \(sloth_window\)\n.*rate6h.*\)$/s,
  );
  assert.match(alerts[0]?.annotations.summary ?? '', /loses 2 % in 1 h or 5 % in 6 h of its error budget/);
});

test('braces in a text are no template, and a runbook with an address is a link', () => {
  const [alert] = alertsOf(availability({ ...promise, why: 'See {{ x }}.', runbook: 'https://example.com/r' }));
  assert.match(alert?.annotations.description ?? '', /^Why: See \{\{ "\{\{" \}\} x \}\}\.$/m);
  assert.equal(alert?.annotations.runbook_url, 'https://example.com/r');
});

test('every cause is an alert in a group of its own', () => {
  const about = { title: 'Cause', why: 'It shows where.' };
  const causes = [
    moreThan(5, { ...about, id: 'append-errors', of: counter('errors'), in: '10m' }),
    above(60, { ...about, id: 'age', of: gauge('age'), for: '5m', severity: 'page' }),
    slowerThan('200ms', { ...about, id: 'slow', of: histogram('http.server.request.duration'), for: '10m' }),
    slowerThan('2s', { ...about, id: 'slow-acks', of: pubsubAckLatencies('s'), percentile: 99, for: '10m' }),
    dropTo(0.2, { ...about, id: 'drop', of: counter('requests'), window: '15m' }),
    absent({ ...about, id: 'gone', of: counter('requests'), for: '30m' }),
    absent({ ...about, id: 'unmeasured', of: histogram('d').distribution, for: '30m' }),
  ];
  const { groups } = fileOf([], { causes });
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['causes-records-api'],
  );
  const rules = groups[0]?.rules ?? [];
  const quantile = (q: number, buckets: string) => `histogram_quantile(${q}, sum by (le) (rate(${buckets}[5m])))`;
  assert.deepEqual(
    rules.map(rule => [rule.alert, rule.expr, rule.for]),
    [
      ['RecordsApiAppendErrors', 'sum(increase(errors_total{job="api"}[10m])) > 5', undefined],
      ['RecordsApiAge', 'max(age{job="api"}) > 60', '5m'],
      ['RecordsApiSlow', `${quantile(0.95, 'http_server_request_duration_seconds_bucket{job="api"}')} > 0.2`, '10m'],
      [
        'RecordsApiSlowAcks',
        `${quantile(0.99, 'stackdriver_pubsub_subscription_pubsub_googleapis_com_subscription_ack_latencies_bucket{subscription_id="s"}')} > 2000`,
        '10m',
      ],
      [
        'RecordsApiDrop',
        '(sum(increase(requests_total{job="api"}[15m])) or vector(0)) < 0.2 * sum(increase(requests_total{job="api"}[15m] offset 1h))',
        undefined,
      ],
      ['RecordsApiGone', 'absent_over_time(requests_total{job="api"}[30m])', undefined],
      ['RecordsApiUnmeasured', 'absent_over_time(d_seconds_count{job="api"}[30m])', undefined],
    ],
  );
  assert.deepEqual(rules[1]?.labels, { severity: 'page', service: 'records-api', cause: 'age' });
  assert.equal(rules[0]?.annotations.summary, 'Records API: Cause');
});

test('an SLO whose series are only Cloud Monitoring’s is left out, and the file says so', () => {
  const { text, groups } = fileOf([
    availability({ ...promise, sli: cloudRunBasic() }),
    availability({
      ...promise,
      id: 'w',
      sli: windows({ every: '5m', good: { ratioAtLeast: 0.9, of: cloudRunBasic() } }),
    }),
  ]);
  assert.deepEqual(groups, []);
  assert.match(text, /^# availability is left out: .*\n# w is left out: /m);
});

test('the file says where Prometheus counts otherwise, and where its series come from', () => {
  const monthly = fileOf([availability({ goal: 0.999, calendar: 'month', sli: reads, why: 'w' })]);
  assert.match(monthly.text, /^# availability counts over the last 28 d, not over the calendar month\.$/m);
  assert.ok(monthly.records.has('slo:sli_error:ratio_rate28d'));
  assert.match(fileOf([availability({ ...promise, sli: pubsubPushes('s') })]).text, /^# .*aggregate-deltas\.$/m);
  assert.doesNotMatch(fileOf([availability(promise)]).text, /aggregate-deltas/);
});

test('an SLI that counts windows longer than 5 min is at its shortest recorded over one of them', () => {
  const sli = windows({ every: '10m', good: { mean: gauge('age'), max: 60 } });
  const { records } = fileOf([availability({ ...promise, sli, alerts: noAlerts })]);
  assert.match(records.get('slo:current_burn_rate:ratio')?.expr ?? '', /^slo:sli_error:ratio_rate10m/);
  assert.match(records.get('slo:sli_error:ratio_rate28d')?.expr ?? '', /^avg_over_time\(slo:sli_error:ratio_rate10m/);
});

test('a window that is as long as the period is recorded once, from the raw series', () => {
  const tiers = [{ name: 'week', severity: 'ticket', long: '7d', share: 1 }] as const;
  const slo = availability({ ...promise, period: '7d', alerts: burnRateAlerts({ tiers }) });
  const weeks = fileOf([slo]).rules.filter(({ record }) => record === 'slo:sli_error:ratio_rate7d');
  assert.equal(weeks.length, 1);
  assert.match(weeks[0]?.expr ?? '', /increase/);
});

test('a latency is counted by the bucket of its threshold', () => {
  const sli = histogram('http.server.request.duration', { 'http.route': ['/records', '/records/:id'] });
  const { records } = fileOf([latency({ ...promise, under: '200ms', sli })]);
  const [job, route] = ['job="api"', 'http_route=~"/records|/records/:id"'];
  const name = 'http_server_request_duration_seconds';
  assert.equal(
    records.get('slo:sli_error:ratio_rate5m')?.expr,
    `1 - sum(increase(${name}_bucket{${job}, ${route}, le="0.2"}[5m])) / (sum(increase(${name}_count{${job}, ${route}}[5m])) > 0)`,
  );
});
