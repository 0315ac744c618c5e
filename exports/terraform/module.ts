import { channelsOf, compileMeans, policiesOf } from '../../alerts/compile.ts';
import { compileDashboards } from '../../dashboards/compile.ts';
import type { NamedPolicy } from '../../dashboards/incidents.ts';
import type { Catalogue, ServiceEntry } from '../../slo/catalogue.ts';
import { compileServices } from '../../slo/compile.ts';
import type { AlertPolicy, UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import type { ServiceSpec } from '../../slo/service.ts';
import type { Resources } from '../compile.ts';
import { GENERATED, type GeneratedFile } from '../file.ts';
import { dashboardBlock, dashboardTemplate, dashboardVariables } from './dashboards.ts';
import { createInterpolation, expression, type Place, referTo } from './interpolate.ts';
import {
  checkReference,
  idOf,
  keyOf,
  objectiveKey,
  objectiveReference,
  policyReference,
  terraformTarget,
} from './names.ts';
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
 * The Terraform module of specs: a file for each service, templates of the dashboards, variables for project and environment.
 * Resources refer to each other rather than repeat a name.
 *
 * @param options.isDestroyable without `prevent_destroy` on services and SLOs, for environments that come and go
 */
export function* toTerraform(
  specs: readonly ServiceSpec[],
  { isDestroyable }: { isDestroyable: boolean },
): Generator<GeneratedFile> {
  const { services, objectives, catalogue } = compileServices(specs, terraformTarget);
  const { channels, uptimeChecks } = compileMeans(catalogue);
  const fillModule = createInterpolation(uptimeChecks, 'module');
  const toText = (blocks: Block) => `${fillModule(JSON.stringify({ '//': GENERATED, ...blocks }, undefined, 2))}\n`;
  const ofService = Map.groupBy(objectives, ({ name }) => name.slice(0, name.indexOf('/serviceLevelObjectives/')));
  const policies: NamedPolicy[] = [];
  for (const [index, service] of services.entries()) {
    const entry = catalogue.services[index] as ServiceEntry;
    const own = policiesOf(catalogue, referring(entry, 'module'));
    const checks = entry.uptime.flatMap(({ id }) => uptimeChecks.findLast(check => idOf(check) === id) ?? []);
    const resource = serviceResources(
      service,
      { objectives: ofService.get(service.name) ?? [], policies: own, checks },
      isDestroyable,
    );
    yield { path: `${keyOf(entry.id)}.tf.json`, text: toText({ resource }) };
    policies.push(...own.map(({ name, userLabels }) => ({ name, userLabels })));
  }
  const fillTemplate = createInterpolation(uptimeChecks, 'template');
  const blocks: Record<string, Block> = {};
  for (const dashboard of compileDashboards(forTemplates(catalogue, policies))) {
    blocks[keyOf(idOf(dashboard))] = dashboardBlock(dashboard);
    yield dashboardTemplate(dashboard, fillTemplate);
  }
  const references = [
    ...objectives.map(objectiveReference),
    ...policies.map(policyReference),
    ...uptimeChecks.map(checkReference),
  ];
  const locals = { dashboard_variables: dashboardVariables(references) };
  yield { path: 'dashboards.tf.json', text: toText({ locals, resource: { google_monitoring_dashboard: blocks } }) };
  const main = mainBlocks(catalogue, { objectives, channels, uptimeChecks, dashboards: Object.keys(blocks) });
  yield { path: 'main.tf.json', text: toText(main) };
}

/** A service whose SLOs are named by references to them. */
function referring(service: ServiceEntry, place: Place): ServiceEntry {
  const objectives = service.objectives.map(objective => ({
    ...objective,
    name: referTo(objectiveReference(objective), place),
  }));
  return { ...service, objectives };
}

function forTemplates({ target, services }: Catalogue, policies: readonly NamedPolicy[]) {
  return {
    catalogue: { target, services: services.map(service => referring(service, 'template')) },
    policies: policies.map(policy => ({
      ...policy,
      name: `alertPolicies/${referTo(policyReference(policy), 'template')}`,
    })),
  };
}

type Own = {
  objectives: readonly ServiceLevelObjective[];
  policies: readonly AlertPolicy[];
  checks: readonly UptimeCheckConfig[];
};

/** All resources of one service, by type and name. */
function serviceResources(service: Service, own: Own, isDestroyable: boolean): Block {
  const key = keyOf(idOf(service));
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
function mainBlocks(
  { services }: Catalogue,
  resources: Omit<Resources, 'services' | 'policies' | 'dashboards'> & { dashboards: readonly string[] },
): Block {
  const channels = channelsOf(services);
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
        value: resources.dashboards.map(key => expression(`google_monitoring_dashboard.${key}.id`)),
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
