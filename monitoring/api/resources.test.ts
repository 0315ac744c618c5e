import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DashboardsServiceClient } from '@google-cloud/monitoring-dashboards';
import { PassThroughClient } from 'google-auth-library';
import { createManualClock } from '../../base/clock.ts';
import { openResources } from '../resources/resources.ts';
import { NOW_MS, startMonitoring } from './testing.ts';

const project = '/v3/projects/local';
type Json = Record<string, unknown>;
const namesOf = (list: unknown) => (list as { name: string }[] | undefined)?.map(({ name }) => name.split('/').at(-1));

test('Google’s client of dashboards, too, makes, changes, lists and removes them, its enums as numbers', async () => {
  await using server = await startMonitoring();
  const client = new DashboardsServiceClient({
    ...{ fallback: true, protocol: 'http', apiEndpoint: '127.0.0.1', port: Number(new URL(server.url).port) },
    // It has a library of its own for that, of another release.
    authClient: new PassThroughClient() as never,
  });
  try {
    const chart = { dataSets: [{ plotType: 'LINE' as const, timeSeriesQuery: { prometheusQuery: 'up' } }] };
    const mosaicLayout = { columns: 48, tiles: [{ width: 24, height: 16, widget: { title: 't', xyChart: chart } }] };
    const [made] = await client.createDashboard({
      parent: 'projects/local',
      dashboard: { displayName: 'd', mosaicLayout },
    });
    assert.equal(made.mosaicLayout?.tiles?.[0]?.widget?.xyChart?.dataSets?.[0]?.plotType, 'LINE');
    const changed = { name: made.name ?? '', displayName: 'e', etag: made.etag ?? '', mosaicLayout };
    const [updated] = await client.updateDashboard({ dashboard: changed });
    assert.deepEqual([updated.displayName, updated.etag === made.etag], ['e', false]);
    await assert.rejects(client.updateDashboard({ dashboard: changed }), /has changed since it was read.*ABORTED/);
    assert.equal((await client.listDashboards({ parent: 'projects/local' }))[0].length, 1);
    await client.createDashboard({ parent: 'projects/local', dashboard: { displayName: 'trial' }, validateOnly: true });
    await client.deleteDashboard({ name: made.name ?? '' });
    assert.equal((await client.listDashboards({ parent: 'projects/local' }))[0].length, 0);
  } finally {
    await client.close();
  }
});

test('a list’s filter selects by field, by label, and by what a field holds', async () => {
  await using server = await startMonitoring();
  for (const [id, team] of [
    ['a', 'one'],
    ['b', 'two'],
    ['c', ''],
  ]) {
    const userLabels = team === '' ? {} : { 'of-team': team };
    await server.ask('POST', `${project}/services?serviceId=${id}`, {
      custom: {},
      displayName: `Title ${id}`,
      userLabels,
    });
  }
  const select = async (filter: string) =>
    namesOf((await server.ask('GET', `${project}/services?${new URLSearchParams({ filter })}`)).body.services);
  assert.deepEqual(await select('display_name="Title a"'), ['a']);
  assert.deepEqual(
    await select(
      'displayName=starts_with("Title") AND NOT user_labels.of-team="one"'.replace('.of-team', '."of-team"'),
    ),
    ['b', 'c'],
  );
  assert.deepEqual(await select('user_labels."of-team":"o"'), ['a', 'b']);
  assert.equal(await select('nothing="a"'), undefined);
});

test('pages of a list follow each other', async () => {
  await using server = await startMonitoring();
  for (const id of ['c', 'a', 'b']) await server.ask('POST', `${project}/services?serviceId=${id}`, { custom: {} });
  const first = (await server.ask('GET', `${project}/services?pageSize=2`)).body;
  assert.deepEqual(namesOf(first.services), ['c', 'a']);
  const second = (await server.ask('GET', `${project}/services?pageSize=2&pageToken=${first.nextPageToken}`)).body;
  assert.deepEqual([namesOf(second.services), second.nextPageToken], [['b'], undefined]);
  const other = await server.ask('GET', `${project}/services?filter=custom=""&pageToken=${first.nextPageToken}`);
  assert.equal(other.status, 400);
});

