import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileServices } from './compile.ts';
import {
  above,
  absent,
  availability,
  burnRateAlerts,
  cloudRun,
  cloudRunBasic,
  cloudRunLatencies,
  cloudRunRequestCount,
  cloudRunRequests,
  counter,
  distribution,
  dropTo,
  gauge,
  histogram,
  latency,
  moreThan,
  noAlerts,
  type ObjectiveSpec,
  objective,
  openTelemetry,
  pubsubOldestUnackedAge,
  type Runtime,
  ratio,
  type ServiceSpec,
  type Sli,
  service,
  slowerThan,
  uptimeCheck,
  uptimePassed,
  windows,
} from './index.ts';

const target = { project: 'p', nameSuffix: '' };
const about = { id: 'o', title: 'O', goal: 0.999, period: '28d', why: 'Because.' } as const;

function compileOne(slo: ObjectiveSpec, runsOn?: Runtime) {
  const spec = service('api', { owner: 'o', slos: [slo], ...(runsOn && { runsOn }) });
  const { objectives, catalogue } = compileServices([spec], target);
  const [resource, entry] = [objectives[0], catalogue.services[0]?.objectives[0]];
  assert.ok(resource && entry);
  return { resource, entry };
}

const filter = (name: string, kind: string, terms = '') =>
  `metric.type="prometheus.googleapis.com/${name}/${kind}" AND resource.type="prometheus_target" AND resource.labels.project_id="p"${terms}`;

const [done, started, failed] = ['done', 'started', 'failed'].map(name => counter(name));
assert.ok(done && started && failed);
const cut = distribution({ of: histogram('took'), max: 0.2 });
const good = filter('done', 'counter');
const cutJson = { distributionCut: { distributionFilter: filter('took', 'histogram'), range: { max: 0.2 } } };
const uptime = uptimePassed(uptimeCheck({ id: 'outside', host: 'h' }));

const forms: [string, Parameters<typeof objective>[0]['sli'], object][] = [
  [
    'good to total',
    ratio({ good: done, total: started }),
    { requestBased: { goodTotalRatio: { goodServiceFilter: good, totalServiceFilter: filter('started', 'counter') } } },
  ],
  [
    'bad to total',
    ratio({ bad: failed, total: started }),
    {
      requestBased: {
        goodTotalRatio: {
          badServiceFilter: filter('failed', 'counter'),
          totalServiceFilter: filter('started', 'counter'),
        },
      },
    },
  ],
  [
    'good to bad',
    ratio({ good: done, bad: failed }),
    { requestBased: { goodTotalRatio: { goodServiceFilter: good, badServiceFilter: filter('failed', 'counter') } } },
  ],
  ['a distribution up to a value', cut, { requestBased: cutJson }],
  [
    'a distribution in a range',
    distribution({ of: histogram('took'), min: 1, max: 5 }),
    {
      requestBased: {
        distributionCut: { distributionFilter: filter('took', 'histogram'), range: { max: 5, min: 1 } },
      },
    },
  ],
  ['basic availability', cloudRunBasic(), { basicSli: { availability: {} } }],
  ['basic latency', cloudRunBasic({ under: '200ms' }), { basicSli: { latency: { threshold: '0.2s' } } }],
  [
    'basic, of some of the requests',
    { ...cloudRunBasic(), method: ['Get'], location: ['l'], version: ['v1'] },
    { basicSli: { method: ['Get'], location: ['l'], version: ['v1'], availability: {} } },
  ],
  [
    'windows with any true point',
    windows({ every: '5m', good: { anyTrue: uptime } }),
    {
      windowsBased: {
        windowPeriod: '300s',
        goodBadMetricFilter:
          'metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND resource.type="uptime_url" AND resource.labels.project_id="p" AND metric.labels.check_id="outside"',
      },
    },
  ],
  [
    'windows with a mean in a range',
    windows({ every: '1m', good: { mean: gauge('age'), max: 60 } }),
    {
      windowsBased: {
        windowPeriod: '60s',
        metricMeanInRange: { timeSeries: filter('age', 'gauge'), range: { max: 60 } },
      },
    },
  ],
  [
    'windows with a sum in a range',
    windows({ every: '1h', good: { sum: gauge('free'), min: 1, max: 9 } }),
    {
      windowsBased: {
        windowPeriod: '3600s',
        metricSumInRange: { timeSeries: filter('free', 'gauge'), range: { min: 1, max: 9 } },
      },
    },
  ],
  [
    'windows in which enough of a distribution is good',
    windows({ every: '1m', good: { ratioAtLeast: 0.9, of: cut } }),
    { windowsBased: { windowPeriod: '60s', goodTotalRatioThreshold: { threshold: 0.9, performance: cutJson } } },
  ],
  [
    'windows in which enough is good by itself',
    windows({ every: '1m', good: { ratioAtLeast: 0.9, of: cloudRunBasic() } }),
    {
      windowsBased: {
        windowPeriod: '60s',
        goodTotalRatioThreshold: { threshold: 0.9, basicSliPerformance: { availability: {} } },
      },
    },
  ],
];

