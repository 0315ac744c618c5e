import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAlerts } from '../alerts/compile.ts';
import { compileServices } from '../slo/compile.ts';
import {
  above,
  availability,
  cloudRun,
  cloudRunRequests,
  counter,
  histogram,
  latency,
  moreThan,
  objective,
  openTelemetry,
  pubsubOldestUnackedAge,
  ratio,
  service,
  windows,
} from '../slo/index.ts';
import type { Dashboard, WidgetJson } from '../slo/resources/dashboard.ts';
import type { ServiceSpec } from '../slo/service.ts';
import { everyForm } from '../test/terraform/every-form.ts';
import { compileDashboards } from './compile.ts';

const target = { project: 'p', nameSuffix: '-test' };

function compile(...specs: ServiceSpec[]): Dashboard[] {
  const { catalogue } = compileServices(specs, target);
  return [...compileDashboards({ catalogue, policies: compileAlerts(catalogue).policies })];
}

const idOf = ({ name }: Dashboard) => name.split('/').at(-1);
const widgetsOf = (dashboard: Dashboard | undefined) => dashboard?.mosaicLayout.tiles.map(({ widget }) => widget) ?? [];
const titlesOf = (dashboard: Dashboard | undefined) => widgetsOf(dashboard).map(({ title }) => title);

/** What a widget shows, whatever its kind. */
function shown(dashboard: Dashboard | undefined, title: string) {
  const widget: WidgetJson | undefined = widgetsOf(dashboard).find(each => each.title === title);
  assert.ok(widget, `no widget ${title} among ${titlesOf(dashboard).join(', ')}`);
  return {
    chart: 'xyChart' in widget ? widget.xyChart : undefined,
    card: 'scorecard' in widget ? widget.scorecard : undefined,
    text: 'text' in widget ? widget.text.content : undefined,
    incidents: 'incidentList' in widget ? widget.incidentList : undefined,
    logs: 'logsPanel' in widget ? widget.logsPanel : undefined,
  };
}

const runsOn = cloudRun({ service: 'api', location: 'l' });
const common = { goal: 0.999, period: '28d', why: 'Because.' } as const;
const answered = availability({ ...common, sli: cloudRunRequests() });
const fast = latency({ ...common, goal: 0.99, under: '200ms', sli: histogram('http.server.request.duration') });
const api = service('Api', {
  title: 'The API',
  owner: 'team',
  runsOn,
  slos: [answered, fast],
  runbook: 'runbooks/api.md',
});
const many = (count: number, more: Partial<ServiceSpec> = {}) =>
  service('many', {
    ...{ owner: 'o', runsOn, ...more },
    slos: Array.from({ length: count }, (_, index) =>
      objective({ ...common, id: `o${index}`, title: 'Same', sli: ratio(`metric.${index}`, { bad: { ok: 'false' } }) }),
    ),
  });

test('a service has its dashboard and the fleet one more, with the suffix of the environment', () => {
  const dashboards = compile(api);
  assert.deepEqual(dashboards.map(idOf), ['Api-test', 'fleet-test']);
  assert.deepEqual(
    dashboards.map(({ displayName }) => displayName),
    ['The API-test', 'Fleet-test'],
  );
  assert.deepEqual(compile(), []);
});

test('the text says who owns the service, what is promised and why, and where the runbook is', () => {
  const { text } = shown(compile(api)[0], 'About');
  assert.match(text ?? '', /\*\*Owner\*\*: team .* `alerts\/runbooks\/api\.md`/);
  assert.match(text ?? '', /- \*\*Availability\*\*, 99\.9 % over 28 d\. Because\./);
});

test('an SLO shows budget and compliance as shares and its burn beside the thresholds of the tiers', () => {
  const [dashboard] = compile(api);
  const slo = 'projects/p/services/Api-test/serviceLevelObjectives/availability';
  const { card } = shown(dashboard, 'Budget left: Availability');
  assert.deepEqual(card?.timeSeriesQuery, {
    timeSeriesFilter: {
      filter: `select_slo_budget_fraction("${slo}")`,
      aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_NEXT_OLDER' },
    },
    unitOverride: '10^2.%',
  });
  assert.deepEqual(card?.thresholds, [
    { value: 0.25, color: 'YELLOW', direction: 'BELOW' },
    { color: 'RED', direction: 'BELOW' },
  ]);
  const { chart: burn } = shown(dashboard, 'Burn rate: Availability');
  assert.deepEqual(
    burn?.dataSets.map(({ timeSeriesQuery }) => timeSeriesQuery.timeSeriesFilter?.filter),
    [3600, 21_600, 86_400].map(seconds => `select_slo_burn_rate("${slo}", "${seconds}s")`),
  );
  assert.deepEqual(
    burn?.thresholds?.map(({ value }) => value),
    [13.44, 5.6, 2.8],
  );
  const { chart: compliance } = shown(dashboard, 'Compliance over 28 d: Availability');
  assert.equal(compliance?.dataSets[0]?.timeSeriesQuery.timeSeriesFilter?.filter, `select_slo_compliance("${slo}")`);
  assert.deepEqual(compliance?.thresholds, [{ value: 0.999, label: 'goal 99.9 %' }]);
});

