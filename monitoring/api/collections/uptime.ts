import { slugOf } from '../../../slo/uptime-id.ts';
import { apiErrors } from '../../errors.ts';
import { checkDisplayName, checkUserLabels, must, secondsOf } from '../checks.ts';
import { type Collection, numericId } from '../collection.ts';
import type { Message } from '../messages/read.ts';
import type { Route } from '../router.ts';
import type { World } from '../world.ts';

const PERIODS = ['60s', '300s', '600s', '900s'];
const TIMEOUT_SECONDS_MAX = 60;
const REGIONS_MIN = 3;

type Check = {
  displayName?: string;
  monitoredResource?: { type?: string; labels?: Readonly<Record<string, string>> };
  period?: string;
  timeout?: string;
  contentMatchers?: readonly { content?: string }[];
  selectedRegions?: readonly string[];
  userLabels?: object;
};

/** Uptime checks, as they are configured: nobody is asked from here. */
export function uptimeChecks(world: World): Collection {
  const { resources } = world;
  return {
    ...{ kind: 'uptimeCheckConfigs', under: '/v3/projects/{project}' },
    message: 'google.monitoring.v3.UptimeCheckConfig',
    list: { message: 'google.monitoring.v3.ListUptimeCheckConfigsResponse' },
    idOf: ({ body }) => `${slugOf(String(body.displayName ?? ''))}-${numericId(world)}`,
    check: json => checkConfig(json),
    refuseRemoval(name) {
      const id = JSON.stringify(name.slice(name.lastIndexOf('/') + 1));
      const users = [...resources.list('alertPolicies'), ...resources.list('serviceLevelObjectives')].filter(
        ({ json }) =>
          // Filters quote it, in a text that is quoted itself.
          JSON.stringify(json).includes(JSON.stringify(id).slice(1, -1)),
      );
      if (users.length === 0) return;
      const detail = `${name} is used by ${users.map(user => user.name).join(', ')}: change or remove that first`;
      throw apiErrors.error('precondition_failed', detail);
    },
  };
}

/** From where checks ask: this machine, in place of Google's addresses. */
export const uptimeIps: Route = {
  ...{ method: 'GET', path: '/v3/uptimeCheckIps', answers: 'google.monitoring.v3.ListUptimeCheckIpsResponse' },
  handle: () => ({ uptimeCheckIps: [{ region: 'USA', location: 'local', ipAddress: '127.0.0.1' }] }),
};

function checkConfig(json: Message) {
  const {
    displayName,
    monitoredResource,
    period,
    timeout,
    contentMatchers = [],
    selectedRegions = [],
    userLabels,
  } = json as Check;
  const seconds = secondsOf(timeout) ?? 0;
  const { type, labels = {} } = monitoredResource ?? {};
  const asked = [json.httpCheck, json.tcpCheck, json.syntheticMonitor].filter(one => one !== undefined);
  return [
    ...checkDisplayName(displayName),
    ...must(asked.length === 1, 'httpCheck', 'must be there, or tcpCheck, or syntheticMonitor'),
    ...must(
      json.syntheticMonitor !== undefined || json.resourceGroup !== undefined || type !== undefined,
      'monitoredResource',
      'must be there, or resourceGroup',
    ),
    ...must(type !== 'uptime_url' || (labels.host ?? '') !== '', 'monitoredResource.labels.host', 'is required'),
    ...must(period === undefined || PERIODS.includes(period), 'period', `must be one of ${PERIODS.join(', ')}`, period),
    ...must(
      seconds >= 1 && seconds <= TIMEOUT_SECONDS_MAX,
      'timeout',
      `must be 1s to ${TIMEOUT_SECONDS_MAX}s`,
      timeout,
    ),
    ...must(contentMatchers.length <= 1, 'contentMatchers', 'must be one at the most', contentMatchers.length),
    ...must(
      selectedRegions.length === 0 || selectedRegions.length >= REGIONS_MIN,
      'selectedRegions',
      `must be none, or at least ${REGIONS_MIN}`,
      selectedRegions,
    ),
    ...checkUserLabels(userLabels),
  ];
}