for (const [form, sli, json] of forms) {
  test(`an SLI of ${form} compiles to the API's JSON`, () => {
    assert.deepEqual(compileOne(objective({ ...about, sli })).resource.serviceLevelIndicator, json);
  });
}

test('an SLO is named below its service, and carries goal, period and labels', () => {
  const labels = { team: 'data' };
  const slos = [objective({ ...about, sli: cut })];
  const spec = service('api', { title: 'API', owner: 'o', slos, labels });
  const { services, objectives } = compileServices([spec], { project: 'p', nameSuffix: '-eu' });
  const userLabels = { team: 'data', managed_by: 'burnline' };
  assert.deepEqual(services, [{ name: 'projects/p/services/api-eu', displayName: 'API-eu', userLabels, custom: {} }]);
  assert.deepEqual(objectives, [
    {
      name: 'projects/p/services/api-eu/serviceLevelObjectives/o',
      displayName: 'API: O',
      serviceLevelIndicator: { requestBased: cutJson },
      goal: 0.999,
      rollingPeriod: '2419200s',
      userLabels,
    },
  ]);
});

test('a calendar period takes the place of a rolling one, and counts with its shortest length', () => {
  const periods = (['day', 'week', 'fortnight', 'month'] as const).map(calendar => {
    const { period: _, ...rest } = about;
    const { resource, entry } = compileOne(objective({ ...rest, calendar, sli: cut }));
    assert.ok(!('rollingPeriod' in resource));
    return [resource.calendarPeriod, entry.period.seconds / 86_400];
  });
  assert.deepEqual(periods, [
    ['DAY', 1],
    ['WEEK', 7],
    ['FORTNIGHT', 14],
    ['MONTH', 28],
  ]);
});

test('a Cloud Run service is one that Cloud Monitoring finds by itself', () => {
  const runsOn = cloudRun({ service: 'api', location: 'l' });
  const { services } = compileServices([service('s', { owner: 'o', slos: [], runsOn })], {
    ...{ project: 'p', nameSuffix: '-eu' },
  });
  assert.deepEqual(services[0]?.basicService, {
    serviceType: 'CLOUD_RUN',
    serviceLabels: { service_name: 'api-eu', location: 'l' },
  });
});

const seriesOf = (sli: Sli) => ('total' in sli && sli.total ? sli.total.resourceLabels : undefined);

test('series of the runtime are bound to the service, wherever in an SLI they stand', () => {
  const runsOn = cloudRun({ service: 'api', location: 'l', job: 'worker' });
  const own = { service_name: { name: 'api' }, location: 'l' };
  const { entry } = compileOne(availability({ ...about, sli: cloudRunRequests() }), runsOn);
  assert.deepEqual(seriesOf(entry.sli), own);
  const sli = windows({ every: '1m', good: { ratioAtLeast: 0.9, of: ratio('reads', { good: { fresh: 'true' } }) } });
  const { resource } = compileOne(availability({ ...about, sli }), runsOn);
  assert.equal(JSON.stringify(resource).split('resource.labels.job=\\"worker\\"').length, 3);
});

test('series of another resource, and labels that a spec says itself, stay as they are', () => {
  const runsOn = openTelemetry({ job: 'worker', namespace: 'prod' });
  const elsewhere = { ...counter('reads'), resourceLabels: { job: 'other' } };
  const { entry } = compileOne(objective({ ...about, sli: ratio({ good: elsewhere, total: elsewhere }) }), runsOn);
  assert.deepEqual(seriesOf(entry.sli), { job: 'other', namespace: 'prod' });
  const google = compileOne(availability({ ...about, sli: cloudRunRequests() }), runsOn);
  assert.deepEqual(seriesOf(google.entry.sli), {});
});

