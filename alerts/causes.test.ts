import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileServices } from '../slo/compile.ts';
import {
  above,
  absent,
  availability,
  burnRateAlerts,
  type CauseAlert,
  counter,
  dropTo,
  email,
  gauge,
  histogram,
  moreThan,
  noAlerts,
  pagerDuty,
  ratio,
  service,
  slowerThan,
  uptimeCheck,
} from '../slo/index.ts';
import { compileAlerts } from './compile.ts';

const target = { project: 'p', nameSuffix: '-eu' };
const about = { id: 'c', title: 'Cause', why: 'Because.' };

function conditionOf(cause: CauseAlert) {
  const { catalogue } = compileServices([service('api', { owner: 'o', slos: [], causes: [cause] })], target);
  const [policy] = compileAlerts(catalogue).policies;
  return policy?.conditions[0];
}

test('more than so many events is the sum over a window, above a number', () => {
  const condition = conditionOf(moreThan(5, { ...about, of: counter('errors', { outcome: ['a', 'b'] }), in: '10m' }));
  assert.deepEqual(condition, {
    displayName: 'There are more than 5 in 10 min',
    conditionThreshold: {
      filter:
        'metric.type="prometheus.googleapis.com/errors/counter" AND resource.type="prometheus_target" AND resource.labels.project_id="p" AND metric.labels.outcome=one_of("a", "b")',
      aggregations: [{ alignmentPeriod: '600s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' }],
      comparison: 'COMPARISON_GT',
      thresholdValue: 5,
      duration: '0s',
    },
  });
});

test('a gauge above a value counts only where it was so all the time, and missing data is none', () => {
  const condition = conditionOf(above(300, { ...about, of: gauge('age'), for: '10m' }));
  assert.ok(condition && 'conditionThreshold' in condition);
  const { thresholdValue, duration, evaluationMissingData } = condition.conditionThreshold;
  assert.deepEqual(
    [thresholdValue, duration, evaluationMissingData],
    [300, '600s', 'EVALUATION_MISSING_DATA_INACTIVE'],
  );
});

test('a percentile is compared in the unit of its metric', () => {
  const inSeconds = conditionOf(slowerThan('200ms', { ...about, of: histogram('d'), for: '5m' }));
  const inMs = conditionOf(
    slowerThan('200ms', { ...about, of: histogram({ name: 'd', kind: 'histogram', unit: 'ms' }), for: '5m' }),
  );
  const of = (condition: ReturnType<typeof conditionOf>) => {
    assert.ok(condition && 'conditionThreshold' in condition);
    return condition.conditionThreshold;
  };
  assert.deepEqual([of(inSeconds).thresholdValue, of(inMs).thresholdValue], [0.2, 200]);
  assert.equal(of(inMs).aggregations?.[0]?.crossSeriesReducer, 'REDUCE_PERCENTILE_95');
});

test('a drop compares a window with the same one before, and no traffic at all is a drop', () => {
  const condition = conditionOf(dropTo(0.2, { ...about, of: counter('reads'), window: '15m', comparedTo: '1h' }));
  assert.ok(condition && 'conditionPrometheusQueryLanguage' in condition);
  assert.equal(
    condition.conditionPrometheusQueryLanguage.query,
    '(sum(increase(reads{project_id="p"}[15m])) or vector(0)) < 0.2 * sum(increase(reads{project_id="p"}[15m] offset 1h))',
  );
});

test('data that stays away is an absence, of a counter by its increase and of a gauge by its points', () => {
  const aligners = [counter('c'), gauge('g')].map(of => {
    const condition = conditionOf(absent({ ...about, of, for: '30m' }));
    return condition && 'conditionAbsent' in condition && condition.conditionAbsent.aggregations?.[0]?.perSeriesAligner;
  });
  assert.deepEqual(aligners, ['ALIGN_DELTA', 'ALIGN_COUNT']);
});

test('series that two SLOs share are watched for absence once, and not at all where a spec says never', () => {
  const sli = ratio('reads', { good: { fresh: 'true' } });
  const slos = (absentAfter: '30m' | 'never') =>
    ['a', 'b'].map(id =>
      availability({
        id,
        goal: 0.99,
        period: '28d',
        sli,
        why: 'w',
        alerts: burnRateAlerts({ tiers: [], absentAfter }),
      }),
    );
  const count = (absentAfter: '30m' | 'never') => {
    const { catalogue } = compileServices([service('api', { owner: 'o', slos: slos(absentAfter) })], target);
    return compileAlerts(catalogue).policies.length;
  };
  assert.deepEqual([count('30m'), count('never')], [1, 0]);
});

test('pages and tickets reach the channels of their severity, and a channel that two services share is one', () => {
  const [oncall, team] = [pagerDuty('oncall'), email('team', 'team@example.com')];
  const specs = ['a', 'b'].map(id =>
    service(id, {
      owner: 'o',
      slos: [],
      causes: [
        absent({ ...about, severity: 'page', of: counter('c'), for: '30m' }),
        absent({ ...about, id: 'd', of: counter('c'), for: '30m' }),
      ],
      notify: { page: [oncall], ticket: [team] },
      alerts: noAlerts,
    }),
  );
  const { policies, channels } = compileAlerts(compileServices(specs, target).catalogue);
  assert.deepEqual(
    policies.slice(0, 2).map(({ notificationChannels }) => notificationChannels),
    [['projects/p/notificationChannels/oncall-eu'], ['projects/p/notificationChannels/team-eu']],
  );
  assert.deepEqual(
    channels.map(({ type }) => type),
    ['pagerduty', 'email'],
  );
  assert.ok(!JSON.stringify(channels).includes('service_key'));
});

test('an uptime check asks over TLS, and says what it looks for', () => {
  const uptime = [
    uptimeCheck({ id: 'front', host: 'example.com', path: '/ready', contains: 'ready', authenticated: true }),
  ];
  const { catalogue } = compileServices([service('api', { owner: 'o', slos: [], uptime })], target);
  assert.deepEqual(compileAlerts(catalogue).uptimeChecks, [
    {
      name: 'projects/p/uptimeCheckConfigs/front-eu',
      displayName: 'front-eu',
      monitoredResource: { type: 'uptime_url', labels: { project_id: 'p', host: 'example.com' } },
      httpCheck: {
        path: '/ready',
        port: 443,
        useSsl: true,
        validateSsl: true,
        serviceAgentAuthentication: { type: 'OIDC_TOKEN' },
      },
      period: '60s',
      timeout: '10s',
      contentMatchers: [{ content: 'ready', matcher: 'CONTAINS_STRING' }],
      userLabels: { managed_by: 'burnline' },
    },
  ]);
});
