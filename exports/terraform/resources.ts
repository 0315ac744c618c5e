import type { Channel } from '../../slo/channels.ts';
import type { AlertPolicy, NotificationChannel, UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import type { Service, ServiceLevelObjective } from '../../slo/resources/service.ts';
import { expression } from './interpolate.ts';
import { idOf, keyOf } from './names.ts';

/** A block of Terraform's JSON. */
export type Block = Readonly<Record<string, unknown>>;

const project = expression('var.project_id');
/** Keys whose value is a map of a user's own keys. */
const MAPS = new Set(['userLabels', 'labels', 'serviceLabels']);

/** The API's JSON with Terraform's names: `displayName` is `display_name`. */
function snaked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snaked);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const key in value) {
    const inner = (value as Block)[key];
    result[snakeCase(key)] = MAPS.has(key) ? inner : snaked(inner);
  }
  return result;
}

const snakeNames = new Map<string, string>();

function snakeCase(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}

/** An SLO or service that is destroyed takes its history with it. This protects it while its block is there, and goes with that. */
const kept = (isDestroyable: boolean) => (isDestroyable ? {} : { lifecycle: { prevent_destroy: true } });

/** `google_monitoring_service` for what Google finds by itself, else `google_monitoring_custom_service`. */
export function serviceBlock(service: Service, isDestroyable: boolean): { type: string; block: Block } {
  const { name, displayName, userLabels, basicService } = service;
  const common = {
    project,
    service_id: name.slice(name.lastIndexOf('/') + 1),
    display_name: displayName,
    user_labels: userLabels,
  };
  if (!basicService) return { type: 'google_monitoring_custom_service', block: { ...common, ...kept(isDestroyable) } };
  const block = { ...common, basic_service: snaked(basicService), ...kept(isDestroyable) };
  return { type: 'google_monitoring_service', block };
}

export function objectiveBlock(
  objective: ServiceLevelObjective,
  serviceAddress: string,
  isDestroyable: boolean,
): Block {
  const { displayName, goal, rollingPeriod, calendarPeriod, serviceLevelIndicator: indicator, userLabels } = objective;
  return {
    ...{
      project,
      service: expression(`${serviceAddress}.service_id`),
      slo_id: idOf(objective),
      display_name: displayName,
      goal,
    },
    ...(rollingPeriod !== undefined && { rolling_period_days: Number.parseInt(rollingPeriod, 10) / 86_400 }),
    ...(calendarPeriod !== undefined && { calendar_period: calendarPeriod }),
    ...indicatorBlock(indicator),
    user_labels: userLabels,
    ...kept(isDestroyable),
  };
}

function indicatorBlock(indicator: ServiceLevelObjective['serviceLevelIndicator']): Block {
  if ('basicSli' in indicator) return { basic_sli: withEnabled(snaked(indicator.basicSli) as Block) };
  if ('requestBased' in indicator) return { request_based_sli: snaked(indicator.requestBased) };
  const windows = snaked(indicator.windowsBased) as Block & { good_total_ratio_threshold?: Block };
  const ratio = windows.good_total_ratio_threshold;
  if (ratio?.basic_sli_performance === undefined) return { windows_based_sli: windows };
  const basic = withEnabled(ratio.basic_sli_performance as Block);
  return { windows_based_sli: { ...windows, good_total_ratio_threshold: { ...ratio, basic_sli_performance: basic } } };
}

// An empty block is not one to Terraform.
function withEnabled(basic: Block): Block {
  return 'availability' in basic ? { ...basic, availability: { enabled: true } } : basic;
}

export function policyBlock({ name: _, severity, notificationChannels, ...policy }: AlertPolicy): Block {
  const channels = notificationChannels.map(
    channel => `google_monitoring_notification_channel.${keyOf(idOf({ name: channel }))}.name`,
  );
  const given = severity === 'CRITICAL' ? 'var.page_channels' : 'var.ticket_channels';
  const notified = channels.length > 0 ? `concat(${given}, [${channels.join(', ')}])` : given;
  return { project, ...(snaked(policy) as Block), severity, notification_channels: expression(notified) };
}

/** The host is a variable: every environment has another. Google deletes no check that a policy still names. */
export function uptimeBlock({ name, ...check }: UptimeCheckConfig): Block {
  const { type, labels } = check.monitoredResource;
  const host = expression(`var.${hostVariable({ name })}`);
  const block = snaked({ ...check, monitoredResource: { type, labels: { ...labels, host } } }) as Block;
  return { project, ...block, lifecycle: { create_before_destroy: true } };
}

/** The variable that holds the host which an uptime check asks. */
export function hostVariable(check: Pick<UptimeCheckConfig, 'name'>): string {
  return `${keyOf(idOf(check)).replaceAll('-', '_')}_host`;
}

/** The variable that holds a channel's secret, which is written and never kept in the state. */
export function secretVariable({ id }: Pick<Channel, 'id'>): string {
  return `${keyOf(id).replaceAll('-', '_')}_secret`;
}

export function channelBlock({ name: _, ...channel }: NotificationChannel, { id, secret }: Channel): Block {
  const variable = secretVariable({ id });
  const sensitive = {
    [`${secret}_wo`]: expression(`var.${variable}`),
    [`${secret}_wo_version`]: expression(`var.${variable}_version`),
  };
  return { project, ...(snaked(channel) as Block), ...(secret && { sensitive_labels: sensitive }) };
}
