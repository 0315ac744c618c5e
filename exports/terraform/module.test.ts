// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Terraform reads is full of them
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  availability,
  burnRateAlerts,
  cloudRun,
  cloudRunRequests,
  pagerDuty,
  service,
  uptimeCheck,
} from '../../slo/index.ts';
import type { ServiceSpec } from '../../slo/service.ts';
import { everyForm } from '../../test/terraform/every-form.ts';
import { toTerraform } from './module.ts';
import { terraformTarget } from './names.ts';

type Json = Record<string, Record<string, Record<string, never>>>;

function filesOf(specs: readonly ServiceSpec[], isDestroyable = false): Map<string, string> {
  const files = toTerraform(specs, { isDestroyable });
  return new Map(files.map(({ path, text }) => [path, text]));
}

const text = (files: Map<string, string>, path: string) => files.get(path) ?? assert.fail(`no ${path}`);
const resourcesOf = (files: Map<string, string>, path: string) => JSON.parse(text(files, path)).resource as Json;

const api = (goal = 0.999, more: { title?: string; why?: string } = {}) => {
  const { title = 'Availability', why = 'w' } = more;
  const slos = [availability({ goal, period: '28d', title, sli: cloudRunRequests(), why })];
  return service('api', { owner: 'o', runsOn: cloudRun({ service: 'api', location: 'l' }), slos });
};

test('resources refer to each other, and project and environment are variables', () => {
  const resources = resourcesOf(filesOf([api()]), 'api.tf.json');
  const slo = resources.google_monitoring_slo?.api_availability as unknown as Record<string, unknown>;
  assert.equal(slo.service, '${google_monitoring_service.api.service_id}');
  assert.equal(slo.rolling_period_days, 28);
  const page = JSON.stringify(resources.google_monitoring_alert_policy?.['api-availability-page-fast']);
  assert.match(page, /select_slo_burn_rate\(\\"\$\{google_monitoring_slo\.api_availability\.name\}\\", \\"3600s\\"\)/);
  const all = [...filesOf(everyForm).values()].join('');
  assert.ok(!all.includes(terraformTarget.project) && !all.includes(terraformTarget.nameSuffix));
  assert.match(all, /resource\.labels\.service_name=\\"every\$\{var\.name_suffix\}\\"/);
  assert.match(all, /check_id=\\"\$\{google_monitoring_uptime_check_config\.front\.uptime_check_id\}\\"/);
});

test('what looks like a template in a user’s text stays text', () => {
  const why = 'Costs ${money} and %{more}.';
  const files = filesOf([api(0.999, { title: 'T ${t}', why })]);
  assert.match(text(files, 'api.tf.json'), /Costs \$\$\{money\} and %%\{more\}\./);
  assert.match(text(files, 'dashboards/api.json'), /Costs \$\$\{money\} and %%\{more\}\./);
});

test('services and SLOs are kept from being destroyed, unless the environment comes and goes', () => {
  const kept = text(filesOf([api()]), 'api.tf.json');
  assert.equal(kept.match(/"prevent_destroy": true/g)?.length, 2);
  assert.ok(!text(filesOf([api()], true), 'api.tf.json').includes('prevent_destroy'));
});

test('a dashboard is a template whose hash changes with its content, and which names only variables that it is given', () => {
  const label = (spec: ServiceSpec) => JSON.parse(text(filesOf([spec]), 'dashboards/api.json')).labels.content;
  assert.equal(label(api()), label(api()));
  assert.notEqual(label(api()), label(api(0.999, { title: 'Other' })));
  const files = filesOf(everyForm);
  const given = Object.keys(JSON.parse(text(files, 'dashboards.tf.json')).locals.dashboard_variables);
  const named = [...files].flatMap(([path, template]) =>
    path.startsWith('dashboards/') ? [...template.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name]) => name) : [],
  );
  const modules = [text(files, 'dashboards.tf.json'), text(files, 'main.tf.json')];
  assert.match(
    modules.join(),
    /templatefile\(\\"\$\{path\.module\}\/dashboards\/every\.json\\", local\.dashboard_variables\)/,
  );
  assert.match(modules.join(), /trimprefix\([\w.-]+, \\"projects\/\$\{var\.project_id\}\/\\"\)/);
  // Nothing of ours is escaped.
  assert.ok(!modules.join().includes('$${'));
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter(name => !given.includes(name ?? '')),
    [],
  );
});

test('the host of an uptime check is a variable, with that of the spec as its default', () => {
  const uptime = [uptimeCheck({ id: 'from-outside', host: 'api.example.com' })];
  const files = filesOf([service('api', { owner: 'o', slos: [], uptime })]);
  const { variable } = JSON.parse(text(files, 'main.tf.json'));
  assert.equal(variable.from_outside_host.default, 'api.example.com');
  const check = resourcesOf(files, 'api.tf.json').google_monitoring_uptime_check_config?.['from-outside'];
  const block = check as unknown as { monitored_resource: { labels: object }; lifecycle: object };
  assert.deepEqual(block.monitored_resource.labels, {
    project_id: '${var.project_id}',
    host: '${var.from_outside_host}',
  });
  assert.deepEqual(block.lifecycle, { create_before_destroy: true });
});

test('a secret is an ephemeral variable, and is written without being kept', () => {
  const spec = service('api', { owner: 'o', slos: [], notify: { page: [pagerDuty('on-call')] } });
  const { variable, resource } = JSON.parse(text(filesOf([spec]), 'main.tf.json'));
  assert.deepEqual([variable.on_call_secret.ephemeral, variable.on_call_secret.sensitive], [true, true]);
  assert.deepEqual(resource.google_monitoring_notification_channel['on-call'].sensitive_labels, {
    service_key_wo: '${var.on_call_secret}',
    service_key_wo_version: '${var.on_call_secret_version}',
  });
});

test('a policy notifies the channels of its spec and those that whoever applies it names', () => {
  const notify = { page: [pagerDuty('on-call')] };
  const slos = [
    availability({ goal: 0.999, period: '28d', sli: cloudRunRequests(), why: 'w', alerts: burnRateAlerts() }),
  ];
  const policies = resourcesOf(filesOf([service('api', { owner: 'o', slos, notify })]), 'api.tf.json')
    .google_monitoring_alert_policy as unknown as Record<string, { notification_channels: string }>;
  assert.equal(
    policies['api-availability-page-fast']?.notification_channels,
    '${concat(var.page_channels, [google_monitoring_notification_channel.on-call.name])}',
  );
  assert.equal(policies['api-availability-ticket']?.notification_channels, '${var.ticket_channels}');
});

test('editing one goal changes the service’s own files and what sums up all services, and no other service', () => {
  const cart = service('cart', { owner: 'o', slos: [] });
  const [before, after] = [filesOf([api(0.999), cart]), filesOf([api(0.99), cart])];
  const changed = [...after].filter(([path, now]) => before.get(path) !== now).map(([path]) => path);
  assert.ok(changed.includes('api.tf.json') && changed.includes('dashboards/api.json'));
  assert.deepEqual(
    changed.filter(path => path.includes('cart') || path === 'main.tf.json' || path === 'dashboards.tf.json'),
    [],
  );
  assert.ok(!after.get('api.tf.json')?.includes('0.0099999'));
});
