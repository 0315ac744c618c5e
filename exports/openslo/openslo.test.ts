import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { compileServices } from '../../slo/compile.ts';
import {
  availability,
  burnRateAlerts,
  cloudRunBasic,
  cloudRunLatencies,
  counter,
  distribution,
  gauge,
  histogram,
  latency,
  type ObjectiveSpec,
  objective,
  pagerDuty,
  pubsubPushes,
  ratio,
  service,
  windows,
} from '../../slo/index.ts';
import { GENERATED } from '../file.ts';
import { toOpenSlo } from './openslo.ts';

const target = { project: 'p', nameSuffix: '' };
const promise = { goal: 0.99, period: '28d', why: 'w' } as const;
const reads = ratio('reads', { good: { fresh: 'true' } });

function fileOf(slos: ObjectiveSpec[], options: object = {}) {
  const spec = service('Api', { title: 'The API', owner: 'o', slos, ...options });
  const [file] = toOpenSlo(compileServices([spec], target).catalogue);
  assert.ok(file);
  return { ...file, objects: parseAllDocuments(file.text).map(document => document.toJS()) };
}

const specOf = (slo: ObjectiveSpec) => fileOf([slo]).objects.find(({ kind }) => kind === 'SLO').spec;
const sliOf = (sli: Parameters<typeof objective>[0]['sli']) =>
  specOf(objective({ ...promise, id: 'x', title: 'X', sli })).indicator.spec.ratioMetric;
const promQl = (query: string) => ({ metricSource: { type: 'prometheus', spec: { query } } });

test('a service, its SLO and an alert policy for each tier stand in one file, and refer to each other', () => {
  const tiers = [{ name: 'fast', severity: 'page', long: '1h', share: 0.02 }] as const;
  const slo = availability({ ...promise, sli: reads, alerts: burnRateAlerts({ tiers }) });
  const { path, text, objects } = fileOf([slo], { notify: { page: [pagerDuty('oncall')] }, labels: { team: 't' } });
  assert.deepEqual([path, text.split('\n')[0]], ['Api.yaml', `# ${GENERATED}`]);
  const apiVersion = 'openslo/v1';
  const labels = { team: 't' };
  assert.deepEqual(objects, [
    { apiVersion, kind: 'Service', metadata: { name: 'api', displayName: 'The API', labels }, spec: {} },
    {
      apiVersion,
      kind: 'SLO',
      metadata: { name: 'api-availability', displayName: 'The API: Availability', labels },
      spec: {
        description: 'w',
        service: 'api',
        indicator: {
          metadata: { name: 'api-availability-sli', displayName: 'Availability' },
          spec: {
            ratioMetric: {
              counter: true,
              good: promQl('sum(reads_total{fresh="true"})'),
              total: promQl('sum(reads_total)'),
            },
          },
        },
        timeWindow: [{ duration: '28d', isRolling: true }],
        budgetingMethod: 'Occurrences',
        objectives: [{ displayName: 'Availability', target: 0.99 }],
        alertPolicies: [{ alertPolicyRef: 'api-availability-fast' }],
      },
    },
    {
      apiVersion,
      kind: 'AlertPolicy',
      metadata: { name: 'api-availability-fast', displayName: 'The API: Availability · fast' },
      spec: {
        description: '2 % of the error budget in 1 h, and still so over the last 5 min.',
        alertWhenNoData: false,
        alertWhenResolved: true,
        alertWhenBreaching: true,
        conditions: [
          {
            kind: 'AlertCondition',
            metadata: { name: 'api-availability-fast-burn' },
            spec: {
              severity: 'page',
              condition: { kind: 'burnrate', op: 'gt', threshold: 13.44, lookbackWindow: '1h', alertAfter: '1m' },
            },
          },
        ],
        notificationTargets: [
          {
            kind: 'AlertNotificationTarget',
            metadata: { name: 'oncall', displayName: 'oncall' },
            spec: { target: 'pagerduty' },
          },
        ],
      },
    },
  ]);
});