test('a mask changes the fields that it names, in either spelling and within others, and clears what is not said', async () => {
  await using server = await startMonitoring();
  const condition = { displayName: 'c', conditionPrometheusQueryLanguage: { query: 'a' } };
  const documentation = { content: 'a', mimeType: 'text/markdown' };
  const { body } = await server.ask('POST', `${project}/alertPolicies`, {
    ...{ displayName: 'p', conditions: [condition], documentation, severity: 'ERROR', userLabels: { a: '1', b: '2' } },
  });
  const path = `/v3/${body.name}`;
  const conditions = body.conditions as { name: string }[];
  const patch = async (updateMask: string, json: Json) =>
    (await server.ask('PATCH', `${path}?${new URLSearchParams({ updateMask })}`, json)).body;
  const first = await patch('documentation.content,user_labels.b,severity', {
    documentation: { content: 'b' },
    displayName: 'no',
  });
  assert.deepEqual(
    [first.documentation, first.userLabels, first.severity, first.displayName],
    [{ content: 'b', mimeType: 'text/markdown' }, { a: '1' }, undefined, 'p'],
  );
  assert.deepEqual(first.conditions, conditions);
  const kept = await patch('conditions', { conditions: [{ ...condition, name: conditions[0]?.name }] });
  assert.deepEqual(kept.conditions, conditions);
  const renewed = await patch('conditions', { conditions: [{ ...condition, name: 'another' }] });
  assert.match(
    String((renewed.conditions as { name: string }[])[0]?.name),
    new RegExp(`^${body.name}/conditions/\\d+$`),
  );
  const whole = await patch('', { displayName: 'q', conditions: [condition] });
  assert.deepEqual([whole.displayName, whole.documentation, whole.userLabels], ['q', undefined, undefined]);
  const wrong = await server.ask('PATCH', `${path}?updateMask=display_nam`, {});
  assert.deepEqual([wrong.status, (wrong.body.error as { status: string }).status], [400, 'INVALID_ARGUMENT']);
});

test('of one of several fields the mask’s takes the place of another', async () => {
  await using server = await startMonitoring();
  await server.ask('POST', `${project}/services?serviceId=a`, { custom: {} });
  const filter = 'metric.type="custom.googleapis.com/a"';
  const goodTotalRatio = { goodServiceFilter: filter, totalServiceFilter: filter };
  const slos = `${project}/services/a/serviceLevelObjectives`;
  const slo = { goal: 0.9, rollingPeriod: '86400s', serviceLevelIndicator: { requestBased: { goodTotalRatio } } };
  await server.ask('POST', `${slos}?serviceLevelObjectiveId=s`, slo);
  const { body } = await server.ask('PATCH', `${slos}/s?updateMask=calendarPeriod`, { calendarPeriod: 'WEEK' });
  assert.deepEqual([body.calendarPeriod, body.rollingPeriod], ['WEEK', undefined]);
});

test('a channel’s secrets are kept, and never shown', async () => {
  const resources = openResources({ path: ':memory:', clock: createManualClock(NOW_MS) });
  await using server = await startMonitoring({ resources });
  const labels = { channel_name: '#a', auth_token: 's3cret' };
  const made = await server.ask('POST', `${project}/notificationChannels`, { type: 'slack', labels });
  const name = String(made.body.name);
  const seen = [
    made,
    await server.ask('GET', `/v3/${name}`),
    await server.ask('GET', `${project}/notificationChannels`),
  ];
  // Who writes back what was read does not lose the secret, nor sees it.
  const shown = seen[1]?.body as Json;
  seen.push(await server.ask('PATCH', `/v3/${name}`, { ...shown, displayName: 'new' }));
  for (const { status, body } of seen) {
    assert.equal(status, 200);
    assert.doesNotMatch(JSON.stringify(body), /s3cret|auth_token/);
  }
  assert.deepEqual(resources.get('notificationChannels', name)?.json.labels, labels);
  await server.ask('PATCH', `/v3/${name}?updateMask=labels`, { labels: { ...labels, auth_token: 'other' } });
  assert.deepEqual(resources.get('notificationChannels', name)?.json.labels, { ...labels, auth_token: 'other' });
});