test('the series of every kind of cause alert are bound too', () => {
  const cause = (id: string) => ({ id, title: id, why: 'Because.', for: '10m', in: '10m' }) as const;
  const causes = [
    moreThan(5, { ...cause('count'), of: counter('errors') }),
    above(300, { ...cause('above'), of: gauge('age') }),
    slowerThan('1s', { ...cause('percentile'), of: histogram('took') }),
    dropTo(0.2, { ...cause('drop'), of: counter('reads') }),
    absent({ ...cause('absent'), of: gauge('age') }),
    above(300, { ...cause('elsewhere'), of: pubsubOldestUnackedAge('s') }),
  ];
  const spec = service('api', { owner: 'o', slos: [], causes, runsOn: openTelemetry({ job: 'worker' }) });
  const { catalogue } = compileServices([spec], target);
  const bound = catalogue.services[0]?.causes.map(({ when }) => {
    const series = Object.values(when).find(value => typeof value === 'object' && 'resourceLabels' in value);
    return typeof series === 'object' && series.resourceLabels;
  });
  const own = { job: 'worker' };
  assert.deepEqual(bound, [own, own, own, own, own, { subscription_id: { name: 's' } }]);
});

test('an SLO has the alerts and the runbook of its service, or its own', () => {
  const spec = service('api', {
    ...{ owner: 'o', runbook: 'runbooks/api.md', alerts: burnRateAlerts({ onePage: true, badEventsAbove: 3 }) },
    slos: [
      objective({ ...about, sli: cut }),
      objective({ ...about, id: 'own', sli: cut, alerts: noAlerts, runbook: 'runbooks/own.md', alertBelow: 0.995 }),
    ],
  });
  const [entry] = compileServices([spec], target).catalogue.services;
  assert.deepEqual(
    entry?.objectives.map(({ tiers, onePage, badEventsAbove, runbook }) => ({
      ...{ tiers: tiers.map(({ name }) => name), onePage, badEventsAbove, runbook },
    })),
    [
      {
        tiers: ['page-fast', 'page-slow', 'ticket', 'ticket-long'],
        ...{ onePage: true, badEventsAbove: 3, runbook: 'runbooks/api.md' },
      },
      { tiers: ['below'], onePage: false, badEventsAbove: undefined, runbook: 'runbooks/own.md' },
    ],
  );
});

test('a service and each SLO remember where they were written', () => {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n');
  const slo = latency({ ...about, under: '200ms', sli: cloudRunLatencies() }); // the SLO
  const spec = service('api', { owner: 'o', slos: [slo] }); // the service
  const [entry] = compileServices([spec], target).catalogue.services;
  for (const [place, mark] of [
    [entry?.definedAt, '// the service'],
    [entry?.objectives[0]?.definedAt, '// the SLO'],
  ] as const) {
    assert.equal(place?.file, import.meta.filename);
    assert.ok(lines[place.line - 1]?.endsWith(mark));
  }
});

test('the order of the specs and of their SLOs is kept', () => {
  const spec = (id: string): ServiceSpec =>
    service(id, { owner: 'o', slos: ['z', 'a'].map(slo => objective({ ...about, id: slo, sli: cut })) });
  const names = compileServices([spec('b'), spec('a')], target).objectives.map(({ name }) => name.split('/').slice(3));
  assert.deepEqual(
    names.map(([service, , slo]) => [service, slo]),
    [
      ['b', 'z'],
      ['b', 'a'],
      ['a', 'z'],
      ['a', 'a'],
    ],
  );
});

test('editing a goal changes that goal, the threshold that follows from it, and nothing else', () => {
  const withGoal = (goal: number) =>
    compileServices(
      ['api', 'other'].map(id =>
        service(id, {
          ...{ owner: 'o', runsOn: cloudRun({ service: id, location: 'l' }) },
          causes: [dropTo(0.2, { id: 'drop', title: 'Drop', why: 'W.', of: cloudRunRequestCount() })],
          slos: [
            availability({ goal: id === 'api' ? goal : 0.999, period: '28d', why: 'W.', sli: cloudRunRequests() }),
            latency({ ...about, under: '1s', sli: cloudRunLatencies(), alertBelow: 0.99 }),
            availability({
              ...{ id: 'second', goal: id === 'api' ? goal : 0.999, calendar: 'month', why: 'W.' },
              ...{ sli: cloudRunRequests(), alertBelow: 0.99 },
            }),
          ],
        }),
      ),
      target,
    );
  assert.deepEqual(differences(withGoal(0.999), withGoal(0.995)), [
    'objectives.0.goal',
    'objectives.2.goal',
    'catalogue.services.0.objectives.0.goal',
    'catalogue.services.0.objectives.2.goal',
    'catalogue.services.0.objectives.2.tiers.4.threshold',
    'catalogue.services.0.objectives.2.tiers.4.share',
  ]);
});

/** The paths at which two values of one shape differ. */
function differences(a: unknown, b: unknown, path: readonly string[] = []): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? [] : [path.join('.')];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap(key => differences(a[key as keyof typeof a], b[key as keyof typeof b], [...path, key]));
}
