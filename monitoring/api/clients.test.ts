import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protos, v3 } from '@google-cloud/monitoring';
import { PassThroughClient } from 'google-auth-library';
import { NOW_MS, startMonitoring } from './testing.ts';

const name = 'projects/local';
const seconds = NOW_MS / 1000;
const { MetricKind, ValueType } = protos.google.api.MetricDescriptor;

/** Google's own clients over REST, which write enums as numbers and want them so. */
async function withClients<Result>(url: string, run: (clients: ReturnType<typeof open>) => Promise<Result>) {
  const clients = open(url);
  try {
    return await run(clients);
  } finally {
    await Promise.all(Object.values(clients).map(client => client.close()));
  }
}

function open(url: string) {
  const options = {
    ...{ fallback: true as const, protocol: 'http', apiEndpoint: '127.0.0.1', port: Number(new URL(url).port) },
    authClient: new PassThroughClient(),
  };
  return {
    metrics: new v3.MetricServiceClient(options),
    services: new v3.ServiceMonitoringServiceClient(options),
    policies: new v3.AlertPolicyServiceClient(options),
    channels: new v3.NotificationChannelServiceClient(options),
    uptime: new v3.UptimeCheckServiceClient(options),
    groups: new v3.GroupServiceClient(options),
    queries: new v3.QueryServiceClient(options),
  };
}

const retry = { retry: null } as never;
/** Names come back as what might not be there. */
const nameOf = ({ name: given }: { name?: string | null }) => given ?? '';
const slo = {
  goal: 0.999,
  rollingPeriod: { seconds: 28 * 86_400 },
  serviceLevelIndicator: {
    requestBased: {
      goodTotalRatio: {
        badServiceFilter: 'metric.type="run.googleapis.com/request_count" metric.labels.response_code_class="5xx"',
        totalServiceFilter: 'metric.type="run.googleapis.com/request_count"',
      },
    },
  },
};

test('Google’s client makes, reads, changes, lists and removes services and SLOs', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ services }) => {
    const [made] = await services.createService({
      parent: name,
      serviceId: 'api',
      service: { displayName: 'API', custom: {} },
    });
    const parent = nameOf(made);
    assert.equal(parent, `${name}/services/api`);
    for (const id of ['a', 'b', 'c']) {
      await services.createServiceLevelObjective({
        ...{ parent, serviceLevelObjectiveId: id, serviceLevelObjective: slo },
      });
    }
    const [read] = await services.getServiceLevelObjective({ name: `${parent}/serviceLevelObjectives/a` });
    assert.deepEqual([read.goal, Number(read.rollingPeriod?.seconds)], [0.999, 28 * 86_400]);
    const ids: unknown[] = [];
    for await (const each of services.listServiceLevelObjectivesAsync({ parent, pageSize: 2 })) {
      ids.push(each.name?.split('/').at(-1));
    }
    assert.deepEqual(ids, ['a', 'b', 'c']);
    const objective = `${parent}/serviceLevelObjectives/a`;
    const [changed] = await services.updateServiceLevelObjective({
      serviceLevelObjective: { name: objective, goal: 0.99, displayName: 'not in the mask' },
      updateMask: { paths: ['goal'] },
    });
    assert.deepEqual([changed.goal, changed.displayName ?? ''], [0.99, '']);
    await services.deleteServiceLevelObjective({ name: objective });
    await assert.rejects(services.getServiceLevelObjective({ name: objective }, retry), { code: 5 });
    const again = services.createService({ parent: name, serviceId: 'api', service: { custom: {} } });
    await assert.rejects(again, { code: 6, message: /services\/api is there already/ });
    await services.deleteService({ name: parent });
    assert.deepEqual((await services.listServices({ parent: name }))[0], []);
  });
});

