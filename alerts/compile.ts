import type { Catalogue, ServiceEntry } from '../slo/catalogue.ts';
import type { Channel } from '../slo/channels.ts';
import { userLabelsOf } from '../slo/compile.ts';
import type { Target } from '../slo/metric.ts';
import type { AlertPolicy, NotificationChannel, UptimeCheckConfig } from '../slo/resources/alerting.ts';
import type { UptimeCheck } from '../slo/sources/uptime.ts';
import { burnPolicies } from './burn.ts';
import { causePolicies } from './causes.ts';

/** What watches the services of a catalogue. */
export type CompiledAlerts = {
  policies: AlertPolicy[];
  channels: NotificationChannel[];
  uptimeChecks: UptimeCheckConfig[];
};

export function compileAlerts(catalogue: Catalogue): CompiledAlerts {
  const policies = catalogue.services.flatMap(service => policiesOf(catalogue, service));
  return { policies, ...compileMeans(catalogue) };
}

/** The policies of one service: of its objectives, and of the causes that it names. */
export function policiesOf(catalogue: Catalogue, service: ServiceEntry): AlertPolicy[] {
  return [
    ...service.objectives.flatMap(objective => burnPolicies(catalogue, service, objective)),
    ...causePolicies(catalogue, service),
  ];
}

/** What policies of all services reach people by, and see from outside with. */
export function compileMeans({ services, target }: Catalogue): Omit<CompiledAlerts, 'policies'> {
  return {
    channels: channelsOf(services).map(channel => toChannel(channel, target)),
    uptimeChecks: services.flatMap(service => service.uptime.map(check => toUptimeCheck(check, service, target))),
  };
}

/** Every channel once, for several services may share one. */
export function channelsOf(services: readonly ServiceEntry[]): Channel[] {
  const all = services.flatMap(({ channels }) => [...channels.page, ...channels.ticket]);
  return [...new Map(all.map(channel => [channel.id, channel])).values()];
}

function toChannel({ id, title, type, labels }: Channel, { project, nameSuffix }: Target): NotificationChannel {
  const name = `projects/${project}/notificationChannels/${id}${nameSuffix}`;
  return { name, type, displayName: title + nameSuffix, labels, userLabels: { managed_by: 'burnline' }, enabled: true };
}

function toUptimeCheck(check: UptimeCheck, service: ServiceEntry, { project, nameSuffix }: Target): UptimeCheckConfig {
  const { id, host, path, periodSeconds, timeoutSeconds, contains, authenticated } = check;
  return {
    name: `projects/${project}/uptimeCheckConfigs/${id}${nameSuffix}`,
    displayName: id + nameSuffix,
    monitoredResource: { type: 'uptime_url', labels: { project_id: project, host } },
    httpCheck: {
      ...{ path, port: 443, useSsl: true, validateSsl: true },
      ...(authenticated && { serviceAgentAuthentication: { type: 'OIDC_TOKEN' } }),
    },
    period: `${periodSeconds}s`,
    timeout: `${timeoutSeconds}s`,
    ...(contains !== undefined && { contentMatchers: [{ content: contains, matcher: 'CONTAINS_STRING' }] }),
    userLabels: userLabelsOf(service),
  };
}
