import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startMonitoring } from './testing.ts';

const project = '/v3/projects/local';
const server = await startMonitoring();
after(() => server[Symbol.asyncDispose]());

type Json = Record<string, unknown>;
const custom = '/services?serviceId=api';
await server.ask('POST', `${project}${custom}`, { custom: {} });
const cloudRun = { serviceType: 'CLOUD_RUN', serviceLabels: { service_name: 'run', location: 'l' } };
await server.ask('POST', `${project}/services?serviceId=run`, { basicService: cloudRun });

const counter = 'metric.type="run.googleapis.com/request_count"';
const latencies = 'metric.type="run.googleapis.com/request_latencies"';
const gauge = 'metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age"';
const passed = 'metric.type="monitoring.googleapis.com/uptime_check/check_passed"';
const ratio = (good?: string, bad?: string, total?: string) => ({
  goodTotalRatio: {
    ...(good !== undefined && { goodServiceFilter: good }),
    ...(bad !== undefined && { badServiceFilter: bad }),
    ...(total !== undefined && { totalServiceFilter: total }),
  },
});
const cut = (distributionFilter: string, range?: object) => ({ distributionCut: { distributionFilter, range } });
const slo = (more: Json = {}, sli: Json = { requestBased: ratio(undefined, counter, counter) }): Json => ({
  ...{ goal: 0.99, rollingPeriod: '86400s', serviceLevelIndicator: sli, ...more },
});
const requests = (requestBased: object) => slo({}, { requestBased });
const windows = (windowsBased: object) => slo({}, { windowsBased: { windowPeriod: '60s', ...windowsBased } });

/** What is made, or the fields that are wrong. */
async function fieldsOf(path: string, json: Json, method = 'POST'): Promise<string[] | string> {
  const { status, body } = await server.ask(method, path, json);
  if (status === 200) return [];
  const { error } = body as { error: { status: string; details?: { fieldViolations: { field: string }[] }[] } };
  const violations = error.details?.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));
  return violations ?? error.status;
}

/** Each of some bodies is refused for these fields, or taken where there are none. */
function cases(what: string, path: string, rows: readonly (readonly [string, Json, ...string[]])[]): void {
  for (const [name, json, ...fields] of rows) {
    test(`${what} ${name} is ${fields.length === 0 ? 'taken' : `refused for ${fields}`}`, async () => {
      const found = await fieldsOf(path, json);
      assert.deepEqual(found, fields.length === 1 && /^[A-Z_]+$/.test(fields[0] ?? '') ? fields[0] : fields);
    });
  }
}

