import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileServices } from '../slo/compile.ts';
import { availability, burnRateAlerts, cloudRun, cloudRunRequests, latency, ratio, service } from '../slo/index.ts';
import type { ServiceSpec } from '../slo/service.ts';
import { histogram } from '../slo/sources/opentelemetry.ts';
import type { AlertChoice } from '../slo/tiers.ts';
import { compileAlerts } from './compile.ts';

const target = { project: 'p', nameSuffix: '' };
const policiesOf = (spec: ServiceSpec) => compileAlerts(compileServices([spec], target).catalogue).policies;
const runsOn = cloudRun({ service: 'api', location: 'l' });

function withAvailability(alerts: AlertChoice, more: { alertBelow?: number; sli?: ReturnType<typeof ratio> } = {}) {
  const { sli = cloudRunRequests(), ...rest } = more;
  const slos = [availability({ goal: 0.999, period: '28d', sli, why: 'w', alerts, ...rest })];
  return policiesOf(service('api', { owner: 'o', runsOn, slos }));
}

const idOf = ({ name }: { name: string }) => name.split('/').at(-1);

test('each tier is a policy of two native conditions, joined by AND, without a duration', () => {
  const [fast, slow, ticket] = withAvailability(burnRateAlerts());
  assert.deepEqual(
    [fast, slow, ticket].map(policy => policy && idOf(policy)),
    ['api-availability-page-fast', 'api-availability-page-slow', 'api-availability-ticket'],
  );
  const slo = 'projects/p/services/api/serviceLevelObjectives/availability';
  const condition = (seconds: number, words: string) => ({
    displayName: `Burn rate over ${words} above 13.44`,
    conditionThreshold: {
      filter: `select_slo_burn_rate("${slo}", "${seconds}s")`,
      comparison: 'COMPARISON_GT',
      thresholdValue: 13.44,
      duration: '0s',
    },
  });
  assert.deepEqual(fast?.conditions, [condition(3600, '1 h'), condition(300, '5 min')]);
  assert.equal(fast?.combiner, 'AND');
  assert.deepEqual(fast?.alertStrategy, { autoClose: '1800s' });
  assert.deepEqual([fast?.severity, ticket?.severity], ['CRITICAL', 'WARNING']);
});

test('the tier beyond a day is one PromQL condition over the raw series', () => {
  const long = withAvailability(burnRateAlerts()).find(policy => idOf(policy) === 'api-availability-ticket-long');
  const series = (labels: string, window: string) =>
    `sum(increase(run_googleapis_com:request_count{monitored_resource="cloud_run_revision", project_id="p", service_name="api", location="l"${labels}}[${window}]))`;
  const over = (window: string) => `(${series(', response_code_class="5xx"', window)} / ${series('', window)}) > 0.001`;
  assert.deepEqual(long?.conditions, [
    {
      displayName: 'Burn rate over 3 d and 6 h above 1',
      conditionPrometheusQueryLanguage: {
        query: `${over('3d')} and ${over('6h')}`,
        duration: '0s',
        evaluationInterval: '300s',
        disableMetricValidation: true,
      },
    },
  ]);
});

test('a least number of bad events is a third native condition where a metric counts them', () => {
  const [fast] = withAvailability(burnRateAlerts({ badEventsAbove: 3 }));
  assert.equal(fast?.conditions.length, 3);
  assert.match(fast?.documentation.content ?? '', /over the last 5 min, and they were more than 3: a burn rate/);
  const third = fast?.conditions[2];
  assert.ok(third && 'conditionThreshold' in third);
  assert.equal(third.conditionThreshold.thresholdValue, 3);
  assert.match(third.conditionThreshold.filter, /response_code_class="5xx"/);
  assert.deepEqual(third.conditionThreshold.aggregations, [
    { alignmentPeriod: '3600s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' },
  ]);
});

test('a least number of bad events that no metric counts makes the whole tier one PromQL condition', () => {
  const sli = ratio('reads', { good: { fresh: 'true' } });
  const [fast] = withAvailability(burnRateAlerts({ badEventsAbove: 3 }), { sli });
  assert.equal(fast?.conditions.length, 1);
  const only = fast?.conditions[0];
  assert.ok(only && 'conditionPrometheusQueryLanguage' in only);
  const { query, evaluationInterval } = only.conditionPrometheusQueryLanguage;
  assert.equal(query.match(/ > 0\.01344 and /g)?.length, 2);
  assert.match(query, /> 3$/);
  assert.equal(evaluationInterval, '30s');
});

test('both page tiers can be one page, and the tickets stay', () => {
  const policies = withAvailability(burnRateAlerts({ onePage: true }));
  const ids = policies.map(idOf).filter(id => !id?.endsWith('no-data'));
  assert.deepEqual(ids, ['api-availability-page', 'api-availability-ticket', 'api-availability-ticket-long']);
  const only = policies[0]?.conditions[0];
  assert.ok(only && 'conditionPrometheusQueryLanguage' in only);
  assert.match(
    only.conditionPrometheusQueryLanguage.query,
    /^\(.* > 0\.01344 and .* > 0\.01344\) or \(.* > 0\.0056 and .* > 0\.0056\)$/,
  );
});

test('availability below 99.5 % at a goal of 99.9 % is a ticket at a burn above 5 in 1 h and in 5 min', () => {
  const below = withAvailability(burnRateAlerts(), { alertBelow: 0.995 }).find(policy =>
    idOf(policy)?.endsWith('below'),
  );
  assert.equal(below?.severity, 'WARNING');
  assert.deepEqual(
    below?.conditions.map(
      condition => 'conditionThreshold' in condition && condition.conditionThreshold.thresholdValue,
    ),
    [5, 5],
  );
});

test('the text says what is lost in what time, how long a budget lasts, why, who owns it and where the runbook is', () => {
  const slos = [latency({ goal: 0.99, under: '200ms', period: '30d', sli: histogram('d'), why: 'People wait.' })];
  const [fast] = policiesOf(service('api', { owner: 'data', runsOn, slos, runbook: 'runbooks/api.md' }));
  assert.equal(
    fast?.documentation.content,
    [
      '**api** is spending the error budget of **Latency under 200ms (99 % over 30 d)** too fast: 2 % in 1 h.',
      '- More than 14.4 % of the events were bad over 1 h and over the last 5 min: a burn rate above 14.4. At that rate a whole budget is gone in 2.08 d.',
      "A total outage reaches this after 8.64 min, and at most 10.6 min with the delays of Google's data. It closes by itself within 5 min of good events, or 30 min after the data ends.",
      '**Why it is promised.** People wait.',
      '**Runbook**: `alerts/runbooks/api.md`. **Owner**: data.',
    ].join('\n\n'),
  );
  assert.equal(fast?.documentation.subject, 'api: Latency under 200ms loses 2 % in 1 h of its error budget');
});
