import { apiErrors } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Resource } from '../../resources/resources.ts';
import { checkDisplayName, checkUserLabels, must } from '../checks.ts';
import { type Collection, numericId } from '../collection.ts';
import type { Message } from '../messages/read.ts';
import { readPage, toPage } from '../pages.ts';
import type { Route } from '../router.ts';
import { toTime } from '../time.ts';
import type { World } from '../world.ts';
import { type ChannelType, channelTypes } from './channel-types.ts';

type Labels = Readonly<Record<string, string>>;

/** Notification channels. Their secrets come in and are kept, and never go out again. */
export function channels(world: World): Collection {
  const { resources } = world;
  return {
    ...{ kind: 'notificationChannels', under: '/v3/projects/{project}' },
    message: 'google.monitoring.v3.NotificationChannel',
    list: { message: 'google.monitoring.v3.ListNotificationChannelsResponse' },
    idOf: () => numericId(world),
    complete: (json, _, before) => ({ enabled: true, ...json, labels: withSecretsOf(before, json) }),
    check(json) {
      const { type = '', labels = {} } = json as { type?: string; labels?: Labels };
      const known = typeOf(type);
      return [
        ...must(known !== undefined, 'type', `must be one of ${channelTypes.map(one => one.type).join(', ')}`, type),
        ...(known?.labels ?? []).flatMap(({ key, isOptional }) =>
          must(isOptional === true || (labels[key] ?? '') !== '', `labels.${key}`, 'is required'),
        ),
        ...Object.keys(labels).flatMap(key =>
          must(!known || known.labels.some(label => label.key === key), `labels.${key}`, `is no label of ${type}`),
        ),
        ...checkDisplayName(json.displayName, false),
        ...checkUserLabels(json.userLabels),
      ];
    },
    show: ({ json, createdMs, updatedMs }) => ({
      ...json,
      labels: Object.fromEntries(Object.entries(json.labels as Labels).filter(([key]) => !isSecret(json, key))),
      creationRecord: { mutateTime: toTime(createdMs) },
      mutationRecords: [{ mutateTime: toTime(updatedMs) }],
    }),
    refuseRemoval(name, { query }) {
      const users = resources.list('alertPolicies').filter(({ json }) => channelsOf(json).includes(name));
      if (users.length === 0) return;
      if (query.get('force') !== 'true') {
        const detail = `${name} is used by ${users.map(user => user.name).join(', ')}: take it out there, or say force=true`;
        throw apiErrors.error('precondition_failed', detail);
      }
      for (const { name: user, json } of users) {
        resources.put('alertPolicies', user, {
          ...json,
          notificationChannels: channelsOf(json).filter(one => one !== name),
        });
      }
    },
  };
}

/** Which types of channels there are. */
export function channelTypeRoutes({ project }: World): Route[] {
  const path = '/v3/projects/{project}/notificationChannelDescriptors';
  const show = ({ type, title, labels }: ChannelType) => ({
    ...{ name: `projects/${project}/notificationChannelDescriptors/${type}`, type, displayName: title },
    labels: labels.map(({ key }) => ({ key })),
  });
  return [
    {
      ...{ method: 'GET', path, answers: 'google.monitoring.v3.ListNotificationChannelDescriptorsResponse' },
      handle: ({ query }) =>
        toPage('channelDescriptors', channelTypes.map(show), readPage(query, limits.api_page_items_max)),
    },
    {
      ...{ method: 'GET', path: `${path}/{type}`, answers: 'google.monitoring.v3.NotificationChannelDescriptor' },
      handle({ params }) {
        const found = typeOf(params.type ?? '');
        if (found) return show(found);
        throw apiErrors.error('resource_missing', `There is no type of channel ${params.type}`);
      },
    },
  ];
}

function typeOf(type: string): ChannelType | undefined {
  return channelTypes.find(one => one.type === type);
}

function isSecret({ type }: Message, key: string): boolean {
  return typeOf(type as string)?.labels.some(label => label.key === key && label.isSecret) ?? false;
}

/** Who reads a channel and writes it again does not have its secrets: what is not said anew stays. */
function withSecretsOf(before: Resource | undefined, json: Message): Labels {
  const labels = (json.labels ?? {}) as Labels;
  if (!before || before.json.type !== json.type) return labels;
  const secrets = Object.entries(before.json.labels as Labels).filter(([key]) => isSecret(json, key));
  return { ...Object.fromEntries(secrets), ...labels };
}

function channelsOf(policy: Message): readonly string[] {
  return (policy.notificationChannels ?? []) as readonly string[];
}