const sli = 'serviceLevelIndicator';
cases('an SLO', `${project}/services/api/serviceLevelObjectives`, [
  ['as it should be', slo()],
  ['with the highest goal', slo({ goal: 0.9999 })],
  ['with a goal of 0', slo({ goal: 0 }), 'goal'],
  ['with a goal above 0.9999', slo({ goal: 0.99999 }), 'goal'],
  ['with a goal that is no number', slo({ goal: 'a' }), 'goal'],
  ['of 30 days', slo({ rollingPeriod: '2592000s' })],
  ['of 31 days', slo({ rollingPeriod: '2678400s' }), 'rollingPeriod'],
  ['of half a day', slo({ rollingPeriod: '43200s' }), 'rollingPeriod'],
  ['of a length that is none', slo({ rollingPeriod: '1d' }), 'rollingPeriod'],
  ['of a month', slo({ rollingPeriod: null, calendarPeriod: 'MONTH' })],
  ['of a year', slo({ rollingPeriod: null, calendarPeriod: 'YEAR' }), 'calendarPeriod'],
  ['with both kinds of period', slo({ calendarPeriod: 'DAY' }), 'calendarPeriod'],
  ['without a period', slo({ rollingPeriod: null }), 'rollingPeriod'],
  ['without an SLI', slo({}, {}), sli],
  [
    'with two SLIs',
    slo({}, { requestBased: ratio(counter, counter), basicSli: { availability: {} } }),
    `${sli}.basicSli`,
  ],
  ['with a basic SLI of a custom service', slo({}, { basicSli: { availability: {} } }), `${sli}.basicSli`],
  ['with one count', requests(ratio(counter)), `${sli}.requestBased.goodTotalRatio`],
  ['with three counts', requests(ratio(counter, counter, counter)), `${sli}.requestBased.goodTotalRatio`],
  [
    'that counts a gauge',
    requests(ratio(counter, undefined, gauge)),
    `${sli}.requestBased.goodTotalRatio.totalServiceFilter`,
  ],
  [
    'that counts distributions',
    requests(ratio(counter, latencies)),
    `${sli}.requestBased.goodTotalRatio.badServiceFilter`,
  ],
  [
    'with a broken filter',
    requests(ratio(counter, 'metric.type=')),
    `${sli}.requestBased.goodTotalRatio.badServiceFilter`,
  ],
  [
    'with a filter of no metric',
    requests(ratio(counter, 'project="a"')),
    `${sli}.requestBased.goodTotalRatio.badServiceFilter`,
  ],
  [
    'with a filter that is too long',
    requests(ratio(counter, `${counter} AND project="${'a'.repeat(2048)}"`)),
    `${sli}.requestBased.goodTotalRatio.badServiceFilter`,
  ],
  ['that cuts a distribution', requests(cut(latencies, { max: 200 }))],
  ['that cuts without a maximum', requests(cut(latencies, { min: 200 })), `${sli}.requestBased.distributionCut.range`],
  ['that cuts without a range', requests(cut(latencies)), `${sli}.requestBased.distributionCut.range`],
  ['that cuts a count', requests(cut(counter, { max: 1 })), `${sli}.requestBased.distributionCut.distributionFilter`],
  ['of good windows', windows({ goodBadMetricFilter: passed })],
  ['of good windows by a number', windows({ goodBadMetricFilter: gauge }), `${sli}.windowsBased.goodBadMetricFilter`],
  [
    'of windows by the mean of a gauge in no range',
    windows({ metricMeanInRange: { timeSeries: gauge } }),
    `${sli}.windowsBased.metricMeanInRange.range`,
  ],
  [
    'of windows by the sum of a gauge in a range that ends before it begins',
    windows({ metricSumInRange: { timeSeries: gauge, range: { min: 5, max: 1 } } }),
    `${sli}.windowsBased.metricSumInRange.range`,
  ],
  ['of windows by the mean of a gauge', windows({ metricMeanInRange: { timeSeries: gauge, range: { max: 60 } } })],
  [
    'of windows by the mean of a count',
    windows({ metricMeanInRange: { timeSeries: counter, range: { max: 1 } } }),
    `${sli}.windowsBased.metricMeanInRange.timeSeries`,
  ],
  [
    'of windows by the sum of a switch',
    windows({ metricSumInRange: { timeSeries: passed, range: { max: 1 } } }),
    `${sli}.windowsBased.metricSumInRange.timeSeries`,
  ],
  ['of windows without a test', windows({}), `${sli}.windowsBased`],
  [
    'of windows of 59 s',
    windows({ windowPeriod: '59s', goodBadMetricFilter: passed }),
    `${sli}.windowsBased.windowPeriod`,
  ],
  [
    'of windows of 7 min',
    windows({ windowPeriod: '420s', goodBadMetricFilter: passed }),
    `${sli}.windowsBased.windowPeriod`,
  ],
  [
    'of windows by a ratio',
    windows({ goodTotalRatioThreshold: { threshold: 0.9, performance: ratio(counter, counter) } }),
  ],
  [
    'of windows by a ratio above 1',
    windows({ goodTotalRatioThreshold: { threshold: 1.1, performance: ratio(counter, counter) } }),
    `${sli}.windowsBased.goodTotalRatioThreshold.threshold`,
  ],
  [
    'of windows by no ratio',
    windows({ goodTotalRatioThreshold: { threshold: 1 } }),
    `${sli}.windowsBased.goodTotalRatioThreshold`,
  ],
  [
    'of windows by a basic SLI',
    windows({ goodTotalRatioThreshold: { threshold: 1, basicSliPerformance: { availability: {} } } }),
    `${sli}.basicSli`,
  ],
  ['with an unknown field', slo({ aim: 1 }), 'aim'],
  ['with a label in capitals', slo({ userLabels: { Team: 'a' } }), 'userLabels.Team'],
  ['with a label’s value in capitals', slo({ userLabels: { team: 'A' } }), 'userLabels.team'],
  ['with a long label', slo({ userLabels: { team: 'a'.repeat(64) } }), 'userLabels.team'],
  [
    'with 65 labels',
    slo({ userLabels: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, ''])) }),
    'userLabels',
  ],
]);