test('Google’s client makes, reads, changes, lists and removes alert policies and their channels', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ policies, channels }) => {
    const [channel] = await channels.createNotificationChannel({
      name,
      notificationChannel: { type: 'slack', labels: { channel_name: '#a', auth_token: 'secret' } },
    });
    assert.match(channel.name ?? '', /^projects\/local\/notificationChannels\/\d+$/);
    assert.deepEqual(channel.labels, { channel_name: '#a' });
    const condition = {
      displayName: 'many',
      conditionThreshold: {
        filter: 'metric.type="custom.googleapis.com/a" AND resource.type="global"',
        ...{ comparison: 'COMPARISON_GT' as const, thresholdValue: 5, duration: { seconds: 60 } },
        aggregations: [{ alignmentPeriod: { seconds: 60 }, perSeriesAligner: 'ALIGN_MEAN' as const }],
        evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE' as const,
      },
    };
    const alertPolicy = {
      ...{ displayName: 'p', combiner: 'OR' as const, severity: 'CRITICAL' as const, conditions: [condition] },
      ...{ notificationChannels: [nameOf(channel)], documentation: { content: 'why', mimeType: 'text/markdown' } },
    };
    const [made] = await policies.createAlertPolicy({ name, alertPolicy });
    assert.match(made.name ?? '', /^projects\/local\/alertPolicies\/\d+$/);
    const [read] = await policies.getAlertPolicy({ name: nameOf(made) });
    assert.deepEqual([read.combiner, read.severity, read.enabled?.value], ['OR', 'CRITICAL', true]);
    const threshold = read.conditions?.[0]?.conditionThreshold;
    assert.deepEqual(
      [threshold?.comparison, threshold?.aggregations?.[0]?.perSeriesAligner, threshold?.evaluationMissingData],
      ['COMPARISON_GT', 'ALIGN_MEAN', 'EVALUATION_MISSING_DATA_INACTIVE'],
    );
    assert.equal(Number(read.creationRecord?.mutateTime?.seconds), seconds);
    const [changed] = await policies.updateAlertPolicy({
      alertPolicy: {
        name: nameOf(made),
        enabled: { value: false },
        documentation: { content: 'because' },
        displayName: 'q',
      },
      updateMask: { paths: ['enabled', 'documentation.content'] },
    });
    assert.deepEqual(
      [changed.enabled?.value, changed.documentation?.content, changed.documentation?.mimeType, changed.displayName],
      [false, 'because', 'text/markdown', 'p'],
    );
    const remove = channels.deleteNotificationChannel({ name: nameOf(channel) });
    await assert.rejects(remove, { code: 9, message: /is used by projects\/local\/alertPolicies/ });
    await channels.deleteNotificationChannel({ name: nameOf(channel), force: true });
    assert.deepEqual((await policies.getAlertPolicy({ name: nameOf(made) }))[0].notificationChannels, []);
    assert.equal((await policies.listAlertPolicies({ name }))[0].length, 1);
    await policies.deleteAlertPolicy({ name: nameOf(made) });
    await assert.rejects(policies.getAlertPolicy({ name: nameOf(made) }, retry), { code: 5 });
  });
});

test('Google’s client writes points and reads them, raw and aligned, page by page', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ metrics }) => {
    const resource = { type: 'global', labels: {} };
    const write = (code: string, minutesAgo: number, int64Value: number) => ({
      ...{ metric: { type: 'custom.googleapis.com/a', labels: { code } }, resource },
      points: [{ interval: { endTime: { seconds: seconds - minutesAgo * 60 } }, value: { int64Value } }],
    });
    for (const minutesAgo of [3, 2, 1, 0]) {
      await metrics.createTimeSeries({
        name,
        timeSeries: [write('x', minutesAgo, 4 - minutesAgo), write('y', minutesAgo, 10)],
      });
    }
    const interval = { startTime: { seconds: seconds - 240 }, endTime: { seconds } };
    const request = { name, filter: 'metric.type="custom.googleapis.com/a"', interval };
    const [raw] = await metrics.listTimeSeries(request);
    assert.deepEqual(
      raw.map(({ metric, metricKind, valueType, points }) => [
        metric?.labels?.code,
        metricKind,
        valueType,
        points?.map(({ value }) => Number(value?.int64Value)),
      ]),
      [
        ['x', 'GAUGE', 'INT64', [4, 3, 2, 1]],
        ['y', 'GAUGE', 'INT64', [10, 10, 10, 10]],
      ],
    );
    let points = 0;
    for await (const series of metrics.listTimeSeriesAsync({ ...request, pageSize: 3 }))
      points += series.points?.length ?? 0;
    assert.equal(points, 8);
    const aggregation = {
      ...{ alignmentPeriod: { seconds: 120 }, perSeriesAligner: 'ALIGN_MEAN' as const },
      ...{ crossSeriesReducer: 'REDUCE_SUM' as const, groupByFields: ['resource.labels.project_id'] },
    };
    const [[joined]] = await metrics.listTimeSeries({ ...request, aggregation });
    assert.deepEqual([joined?.metric?.labels, joined?.resource?.labels], [{}, { project_id: 'local' }]);
    assert.deepEqual(
      joined?.points?.map(({ value }) => value?.doubleValue),
      [13.5, 11.5],
    );
    const [headers] = await metrics.listTimeSeries({ ...request, view: 'HEADERS' });
    assert.deepEqual(
      headers.map(one => one.points),
      [[], []],
    );
  });
});

