import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileServices } from '../../slo/compile.ts';
import {
  availability,
  cloudRun,
  cloudRunBasic,
  counter,
  gauge,
  histogram,
  latency,
  type ObjectiveSpec,
  pubsubHealth,
  ratio,
  service,
  uptimeCheck,
  uptimePassed,
  where,
  windows,
} from '../../slo/index.ts';
import { toGrafanaDashboards } from './dashboards.ts';

type Target = {
  refId: string;
  queryType: string;
  sloQuery?: Record<string, unknown>;
  timeSeriesList: { filters: string[]; perSeriesAligner: string; crossSeriesReducer: string };
};
type Panel = {
  id: number;
  type: string;
  title: string;
  targets?: Target[];
  gridPos: { x: number; y: number; w: number; h: number };
};
type Dashboard = { uid: string; templating: { list: { name: string; type: string }[] }; panels: Panel[] };

const promise = { goal: 0.99, period: '28d', why: 'w' } as const;
const reads = ratio('reads', { good: { fresh: 'true' } });

function dashboards(slos: ObjectiveSpec[], ids = ['api']) {
  const runsOn = cloudRun({ service: 'run', location: 'l' });
  const specs = ids.map(id => service(id, { title: 'API', owner: 'o', runsOn, slos }));
  const { catalogue } = compileServices(specs, { project: '$project', nameSuffix: '' });
  return new Map(toGrafanaDashboards({ catalogue }).map(({ path, json }) => [path, json as Dashboard]));
}

const panelsOf = (slo: ObjectiveSpec) => dashboards([slo]).get('api.json')?.panels ?? [];
const seriesOf = (slo: ObjectiveSpec) => (panelsOf(slo)[4]?.targets ?? []).map(({ timeSeriesList }) => timeSeriesList);

test('every service has a dashboard, and all of them are on one more', () => {
  const all = dashboards([availability({ ...promise, sli: reads })], ['a', 'b']);
  assert.deepEqual([...all.keys()], ['a.json', 'b.json', 'fleet.json']);
  assert.deepEqual(
    all.get('fleet.json')?.panels.map(({ type, targets }) => [type, targets?.length]),
    [
      ['stat', 1],
      ['stat', 1],
    ],
  );
  assert.equal(new Set([...all.values()].map(({ uid }) => uid)).size, 3);
});

test('the project of every question is a variable that the dashboard has', () => {
  const dashboard = dashboards([availability({ ...promise, sli: reads })]).get('api.json');
  assert.deepEqual(
    dashboard?.templating.list.map(({ name, type }) => [name, type]),
    [
      ['datasource', 'datasource'],
      ['project', 'query'],
    ],
  );
  const projects = JSON.stringify(dashboard).match(/"projectName":"[^"]*"/g) ?? [];
  assert.deepEqual(new Set(projects), new Set(['"projectName":"$project"']));
});

test('an SLO is asked for its compliance, its budget, and its burn rate over an hour', () => {
  const queries = panelsOf(availability({ ...promise, sli: reads })).flatMap(({ targets }) =>
    (targets ?? []).flatMap(({ sloQuery }) => (sloQuery ? [sloQuery] : [])),
  );
  const about = {
    ...{ projectName: '$project', serviceId: 'api', serviceName: 'api', sloId: 'availability', goal: 0.99 },
    ...{ sloName: 'API: Availability', perSeriesAligner: 'ALIGN_NEXT_OLDER', alignmentPeriod: 'cloud-monitoring-auto' },
  };
  assert.deepEqual(queries, [
    { ...about, selectorName: 'select_slo_compliance' },
    { ...about, selectorName: 'select_slo_budget_fraction' },
    { ...about, selectorName: 'select_slo_burn_rate', lookbackPeriod: '3600s' },
  ]);
});

test('a filter is kept as keys, operators and values, and several values as an expression', () => {
  const total = where(counter('jobs.done'), { 'http.route': ['/a.b', '/c'], kind: { not: 'x"y' } });
  const [filters] = seriesOf(availability({ ...promise, sli: ratio({ good: counter('good'), total }) })).slice(1);
  assert.deepEqual(filters?.filters, [
    ...['metric.type', '=', 'prometheus.googleapis.com/jobs.done/counter', 'AND'],
    ...['resource.type', '=', 'prometheus_target', 'AND'],
    ...['resource.label.project_id', '=', '$project', 'AND'],
    ...['resource.label.job', '=', 'run', 'AND'],
    ...['metric.label."http.route"', '=~', '/a\\\\.b|/c', 'AND'],
    ...['metric.label.kind', '!=', 'x\\"y'],
  ]);
});

test('an uptime check is found by the ids that Google may make of its title', () => {
  const passed = uptimePassed(uptimeCheck({ id: 'outside', host: 'h' }));
  const [series] = seriesOf(availability({ ...promise, sli: windows({ every: '1m', good: { anyTrue: passed } }) }));
  assert.deepEqual(series?.filters.slice(-3), ['metric.label.check_id', '=~', 'outside-([0-9A-Za-z_-]{11}|[0-9]+)']);
});

test('counters are shown as rates, distributions as percentiles, gauges as they are', () => {
  const how = (slo: ObjectiveSpec) =>
    seriesOf(slo).map(({ perSeriesAligner, crossSeriesReducer }) => `${perSeriesAligner} ${crossSeriesReducer}`);
  const every = '1m';
  const age = gauge('age');
  assert.deepEqual(how(availability({ ...promise, sli: reads })), ['ALIGN_RATE REDUCE_SUM', 'ALIGN_RATE REDUCE_SUM']);
  assert.deepEqual(
    how(latency({ ...promise, under: '1s', sli: histogram('d') })),
    [50, 95, 99].map(percentile => `ALIGN_DELTA REDUCE_PERCENTILE_${percentile}`),
  );
  const shown = [
    windows({ every, good: { mean: age, max: 1 } }),
    windows({ every, good: { sum: age, max: 1 } }),
    windows({ every, good: { anyTrue: pubsubHealth('s', 'utilization') } }),
    windows({ every, good: { ratioAtLeast: 0.9, of: reads } }),
  ].map(sli => how(availability({ ...promise, sli }))[0]);
  assert.deepEqual(shown, [
    ...['ALIGN_MEAN REDUCE_MEAN', 'ALIGN_MEAN REDUCE_SUM'],
    ...['ALIGN_FRACTION_TRUE REDUCE_MAX', 'ALIGN_RATE REDUCE_SUM'],
  ]);
});

test('panels lie side by side on 24 columns without a gap or an overlap, and each has its own id', () => {
  const slos = [
    availability({ ...promise, sli: reads }),
    availability({ ...promise, id: 'basic', sli: cloudRunBasic() }),
  ];
  const panels = dashboards(slos).get('api.json')?.panels ?? [];
  const area = panels.reduce((sum, { gridPos }) => sum + gridPos.w * gridPos.h, 0);
  const cells = new Set(
    panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    ),
  );
  assert.deepEqual([cells.size, area], [area, 24 * 18]);
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
});