cases('an SLO of a Cloud Run service', `${project}/services/run/serviceLevelObjectives`, [
  ['with a basic SLI', slo({}, { basicSli: { availability: {} } })],
  [
    'with a basic SLI of both sorts',
    slo({}, { basicSli: { availability: {}, latency: { threshold: '1s' } } }),
    `${sli}.basicSli.latency`,
  ],
  ['with a basic SLI of no sort', slo({}, { basicSli: {} }), `${sli}.basicSli`],
  [
    'with a basic SLI of no latency',
    slo({}, { basicSli: { latency: { threshold: '0s' } } }),
    `${sli}.basicSli.latency.threshold`,
  ],
]);
cases('an SLO of an absent service', `${project}/services/none/serviceLevelObjectives`, [
  ['as it should be', slo(), 'NOT_FOUND'],
]);
cases('an SLO’s id', `${project}/services/api/serviceLevelObjectives?serviceLevelObjectiveId=a%20b`, [
  ['with a space', slo(), 'serviceLevelObjectiveId'],
]);
cases('a service’s id', `${project}/services?serviceId=Api`, [['in capitals', { custom: {} }, 'serviceId']]);
cases('a service', `${project}/services`, [
  ['of nothing', { displayName: 'a' }, 'custom'],
  ['of two things', { custom: {}, appEngine: { moduleId: 'a' } }, 'appEngine'],
  ['with a long title', { custom: {}, displayName: 'a'.repeat(513) }, 'displayName'],
]);