test('Google’s client describes metrics and monitored resources', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ metrics }) => {
    const descriptor = {
      type: 'custom.googleapis.com/shop/orders',
      metricKind: MetricKind.CUMULATIVE,
      valueType: ValueType.INT64,
    };
    const [made] = await metrics.createMetricDescriptor({
      name,
      metricDescriptor: { ...descriptor, labels: [{ key: 'a' }] },
    });
    assert.equal(made.name, `${name}/metricDescriptors/custom.googleapis.com/shop/orders`);
    const [read] = await metrics.getMetricDescriptor({ name: nameOf(made) });
    assert.deepEqual([read.metricKind, read.valueType, read.labels?.[0]?.key], ['CUMULATIVE', 'INT64', 'a']);
    const [found] = await metrics.listMetricDescriptors({
      name,
      filter: 'metric.type=starts_with("custom.googleapis.com/")',
    });
    assert.deepEqual(
      found.map(({ type }) => type),
      [descriptor.type],
    );
    const run = await metrics.getMetricDescriptor({
      name: `${name}/metricDescriptors/run.googleapis.com/request_count`,
    });
    assert.deepEqual([run[0].metricKind, run[0].monitoredResourceTypes], ['DELTA', ['cloud_run_revision']]);
    await metrics.deleteMetricDescriptor({ name: nameOf(made) });
    await assert.rejects(metrics.getMetricDescriptor({ name: nameOf(made) }, retry), { code: 5 });
    const [resources] = await metrics.listMonitoredResourceDescriptors({ name });
    assert.ok(resources.some(({ type }) => type === 'prometheus_target'));
    const [task] = await metrics.getMonitoredResourceDescriptor({
      name: `${name}/monitoredResourceDescriptors/generic_task`,
    });
    assert.deepEqual(
      task.labels?.map(({ key }) => key),
      ['project_id', 'location', 'namespace', 'job', 'task_id'],
    );
  });
});

test('Google’s client makes, changes and removes uptime checks and groups, and knows channel types', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ uptime, groups, channels }) => {
    const uptimeCheckConfig = {
      ...{ displayName: 'Front door', monitoredResource: { type: 'uptime_url', labels: { host: 'example.com' } } },
      ...{ httpCheck: { path: '/', requestMethod: 'GET' as const }, period: { seconds: 60 }, timeout: { seconds: 10 } },
    };
    const [check] = await uptime.createUptimeCheckConfig({ parent: name, uptimeCheckConfig });
    assert.match(check.name ?? '', /uptimeCheckConfigs\/front-door-\d+$/);
    assert.equal(check.httpCheck?.requestMethod, 'GET');
    const update = {
      uptimeCheckConfig: { name: nameOf(check), timeout: { seconds: 5 } },
      updateMask: { paths: ['timeout'] },
    };
    assert.equal(Number((await uptime.updateUptimeCheckConfig(update))[0].timeout?.seconds), 5);
    await uptime.deleteUptimeCheckConfig({ name: nameOf(check) });
    assert.equal((await uptime.listUptimeCheckIps({}))[0].length, 1);
    const [group] = await groups.createGroup({ name, group: { displayName: 'g', filter: 'resource.type="global"' } });
    await groups.updateGroup({ group: { ...group, displayName: 'h' } });
    assert.deepEqual(
      (await groups.listGroups({ name }))[0].map(({ displayName }) => displayName),
      ['h'],
    );
    assert.deepEqual((await groups.listGroupMembers({ name: nameOf(group) }))[0], []);
    await groups.deleteGroup({ name: nameOf(group) });
    const [types] = await channels.listNotificationChannelDescriptors({ name });
    assert.ok(types.some(({ type }) => type === 'pagerduty'));
    const [email] = await channels.getNotificationChannelDescriptor({
      name: `${name}/notificationChannelDescriptors/email`,
    });
    assert.deepEqual(
      email.labels?.map(({ key }) => key),
      ['email_address'],
    );
  });
});

test('what is wrong is told to Google’s client by code and by field', async () => {
  await using server = await startMonitoring();
  await withClients(server.url, async ({ services, metrics, queries }) => {
    await services.createService({ parent: name, serviceId: 'api', service: { custom: {} } });
    const parent = `${name}/services/api`;
    const wrong = services.createServiceLevelObjective({ parent, serviceLevelObjective: { ...slo, goal: 2 } });
    await assert.rejects(wrong, error => {
      const { code, statusDetails } = error as Error & { code: number; statusDetails: { fieldViolations: object[] }[] };
      assert.equal(code, 3);
      assert.deepEqual(
        statusDetails[0]?.fieldViolations.map(violation => ({ ...violation })),
        [{ field: 'goal', description: 'must be above 0 and at most 0.9999, not 2' }],
      );
      return true;
    });
    const absent = services.createServiceLevelObjective({
      parent: `${name}/services/none`,
      serviceLevelObjective: slo,
    });
    await assert.rejects(absent, { code: 5 });
    const elsewhere = metrics.listMetricDescriptors({ name: 'projects/elsewhere' }, retry);
    await assert.rejects(elsewhere, { code: 5, message: /There is no project elsewhere: local is served here/ });
    const mql = queries.queryTimeSeries({ name, query: 'fetch global' }, retry);
    await assert.rejects(mql, { code: 12, message: /MQL is retired/ });
    const write = metrics.createTimeSeries(
      { name, timeSeries: [{ metric: { type: 'custom.googleapis.com/a' } }] },
      retry,
    );
    await assert.rejects(write, { code: 3, message: /One or more TimeSeries could not be written/ });
  });
});