test('an uptime check that a policy or an SLO names stays', async () => {
  await using server = await startMonitoring();
  const monitoredResource = { type: 'uptime_url', labels: { host: 'a' } };
  const check = await server.ask('POST', `${project}/uptimeCheckConfigs`, {
    displayName: 'Front / door',
    monitoredResource,
    httpCheck: {},
    timeout: '1s',
  });
  const name = String(check.body.name);
  const id = name.split('/').at(-1);
  assert.match(String(id), /^front-door-\d+$/);
  const filter = `metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.labels.check_id="${id}"`;
  const conditionAbsent = { filter, duration: '120s' };
  const policy = await server.ask('POST', `${project}/alertPolicies`, {
    displayName: 'p',
    conditions: [{ displayName: 'c', conditionAbsent }],
  });
  const { status, body } = await server.ask('DELETE', `/v3/${name}`);
  assert.deepEqual([status, (body.error as { status: string }).status], [400, 'FAILED_PRECONDITION']);
  await server.ask('DELETE', `/v3/${policy.body.name}`);
  assert.equal((await server.ask('DELETE', `/v3/${name}`)).status, 200);
});

test('a group knows the resources that it selects, and stays while another is below it', async () => {
  await using server = await startMonitoring();
  const point = { interval: { endTime: new Date(NOW_MS).toISOString() }, value: { doubleValue: 1 } };
  const timeSeries = ['a', 'b'].map(task_id => ({
    metric: { type: 'custom.googleapis.com/a' },
    ...{ resource: { type: 'generic_task', labels: { task_id } }, points: [point] },
  }));
  await server.ask('POST', `${project}/timeSeries`, { timeSeries });
  const filter = 'resource.type="generic_task" AND resource.labels.task_id="a"';
  const { body } = await server.ask('POST', `${project}/groups`, { displayName: 'g', filter });
  const members = await server.ask('GET', `/v3/${body.name}/members`);
  assert.deepEqual(members.body, {
    members: [{ type: 'generic_task', labels: { project_id: 'local', task_id: 'a' } }],
    totalSize: 1,
  });
  await server.ask('POST', `${project}/groups`, { displayName: 'h', filter, parentName: body.name });
  assert.equal((await server.ask('DELETE', `/v3/${body.name}`)).status, 400);
});

test('a project has two thousand policies, and no more', async () => {
  const resources = openResources({ path: ':memory:', clock: createManualClock(NOW_MS) });
  const nameOf = (id: number) => `projects/local/alertPolicies/${id}`;
  for (let id = 1; id <= 2000; id += 1) resources.put('alertPolicies', nameOf(id), { conditions: [] });
  await using server = await startMonitoring({ resources });
  const conditionPrometheusQueryLanguage = { query: 'a' };
  const policy = { displayName: 'p', conditions: [{ displayName: 'c', conditionPrometheusQueryLanguage }] };
  const { status, body } = await server.ask('POST', `${project}/alertPolicies`, policy);
  assert.deepEqual([status, (body.error as { status: string }).status], [400, 'FAILED_PRECONDITION']);
  assert.equal((await server.ask('PATCH', `/v3/${nameOf(1)}`, policy)).status, 200);
  await server.ask('DELETE', `/v3/${nameOf(2)}`);
  assert.equal((await server.ask('POST', `${project}/alertPolicies`, policy)).status, 200);
});

test('a resource of another project is not put', async () => {
  await using server = await startMonitoring();
  assert.throws(() => server.put('services', { name: 'projects/other/services/a', custom: {} }), {
    code: 'argument_invalid',
    message: 'name must be of projects/local, which is served, not projects/other/services/a',
  });
  assert.throws(() => server.put('metricDescriptors', {}), TypeError);
});