await server.ask('POST', `${project}/services/api/serviceLevelObjectives?serviceLevelObjectiveId=a`, slo());
const own = 'metric.type="custom.googleapis.com/a" AND resource.type="global"';
const aligned = (more: Json = {}) => ({ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN', ...more });
const threshold = (more: Json = {}) => ({
  displayName: 'c',
  conditionThreshold: { filter: own, comparison: 'COMPARISON_GT', duration: '60s', ...more },
});
const absent = (more: Json = {}) => ({ displayName: 'c', conditionAbsent: { filter: own, duration: '120s', ...more } });
const promql = (more: Json = {}) => ({ displayName: 'c', conditionPrometheusQueryLanguage: { query: 'a', ...more } });
const log = { displayName: 'c', conditionMatchedLog: { filter: 'severity=ERROR' } };
const policy = (conditions: unknown[] = [threshold()], more: Json = {}): Json => ({
  ...{ displayName: 'p', combiner: 'OR', conditions, ...more },
});
const burn = (name: string) => threshold({ filter: `select_slo_burn_rate("${name}", "3600s")`, duration: '0s' });
const at = 'conditions[0].conditionThreshold';

cases('a policy', `${project}/alertPolicies`, [
  ['as it should be', policy()],
  ['without a title', policy(undefined, { displayName: '' }), 'displayName'],
  ['without conditions', policy([]), 'conditions'],
  ['with 7 conditions', policy(Array.from({ length: 7 }, () => threshold())), 'conditions'],
  ['of two conditions without a combiner', policy([threshold(), threshold()], { combiner: null }), 'combiner'],
  ['of one condition without a combiner', policy(undefined, { combiner: null })],
  ['with a combiner that is none', policy(undefined, { combiner: 'XOR' }), 'combiner'],
  ['with a condition without a test', policy([{ displayName: 'c' }]), 'conditions[0]'],
  ['with a condition without a title', policy([{ ...threshold(), displayName: '' }]), 'conditions[0].displayName'],
  [
    'in MQL',
    policy([{ displayName: 'c', conditionMonitoringQueryLanguage: { query: 'fetch' } }]),
    'conditions[0].conditionMonitoringQueryLanguage',
  ],
  ['with a broken filter', policy([threshold({ filter: 'a' })]), `${at}.filter`],
  ['without a filter', policy([threshold({ filter: '' })]), `${at}.filter`],
  ['that compares by >=', policy([threshold({ comparison: 'COMPARISON_GE' })]), `${at}.comparison`],
  ['that waits 90 s', policy([threshold({ duration: '90s' })]), `${at}.duration`],
  ['that waits a day', policy([threshold({ duration: '86400s' })]), `${at}.duration`],
  [
    'that says what missing data is, and does not wait',
    policy([threshold({ duration: '0s', evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE' })]),
    `${at}.evaluationMissingData`,
  ],
  ['that says what missing data is', policy([threshold({ evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE' })])],
  ['that wants no series', policy([threshold({ trigger: { count: -1 } })]), `${at}.trigger.count`],
  ['that wants 101 % of the series', policy([threshold({ trigger: { percent: 101 } })]), `${at}.trigger.percent`],
  ['that aligns', policy([threshold({ aggregations: [aligned()] })])],
  [
    'that aligns to 59 s',
    policy([threshold({ aggregations: [aligned({ alignmentPeriod: '59s' })] })]),
    `${at}.aggregations[0].alignmentPeriod`,
  ],
  ['that aligns to 25 h', policy([threshold({ aggregations: [aligned({ alignmentPeriod: '90000s' })] })])],
  [
    'that aligns to more',
    policy([threshold({ aggregations: [aligned({ alignmentPeriod: '90060s' })] })]),
    `${at}.aggregations[0].alignmentPeriod`,
  ],
  ['with a field that no series has', policy([threshold({ filter: `${own} AND metric.code="5"` })]), `${at}.filter`],
  [
    'that reduces what is not aligned',
    policy([threshold({ aggregations: [{ crossSeriesReducer: 'REDUCE_SUM' }] })]),
    `${at}.aggregations[0].perSeriesAligner`,
  ],
  [
    'that aligns as nobody does',
    policy([threshold({ aggregations: [aligned({ perSeriesAligner: 'ALIGN_ODDLY' })] })]),
    `${at}.aggregations[0].perSeriesAligner`,
  ],
  [
    'that aligns a count as a gauge',
    policy([threshold({ filter: counter, aggregations: [aligned({ perSeriesAligner: 'ALIGN_NEXT_OLDER' })] })]),
    `${at}.aggregations[0].perSeriesAligner`,
  ],
  [
    'that takes percentiles of counts',
    policy([threshold({ filter: counter, aggregations: [aligned({ perSeriesAligner: 'ALIGN_PERCENTILE_99' })] })]),
    `${at}.aggregations[0].perSeriesAligner`,
  ],
  [
    'that takes the greatest of distributions',
    policy([
      threshold({
        filter: latencies,
        aggregations: [aligned({ perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_MAX' })],
      }),
    ]),
    `${at}.aggregations[0].crossSeriesReducer`,
  ],
  [
    'that groups by what is no label',
    policy([threshold({ aggregations: [aligned({ groupByFields: ['zone'] })] })]),
    `${at}.aggregations[0].groupByFields[0]`,
  ],
  ['of a ratio of metrics', policy([threshold({ denominatorFilter: own, denominatorAggregations: [aligned()] })])],
  ['of a ratio without a metric', policy([threshold({ denominatorFilter: 'project="a"' })]), `${at}.denominatorFilter`],
  ['of a burn rate', policy([burn('projects/local/services/api/serviceLevelObjectives/a')])],
  ['of the burn rate of no SLO', policy([burn('projects/local/services/api/serviceLevelObjectives/z')]), 'NOT_FOUND'],
  [
    'of a burn rate that looks back 25 h',
    policy([threshold({ filter: 'select_slo_burn_rate("a", "25h")' })]),
    `${at}.filter`,
  ],
  ['of an SLO’s luck', policy([threshold({ filter: 'select_slo_luck("a")' })]), `${at}.filter`],
  ['of an absence', policy([absent()])],
  ['of an absence of a minute', policy([absent({ duration: '60s' })]), 'conditions[0].conditionAbsent.duration'],
  ['of an absence of a day', policy([absent({ duration: '86400s' })]), 'conditions[0].conditionAbsent.duration'],
  [
    'of the absence of an SLO',
    policy([absent({ filter: 'select_slo_health("a")' })]),
    'conditions[0].conditionAbsent.filter',
  ],
  ['in PromQL', policy([promql({ duration: '60s', evaluationInterval: '30s' })])],
  [
    'in PromQL every 45 s',
    policy([promql({ evaluationInterval: '45s' })]),
    'conditions[0].conditionPrometheusQueryLanguage.evaluationInterval',
  ],
  [
    'in PromQL without a query',
    policy([promql({ query: ' ' })]),
    'conditions[0].conditionPrometheusQueryLanguage.query',
  ],
  [
    'in PromQL that waits less than nothing',
    policy([promql({ duration: '-60s' })]),
    'conditions[0].conditionPrometheusQueryLanguage.duration',
  ],
  ['in PromQL and more', policy([promql(), threshold()]), 'conditions'],
  ['of logs', policy([log], { alertStrategy: { notificationRateLimit: { period: '300s' } } })],
  [
    'of logs without a filter',
    policy([{ ...log, conditionMatchedLog: {} }], { alertStrategy: { notificationRateLimit: { period: '300s' } } }),
    'conditions[0].conditionMatchedLog.filter',
  ],
  ['of logs without a limit', policy([log]), 'alertStrategy.notificationRateLimit'],
  [
    'of no logs with a limit',
    policy(undefined, { alertStrategy: { notificationRateLimit: { period: '300s' } } }),
    'alertStrategy.notificationRateLimit',
  ],
  ['that closes after 29 min', policy(undefined, { alertStrategy: { autoClose: '1740s' } }), 'alertStrategy.autoClose'],
  [
    'that closes after 8 days',
    policy(undefined, { alertStrategy: { autoClose: '691200s' } }),
    'alertStrategy.autoClose',
  ],
  [
    'with an absent channel',
    policy(undefined, { notificationChannels: ['projects/local/notificationChannels/1'] }),
    'notificationChannels[0]',
  ],
  ['with a long text', policy(undefined, { documentation: { content: 'a'.repeat(8193) } }), 'documentation.content'],
  [
    'with a text of many bytes',
    policy(undefined, { documentation: { content: 'é'.repeat(5121) } }),
    'documentation.content',
  ],
  ['with a long subject', policy(undefined, { documentation: { subject: 'é'.repeat(128) } }), 'documentation.subject'],
  [
    'with 4 links',
    policy(undefined, { documentation: { links: Array.from({ length: 4 }, () => ({ url: 'a' })) } }),
    'documentation.links',
  ],
]);

test('a policy of 17 channels is refused', async () => {
  const { body } = await server.ask('POST', `${project}/notificationChannels`, {
    type: 'email',
    labels: { email_address: 'a@example.com' },
  });
  const notificationChannels = Array.from({ length: 17 }, () => body.name);
  assert.deepEqual(await fieldsOf(`${project}/alertPolicies`, policy(undefined, { notificationChannels })), [
    'notificationChannels',
  ]);
});

cases('a channel', `${project}/notificationChannels`, [
  ['of no type', { labels: {} }, 'type'],
  ['of an unknown type', { type: 'pigeon' }, 'type'],
  ['without its address', { type: 'email' }, 'labels.email_address'],
  ['with another’s label', { type: 'email', labels: { email_address: 'a@example.com', number: '1' } }, 'labels.number'],
]);

const check = (more: Json = {}) => ({
  ...{
    displayName: 'u',
    monitoredResource: { type: 'uptime_url', labels: { host: 'a' } },
    httpCheck: {},
    timeout: '1s',
    ...more,
  },
});
cases('an uptime check', `${project}/uptimeCheckConfigs`, [
  ['as it should be', check()],
  ['without a title', check({ displayName: '' }), 'displayName'],
  ['that asks nothing', check({ httpCheck: null }), 'httpCheck'],
  ['of nothing', check({ monitoredResource: null }), 'monitoredResource'],
  ['without a host', check({ monitoredResource: { type: 'uptime_url' } }), 'monitoredResource.labels.host'],
  ['every 2 min', check({ period: '120s' }), 'period'],
  ['without a timeout', check({ timeout: null }), 'timeout'],
  ['that waits 61 s', check({ timeout: '61s' }), 'timeout'],
  ['of two texts', check({ contentMatchers: [{ content: 'a' }, { content: 'b' }] }), 'contentMatchers'],
  ['from two regions', check({ selectedRegions: ['USA', 'EUROPE'] }), 'selectedRegions'],
]);

cases('a group', `${project}/groups`, [
  ['without a title', { filter: 'resource.type="a"' }, 'displayName'],
  ['with a broken filter', { displayName: 'g', filter: '(' }, 'filter'],
  [
    'below none',
    { displayName: 'g', filter: 'resource.type="a"', parentName: 'projects/local/groups/1' },
    'parentName',
  ],
]);

const tile = (more: Json = {}) => ({ width: 4, height: 4, widget: { text: { content: 'a' } }, ...more });
const dashboard = (mosaicLayout: Json): Json => ({ displayName: 'd', mosaicLayout });
cases('a dashboard', '/v1/projects/local/dashboards', [
  ['as it should be', dashboard({ columns: 48, tiles: [tile(), tile({ xPos: 44 })] })],
  ['without a title', { mosaicLayout: {} }, 'displayName'],
  ['with two layouts', { displayName: 'd', mosaicLayout: {}, gridLayout: {} }, 'gridLayout'],
  ['with 49 columns', dashboard({ columns: 49 }), 'mosaicLayout.columns'],
  ['with a tile beyond its columns', dashboard({ columns: 12, tiles: [tile({ xPos: 9 })] }), 'mosaicLayout.tiles[0]'],
  ['with a tile without a height', dashboard({ tiles: [tile({ height: 0 })] }), 'mosaicLayout.tiles[0]'],
  ['with an empty tile', dashboard({ tiles: [tile({ widget: null })] }), 'mosaicLayout.tiles[0].widget'],
  [
    'with a widget of two kinds',
    dashboard({ tiles: [tile({ widget: { text: {}, blank: {} } })] }),
    'mosaicLayout.tiles[0].widget.blank',
  ],
  [
    'with a widget that is none',
    dashboard({ tiles: [tile({ widget: { sloBudget: {} } })] }),
    'mosaicLayout.tiles[0].widget.sloBudget',
  ],
  [
    'with a plot that is none',
    dashboard({ tiles: [tile({ widget: { xyChart: { dataSets: [{ plotType: 'CAKE' }] } } })] }),
    'mosaicLayout.tiles[0].widget.xyChart.dataSets[0].plotType',
  ],
  ['with a name of its own', { displayName: 'd', name: 'projects/local/dashboards/own' }],
  ['with a name of elsewhere', { displayName: 'd', name: 'projects/other/dashboards/own' }, 'name'],
]);

const descriptor = (more: Json = {}) => ({
  type: 'custom.googleapis.com/d',
  metricKind: 'GAUGE',
  valueType: 'DOUBLE',
  ...more,
});
cases('a metric', `${project}/metricDescriptors`, [
  ['as it should be', descriptor()],
  ['of Google’s', descriptor({ type: 'run.googleapis.com/d' }), 'type'],
  ['of deltas', descriptor({ type: 'custom.googleapis.com/e', metricKind: 'DELTA' }), 'metricKind'],
  ['of no type', descriptor({ type: 'custom.googleapis.com/e', valueType: null }), 'valueType'],
  ['of another kind than before', descriptor({ metricKind: 'CUMULATIVE' }), 'metricKind'],
  ['of another type than before', descriptor({ valueType: 'INT64' }), 'valueType'],
]);
