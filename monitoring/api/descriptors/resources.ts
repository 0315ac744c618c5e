import { apiErrors } from '../../errors.ts';
import { matchesBy } from '../../filter/match.ts';
import { parseFilter } from '../../filter/parse.ts';
import { limits } from '../../limits.ts';
import { readPage, toPage } from '../pages.ts';
import type { Route } from '../router.ts';
import type { World } from '../world.ts';
import { resourceTypes } from './google.ts';

const PATH = '/v3/projects/{project}/monitoredResourceDescriptors';

/** Which monitored resources there are. */
export function monitoredResourceRoutes({ project }: World): Route[] {
  const show = (type: string, labels: readonly string[]) => ({
    ...{ name: `projects/${project}/monitoredResourceDescriptors/${type}`, type, displayName: type },
    labels: ['project_id', ...labels].map(key => ({ key })),
  });
  return [
    {
      ...{ method: 'GET', path: PATH, answers: 'google.monitoring.v3.ListMonitoredResourceDescriptorsResponse' },
      handle({ query }) {
        const filter = query.get('filter') ?? '';
        const parsed = filter.trim() === '' ? undefined : parseFilter(filter);
        const all = Object.entries(resourceTypes).filter(
          ([type]) => !parsed || matchesBy(parsed, field => (field === 'resource.type' ? type : '')),
        );
        const shown = all.map(([type, labels]) => show(type, labels));
        return toPage('resourceDescriptors', shown, readPage(query, limits.api_page_items_max));
      },
    },
    {
      ...{ method: 'GET', path: `${PATH}/{type=**}`, answers: 'google.api.MonitoredResourceDescriptor' },
      handle({ params: { type = '' } }) {
        const labels = Object.hasOwn(resourceTypes, type) ? resourceTypes[type] : undefined;
        if (labels) return show(type, labels);
        throw apiErrors.error('resource_missing', `There is no monitored resource ${type}`);
      },
    },
  ];
}
