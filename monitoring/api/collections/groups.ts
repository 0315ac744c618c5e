import type { Problem } from '../../../base/errors.ts';
import { messageOf } from '../../../base/errors.ts';
import { apiErrors } from '../../errors.ts';
import { labelOf, matchesBy } from '../../filter/match.ts';
import { parseFilter } from '../../filter/parse.ts';
import { limits } from '../../limits.ts';
import type { SeriesIdentity } from '../../model.ts';
import { checkDisplayName, must } from '../checks.ts';
import { type Collection, numericId } from '../collection.ts';
import { readPage, toPage } from '../pages.ts';
import type { Route } from '../router.ts';
import type { World } from '../world.ts';

/** Groups of monitored resources. */
export function groups(world: World): Collection {
  return {
    ...{ kind: 'groups', under: '/v3/projects/{project}', message: 'google.monitoring.v3.Group', update: 'PUT' },
    list: { message: 'google.monitoring.v3.ListGroupsResponse', field: 'group' },
    idOf: () => numericId(world),
    check({ displayName, filter = '', parentName = '' }) {
      const isThere = parentName === '' || world.resources.get('groups', parentName as string) !== undefined;
      return [
        ...checkDisplayName(displayName),
        ...checkFilter(filter as string),
        ...must(isThere, 'parentName', 'must be a group that is there', parentName),
      ];
    },
    refuseRemoval(name) {
      const [child] = world.resources.list('groups').filter(({ json }) => json.parentName === name);
      if (child) throw apiErrors.error('precondition_failed', `${name} has ${child.name} below it: remove that first`);
    },
  };
}

/** The resources that a group's filter selects, of those that have series. */
export function memberRoute({ resources, store, project }: World): Route {
  return {
    ...{ method: 'GET', path: '/v3/projects/{project}/groups/{id}/members' },
    answers: 'google.monitoring.v3.ListGroupMembersResponse',
    handle({ params, query }) {
      const group = resources.get('groups', `projects/${project}/groups/${params.id}`);
      if (!group) throw apiErrors.error('resource_missing', `There is no group ${params.id}`);
      const filter = parseFilter(group.json.filter as string);
      const all = new Map([...store.seriesOf()].map(({ resource }) => [JSON.stringify(resource), resource]));
      const members = [...all.values()].filter(resource => matchesBy(filter, field => textOf(resource, field)));
      const page = readPage(query, limits.api_page_items_max);
      return { ...toPage('members', members, page), totalSize: members.length };
    },
  };
}

/** A group's filter names a resource's fields with or without `resource.` before them. */
function textOf({ type, labels }: SeriesIdentity['resource'], field: string): string {
  const [name, key] = field.replace(/^resource\./, '').split(/\.(.*)/s);
  return name === 'type' ? type : name === 'labels' ? labelOf(labels, key ?? '') : '';
}

function checkFilter(filter: string): Problem[] {
  try {
    parseFilter(filter);
    return [];
  } catch (error) {
    return [{ field: 'filter', rule: `must be a filter: ${messageOf(error)}` }];
  }
}
