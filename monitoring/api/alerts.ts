import { apiErrors } from '../errors.ts';
import type { Incident } from '../evaluate/incidents.ts';
import { metricTypeOf } from '../filter/match.ts';
import { parseFilter } from '../filter/parse.ts';
import { limits } from '../limits.ts';
import { selectedBy } from './list-filter.ts';
import type { Message } from './messages/read.ts';
import { ACKNOWLEDGE } from './messages/types.ts';
import { readPage, toPage } from './pages.ts';
import type { Route } from './router.ts';
import { toTime } from './time.ts';
import type { World } from './world.ts';

const PATH = '/v3/projects/{project}/alerts';

/**
 * Incidents, as alerts of the API: newest first, by state or policy where that is asked for. Google's are only read: that one is
 * acknowledged, by whom, and what has happened to it so far is ours.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts
 */
export function alertRoutes(world: World): Route[] {
  return [
    {
      ...{ method: 'GET', path: PATH },
      handle({ query }) {
        const isSelected = selectedBy(query.get('filter') ?? '');
        const all = world.incidents.list().map(incident => toAlert(incident, world));
        return toPage('alerts', all.filter(isSelected), readPage(query, limits.api_page_items_max));
      },
    },
    {
      ...{ method: 'GET', path: `${PATH}/{id}` },
      handle({ params }) {
        const incident = world.incidents.list().find(({ id }) => id === params.id);
        if (incident) return toAlert(incident, world);
        throw apiErrors.error('resource_missing', `There is no alert ${params.id}`);
      },
    },
    {
      ...{ method: 'POST', path: `${PATH}/{id}:acknowledge`, takes: ACKNOWLEDGE, mayBeEmpty: true },
      handle: ({ params, body }) => toAlert(world.incidents.acknowledge(params.id ?? '', readBy(body)), world),
    },
  ];
}

/** Who acknowledges, where that is said. */
function readBy({ by = '' }: { by?: string }): string {
  const most = limits.incident_by_chars_max;
  if (by.length <= most) return by.trim() || 'somebody';
  throw apiErrors.error('argument_invalid', `by must have at most ${most} characters, not ${by.length}`);
}

function toAlert(incident: Incident, { resources, project }: World): Message {
  const { id, policy, openedAtMs, closedAtMs, acknowledgedBy, timeline } = incident;
  const json = resources.get('alertPolicies', policy)?.json ?? {};
  const { displayName = policy, severity, userLabels = {} } = json;
  const type = metricOf(json);
  return {
    ...{ name: `projects/${project}/alerts/${id}`, state: closedAtMs === undefined ? 'OPEN' : 'CLOSED' },
    openTime: toTime(openedAtMs),
    ...(closedAtMs !== undefined && { closeTime: toTime(closedAtMs) }),
    ...(type !== undefined && { metric: { type } }),
    policy: { name: policy, displayName, userLabels, ...(severity !== undefined && { severity }) },
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    timeline: timeline.map(({ atMs, what, detail }) => ({ time: toTime(atMs), what, detail })),
  };
}

/** The metric of a policy's first condition that has one. */
function metricOf({ conditions = [] }: Message): string | undefined {
  type Filtered = { conditionThreshold?: { filter?: string }; conditionAbsent?: { filter?: string } };
  const [filter] = (conditions as readonly Filtered[]).flatMap(
    ({ conditionThreshold, conditionAbsent }) => conditionThreshold?.filter ?? conditionAbsent?.filter ?? [],
  );
  if (filter === undefined || filter.trimStart().startsWith('select_slo_')) return filter;
  return metricTypeOf(parseFilter(filter));
}
