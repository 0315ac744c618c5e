import { channelsOf } from '../../alerts/compile.ts';
import type { ServiceEntry } from '../../slo/catalogue.ts';
import type { AlertPolicy, UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import type { Compiled, Resources } from '../compile.ts';
import { GENERATED, type GeneratedFile } from '../file.ts';
import { dashboardBlock, dashboardTemplate, dashboardVariables } from './dashboards.ts';
import { createInterpolation, expression } from './interpolate.ts';
import { idOf, keyOf, objectiveKey, referencesOf } from './names.ts';
import {
  type Block,
  channelBlock,
  hostVariable,
  objectiveBlock,
  policyBlock,
  secretVariable,
  serviceBlock,
  uptimeBlock,
} from './resources.ts';

/**
 * The Terraform module of what was compiled for `terraformTarget`: a file for each service, templates of the dashboards, variables
 * for project and environment. Resources refer to each other rather than repeat a name.
 *
 * @param options.isDestroyable without `prevent_destroy` on services and SLOs, for environments that come and go
 */
export function* toTerraform(compiled: Compiled, options: { isDestroyable: boolean }): Generator<GeneratedFile> {
  const { resources, catalogue } = compiled;
  const references = referencesOf(resources);
  const interpolate = createInterpolation(references, 'module');
  const fill = createInterpolation(references, 'template');
  const toText = (blocks: Block) => `${interpolate(JSON.stringify({ '//': GENERATED, ...blocks }, undefined, 2))}\n`;
  const byService = groupByService(resources);
  for (const [index, service] of resources.services.entries()) {
    const entry = catalogue.services[index] as ServiceEntry;
    const blocks = serviceResources(service, entry, byService(service, entry), options.isDestroyable);
    yield { path: `${keyOf(entry.id)}.tf.json`, text: toText({ resource: blocks }) };
  }
  for (const dashboard of resources.dashboards) yield dashboardTemplate(dashboard, fill);
  const dashboards = resources.dashboards.map(dashboard => [keyOf(idOf(dashboard)), dashboardBlock(dashboard)]);
  const dashboardBlocks = {
    locals: { dashboard_variables: dashboardVariables(references) },
    resource: { google_monitoring_dashboard: Object.fromEntries(dashboards) },
  };
  yield { path: 'dashboards.tf.json', text: toText(dashboardBlocks) };
  yield { path: 'main.tf.json', text: toText(mainBlocks(compiled)) };
}

type Own = {
  objectives: readonly ServiceLevelObjective[];
  policies: readonly AlertPolicy[];
  checks: readonly UptimeCheckConfig[];
};

/** Which of all resources are a service's own. */
function groupByService({ objectives, policies, uptimeChecks }: Resources) {
  const ofService = Map.groupBy(objectives, ({ name }) => name.slice(0, name.indexOf('/serviceLevelObjectives/')));
  const ofId = Map.groupBy(policies, ({ userLabels }) => userLabels.service);
  const checks = new Map(uptimeChecks.map(check => [idOf(check), check]));
  return ({ name }: Service, { id, uptime }: ServiceEntry): Own => ({
    objectives: ofService.get(name) ?? [],
    policies: ofId.get(id.toLowerCase()) ?? [],
    checks: uptime.flatMap(check => checks.get(check.id) ?? []),
  });
}

/** All resources of one service, by type and name. */
function serviceResources(service: Service, entry: ServiceEntry, own: Own, isDestroyable: boolean): Block {
  const key = keyOf(entry.id);
  const { type, block } = serviceBlock(service, isDestroyable);
  const { objectives, policies, checks } = own;
  return {
    [type]: { [key]: block },
    ...named('google_monitoring_slo', objectives, objectiveKey, objective =>
      objectiveBlock(objective, `${type}.${key}`, isDestroyable),
    ),
    ...named('google_monitoring_alert_policy', policies, policy => keyOf(idOf(policy)), policyBlock),
    ...named('google_monitoring_uptime_check_config', checks, check => keyOf(idOf(check)), uptimeBlock),
  };
}

function named<T>(type: string, items: readonly T[], key: (item: T) => string, block: (item: T) => Block): Block {
  if (items.length === 0) return {};
  const blocks: Record<string, Block> = {};
  for (const item of items) blocks[key(item)] = block(item);
  return { [type]: blocks };
}

/** Versions, variables, channels and outputs. */
function mainBlocks({ resources, catalogue }: Compiled): Block {
  const channels = channelsOf(catalogue.services);
  const secrets = channels.filter(({ secret }) => secret !== undefined);
  const blocks = resources.channels.map((channel, index) => {
    const of = channels[index];
    return of ? [keyOf(of.id), channelBlock(channel, of)] : [];
  });
  return {
    terraform: {
      required_version: '>= 1.11',
      required_providers: { google: { source: 'hashicorp/google', version: '>= 7.0' } },
    },
    variable: {
      project_id: { type: 'string', description: 'The project that is watched.' },
      name_suffix: {
        ...{ type: 'string', default: '' },
        description: 'Appended to names, for one of several environments of a project: "-staging".',
      },
      page_channels: channelVariable('pages'),
      ticket_channels: channelVariable('tickets'),
      ...Object.fromEntries(resources.uptimeChecks.map(check => [hostVariable(check), hostVariableBlock(check)])),
      ...Object.fromEntries(secrets.flatMap(channel => secretVariables(secretVariable(channel), channel.title))),
    },
    ...(blocks.length > 0 && { resource: { google_monitoring_notification_channel: Object.fromEntries(blocks) } }),
    output: {
      objectives: {
        description: 'The names of all SLOs.',
        value: resources.objectives.map(objective =>
          expression(`google_monitoring_slo.${objectiveKey(objective)}.name`),
        ),
      },
      dashboards: {
        description: 'The names of all dashboards.',
        value: resources.dashboards.map(dashboard =>
          expression(`google_monitoring_dashboard.${keyOf(idOf(dashboard))}.id`),
        ),
      },
    },
  };
}

const channelVariable = (what: string) => ({
  ...{ type: 'list(string)', default: [] },
  description: `Names of notification channels that get ${what}, beside those of the specs.`,
});

const hostVariableBlock = (check: UptimeCheckConfig) => ({
  ...{ type: 'string', default: check.monitoredResource.labels.host },
  description: `The host that the uptime check ${idOf(check)} asks.`,
});

function secretVariables(name: string, title: string): [string, Block][] {
  return [
    [name, { type: 'string', sensitive: true, ephemeral: true, description: `The secret of the channel ${title}.` }],
    [`${name}_version`, { type: 'string', default: '1', description: 'Raise it when the secret has changed.' }],
  ];
}