test('an alert of a service without channels is for its severity', () => {
  const { objects } = fileOf([availability({ ...promise, sli: reads })]);
  const targets = objects.filter(({ kind }) => kind === 'AlertPolicy').map(({ spec }) => spec.notificationTargets);
  assert.deepEqual(
    targets.flat().map(({ targetRef }) => targetRef),
    ['page', 'page', 'ticket', 'ticket'],
  );
});

test('a ratio of good and bad has their sum for a total', () => {
  const sli = ratio({ good: counter('done'), bad: counter('failed') });
  assert.deepEqual(sliOf(sli), {
    ...{ counter: true, bad: promQl('sum(failed_total)'), total: promQl('sum(done_total) + sum(failed_total)') },
  });
});

test('a distribution is counted by its buckets, between two bounds by their difference', () => {
  const buckets = 'size_bucket';
  assert.deepEqual(
    sliOf(distribution({ of: histogram({ name: 'size', kind: 'histogram', unit: '1' }), min: 0.5, max: 1.5 })),
    {
      counter: true,
      good: promQl(`sum(${buckets}{le="1.5"}) - sum(${buckets}{le="0.5"})`),
      total: promQl('sum(size_count)'),
    },
  );
});

test('what is only in Cloud Monitoring is asked for by its filter', () => {
  const filter = 'metric.type="run.googleapis.com/request_latencies" AND resource.type="cloud_run_revision"';
  const slo = latency({ ...promise, under: '200ms', sli: cloudRunLatencies() });
  const { good, total } = specOf(slo).indicator.spec.ratioMetric;
  assert.equal(good.metricSource.type, 'cloudmonitoring');
  assert.ok(good.metricSource.spec.filter.startsWith(filter));
  assert.deepEqual(good.metricSource.spec.range, { max: 200 });
  assert.deepEqual(total.metricSource.spec, { filter: good.metricSource.spec.filter });
  assert.match(sliOf(pubsubPushes('s')).good.metricSource.spec.filter, /response_class="ack"$/);
});

test('windows are time slices: of a ratio by its threshold, of a gauge by whether it was in its range', () => {
  const sloOf = (good: Parameters<typeof windows>[0]['good']) =>
    specOf(availability({ ...promise, sli: windows({ every: '5m', good }) }));
  const performance = sloOf({ ratioAtLeast: 0.95, of: reads });
  assert.equal(performance.budgetingMethod, 'Timeslices');
  const [objective] = performance.objectives;
  assert.deepEqual([objective.timeSliceTarget, objective.timeSliceWindow], [0.95, '5m']);
  assert.deepEqual(performance.indicator.spec.ratioMetric, sliOf(reads));
  const mean = sloOf({ mean: gauge('age'), max: 60 });
  assert.equal(mean.objectives[0].timeSliceTarget, 1);
  assert.equal(mean.indicator.spec.ratioMetric.rawType, 'failure');
  assert.match(mean.indicator.spec.ratioMetric.raw.metricSource.spec.query, /avg_over_time\(age\[5m\]\).* > bool 60/);
});

test('a calendar period begins with the calendar', () => {
  const durations = (['day', 'week', 'fortnight', 'month'] as const).map(calendar => {
    const [window] = specOf(availability({ goal: 0.99, calendar, why: 'w', sli: reads })).timeWindow;
    assert.deepEqual([window.isRolling, window.calendar.startTime], [false, '2024-01-01 00:00:00']);
    return window.duration;
  });
  assert.deepEqual(durations, ['1d', '1w', '2w', '1M']);
});

test('an SLO whose series are only Cloud Monitoring’s is left out, and the file says so', () => {
  const { text, objects } = fileOf([availability({ ...promise, sli: cloudRunBasic() })]);
  assert.deepEqual(
    objects.map(({ kind }) => kind),
    ['Service'],
  );
  assert.match(text, /^# availability is left out: /m);
});