test('the budget turns yellow where deploys stop', () => {
  const [dashboard] = compile({ ...api, freeze: { below: 0.1 } });
  assert.equal(shown(dashboard, 'Budget left: Availability').card?.thresholds?.[0]?.value, 0.1);
});

test('golden signals are rates of counters and percentiles of distributions, with the threshold of the SLO', () => {
  const [dashboard] = compile(api);
  const { chart: traffic } = shown(dashboard, 'Traffic: request_count');
  const filter = traffic?.dataSets[0]?.timeSeriesQuery.timeSeriesFilter;
  assert.match(filter?.filter ?? '', /request_count" .*service_name="api-test"/);
  assert.equal(filter?.aggregation?.perSeriesAligner, 'ALIGN_RATE');
  const { chart: errors } = shown(dashboard, 'Errors: Availability');
  assert.match(errors?.dataSets[0]?.timeSeriesQuery.timeSeriesFilter?.filter ?? '', /response_code_class="5xx"/);
  const { chart: percentiles } = shown(dashboard, 'Percentiles: http.server.request.duration');
  assert.deepEqual(
    percentiles?.dataSets.map(
      ({ timeSeriesQuery }) => timeSeriesQuery.timeSeriesFilter?.aggregation?.crossSeriesReducer,
    ),
    ['REDUCE_PERCENTILE_50', 'REDUCE_PERCENTILE_95', 'REDUCE_PERCENTILE_99'],
  );
  assert.deepEqual(percentiles?.thresholds, [{ value: 0.2, label: 'Latency under 200ms' }]);
});

test('good events of a total are charted as a share, and a series that two SLOs count by only once', () => {
  const reads = (id: string, fresh: string) =>
    objective({ ...common, id, title: id, sli: ratio('reads', { good: { fresh } }) });
  const [dashboard] = compile(service('s', { owner: 'o', slos: [reads('a', 'yes'), reads('b', 'maybe')] }));
  const query = shown(dashboard, 'Good share: a').chart?.dataSets[0]?.timeSeriesQuery;
  assert.match(query?.timeSeriesFilterRatio?.numerator.filter ?? '', /fresh="yes"/);
  assert.doesNotMatch(query?.timeSeriesFilterRatio?.denominator.filter ?? '', /fresh/);
  assert.equal(titlesOf(dashboard).filter(title => title?.startsWith('Traffic')).length, 1);
});

test('a service that runs on Cloud Run shows its containers, whatever it is measured by, and another does not', () => {
  const containers = (spec: ServiceSpec) => titlesOf(compile(spec)[0]).filter(title => title?.startsWith('Container '));
  assert.deepEqual(containers(api), [
    'Container CPU utilization',
    'Container memory utilization',
    'Container instances',
  ]);
  assert.equal(containers(service('s', { owner: 'o', runsOn, slos: [fast] })).length, 3);
  assert.deepEqual(containers(service('s', { owner: 'o', runsOn: openTelemetry({ job: 'j' }), slos: [fast] })), []);
});

test('logs are those of the Cloud Run service, or whatever names the job', () => {
  const logs = (spec: ServiceSpec) => shown(compile(spec)[0], 'Warnings and errors').logs?.filter;
  const run = 'resource.type="cloud_run_revision" AND resource.labels.service_name="api-test" AND severity>=WARNING';
  assert.equal(logs(api), run);
  const cart = service('s', { owner: 'o', runsOn: openTelemetry({ job: 'shop/cart' }), slos: [fast] });
  assert.equal(logs(cart), '"cart" AND severity>=WARNING');
  assert.equal(logs(service('s', { owner: 'o', slos: [] })), 'severity>=WARNING');
});

test('incidents are of the policies of the service, found by its id in lower case', () => {
  const other = service('other', { owner: 'o', runsOn, slos: [answered] });
  const names = shown(compile(api, other)[0], 'Incidents').incidents?.policyNames ?? [];
  assert.ok(names.includes('alertPolicies/Api-availability-page-fast-test'));
  assert.deepEqual(
    names.filter(name => !name.startsWith('alertPolicies/Api-')),
    [],
  );
});

test('more policies than a list names are not named at all, and where there is none there is no list', () => {
  const [dashboard] = compile(many(9));
  assert.deepEqual(shown(dashboard, 'Incidents of the project').incidents, {});
  const { catalogue } = compileServices([api], target);
  const [unwatched] = compileDashboards({ catalogue, policies: [] });
  assert.deepEqual(
    widgetsOf(unwatched).filter(widget => 'incidentList' in widget),
    [],
  );
});

test('the pipeline goes from publish over backlog and commit to dead letters, whatever the order of the specs', () => {
  const specs = [
    service('ingest', {
      ...{ owner: 'o', runsOn },
      slos: [latency({ ...common, under: '60s', sli: histogram('warehouse.append.duration') })],
      causes: [
        moreThan(0, { id: 'dead', title: 'Dead letters', why: 'w', of: counter('ingest.dead_letters'), in: '10m' }),
        above(300, { id: 'age', title: 'Old backlog', why: 'w', of: pubsubOldestUnackedAge('sub'), for: '10m' }),
      ],
    }),
    service('publisher', {
      owner: 'o',
      slos: [availability({ ...common, sli: ratio('topic.published', { bad: { ok: 'no' } }) })],
    }),
  ];
  const pipeline = compile(...specs).find(dashboard => idOf(dashboard) === 'ingest-pipeline-test');
  assert.deepEqual(titlesOf(pipeline), [
    ...['Publish', 'Traffic: topic.published', 'Errors: Availability'],
    ...['Backlog', 'Old backlog: oldest_unacked_message_age'],
    ...['Commit', 'Percentiles: warehouse.append.duration'],
    ...['Dead letters', 'Dead letters (2)'],
  ]);
  const { chart } = shown(pipeline, 'Old backlog: oldest_unacked_message_age');
  assert.deepEqual(chart?.thresholds, [{ value: 300, label: 'Old backlog' }]);
});

test('the fleet shows a scorecard for each of 24 SLOs, and tables of some services from 25 on', () => {
  const count = (dashboard: Dashboard | undefined, kind: string) =>
    widgetsOf(dashboard).filter(each => kind in each).length;
  const few = compile(many(24)).at(-1);
  assert.deepEqual([count(few, 'scorecard'), count(few, 'timeSeriesTable')], [24, 0]);
  const lots = compile(
    ...Array.from({ length: 50 }, (_, index) => ({ ...many(4), id: `s${index}`, title: `S${index}` })),
  ).at(-1);
  assert.deepEqual([count(lots, 'scorecard'), count(lots, 'timeSeriesTable')], [0, 10]);
  const slos = widgetsOf(lots).flatMap(widget => ('timeSeriesTable' in widget ? widget.timeSeriesTable.dataSets : []));
  assert.equal(new Set(slos.map(({ timeSeriesQuery }) => timeSeriesQuery.timeSeriesFilter?.filter)).size, 200);
});

test('every dashboard has distinct titles and fewer than 40 widgets, however many SLOs, signals and services there are', () => {
  const fleet = Array.from({ length: 300 }, (_, index) => ({ ...many(1), id: `s${index}`, title: 'One name' }));
  const full = many(5, {
    causes: [above(1, { id: 'a', title: 'A', why: 'w', of: pubsubOldestUnackedAge('sub'), for: '5m' })],
  });
  for (const specs of [everyForm, [api], [full], [many(5), many(24)], [many(500)], fleet]) {
    for (const dashboard of compile(...specs)) {
      const titles = titlesOf(dashboard);
      assert.ok(titles.length < 40, `${dashboard.name} has ${titles.length}`);
      assert.equal(new Set(titles).size, titles.length);
      assert.ok(titles.every(title => title !== undefined));
    }
  }
});

test('a BOOL gauge is the share of points that are true, and a gauge in windows the highest of its values', () => {
  const level = objective({
    ...{
      ...common,
      id: 'l',
      title: 'Young',
      sli: windows({ every: '1m', good: { mean: pubsubOldestUnackedAge('sub'), max: 60 } }),
    },
  });
  const [dashboard] = compile(service('s', { owner: 'o', slos: [level] }));
  const { chart } = shown(dashboard, 'Young: oldest_unacked_message_age');
  assert.deepEqual(chart?.thresholds, [{ value: 60, label: 'Young' }]);
  const passes = shown(compile(...everyForm)[0], 'All errors').chart?.dataSets.map(
    set => set.timeSeriesQuery.timeSeriesFilter,
  );
  assert.ok(passes?.some(filter => filter?.aggregation?.perSeriesAligner === 'ALIGN_FRACTION_TRUE'));
});
