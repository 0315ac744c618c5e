import { describeProblems, type Problem } from '../../../base/errors.ts';
import { apiErrors } from '../../errors.ts';
import { matchesBy } from '../../filter/match.ts';
import { parseFilter } from '../../filter/parse.ts';
import { limits } from '../../limits.ts';
import type { MetricKind, ValueType } from '../../model.ts';
import type { Shape } from '../aggregation/shapes.ts';
import { must } from '../checks.ts';
import type { Message } from '../messages/read.ts';
import { readPage, toPage } from '../pages.ts';
import type { Route } from '../router.ts';
import type { World } from '../world.ts';
import { googleMetrics } from './google.ts';

/** A metric as it is described. */
type Descriptor = {
  name: string;
  type: string;
  metricKind: MetricKind;
  valueType: ValueType;
  unit?: string;
  labels: readonly { key: string }[];
  monitoredResourceTypes?: readonly string[];
};

/** Domains in which users make metrics of their own. */
const OWN = /^(?:custom\.googleapis\.com|external\.googleapis\.com|workload\.googleapis\.com)\/[\w./-]+$/;
const OWN_CHARS_MAX = 200;
/** What Google's name of a Prometheus metric says of it. */
const PROMETHEUS: Readonly<Record<string, Shape>> = {
  counter: { metricKind: 'CUMULATIVE', valueType: 'DOUBLE' },
  delta: { metricKind: 'DELTA', valueType: 'DOUBLE' },
  gauge: { metricKind: 'GAUGE', valueType: 'DOUBLE' },
  histogram: { metricKind: 'CUMULATIVE', valueType: 'DISTRIBUTION' },
  'histogram:delta': { metricKind: 'DELTA', valueType: 'DISTRIBUTION' },
};

const MESSAGE = 'google.api.MetricDescriptor';
const PATH = '/v3/projects/{project}/metricDescriptors';

/** Whether users may write a metric: those of Google's own domains are Google's. */
export function isOwnMetric(type: string): boolean {
  return OWN.test(type) && type.length <= OWN_CHARS_MAX;
}

/** Kind and type of a metric, by its descriptor, its series, or its name; `undefined` where nothing says so. */
export function describeMetric(type: string, { resources, store, project }: World): Shape | undefined {
  const made = resources.get('metricDescriptors', `projects/${project}/metricDescriptors/${type}`);
  if (made) return made.json as Shape;
  const [, metricKind, valueType] = googleMetrics.find(([name]) => name === type) ?? [];
  if (metricKind && valueType) return { metricKind, valueType };
  for (const series of store.seriesOf(type)) return series;
  if (!type.startsWith('prometheus.googleapis.com/')) return undefined;
  const suffix = type.slice(type.lastIndexOf('/') + 1);
  return Object.hasOwn(PROMETHEUS, suffix) ? PROMETHEUS[suffix] : undefined;
}

/** The metrics that were described, those of Google's that are known here, and those that have series. */
export function metricRoutes(world: World): Route[] {
  const { resources, project } = world;
  const nameOf = (type: string) => `projects/${project}/metricDescriptors/${type}`;
  const find = (type: string) => descriptorsOf(world).get(type);
  return [
    {
      ...{ method: 'GET', path: PATH, answers: 'google.monitoring.v3.ListMetricDescriptorsResponse' },
      handle({ query }) {
        const filter = query.get('filter') ?? '';
        const parsed = filter.trim() === '' ? undefined : parseFilter(filter);
        const all = [...descriptorsOf(world).values()].filter(
          one => !parsed || matchesBy(parsed, field => textOf(one, field)),
        );
        return toPage('metricDescriptors', all, readPage(query, limits.api_page_descriptors_max));
      },
    },
    {
      ...{ method: 'GET', path: `${PATH}/{type=**}`, answers: MESSAGE },
      handle: ({ params: { type = '' } }) => find(type) ?? missing(nameOf(type)),
    },
    {
      ...{ method: 'POST', path: PATH, takes: MESSAGE, answers: MESSAGE },
      handle({ body }) {
        const { type = '', labels = [] } = body as Partial<Descriptor>;
        const known = find(type);
        const problems = checkDescriptor(body, known);
        if (problems.length > 0) {
          throw apiErrors.error('argument_invalid', `The metric is not valid: ${describeProblems(problems)}`, {
            problems,
          });
        }
        // Labels are added, and never taken away.
        const all = new Map([...(known?.labels ?? []), ...labels].map(label => [label.key, label]));
        return resources.put('metricDescriptors', nameOf(type), {
          ...body,
          name: nameOf(type),
          labels: [...all.values()],
        }).json;
      },
    },
    {
      ...{ method: 'DELETE', path: `${PATH}/{type=**}` },
      handle({ params: { type = '' } }) {
        if (!find(type)) missing(nameOf(type));
        if (!isOwnMetric(type)) throw apiErrors.error('argument_invalid', `${type} is a metric of Google's, and stays`);
        resources.remove('metricDescriptors', nameOf(type));
        return {};
      },
    },
  ];
}

function missing(name: string): never {
  throw apiErrors.error('resource_missing', `There is no ${name}`);
}

function checkDescriptor(json: Message, known: Descriptor | undefined): Problem[] {
  const { type = '', metricKind, valueType } = json as Partial<Descriptor>;
  return [
    ...must(
      isOwnMetric(type),
      'type',
      'must begin with custom.googleapis.com/, external.googleapis.com/ or workload.googleapis.com/',
      type,
    ),
    ...must(
      metricKind === 'GAUGE' || metricKind === 'CUMULATIVE',
      'metricKind',
      'must be GAUGE or CUMULATIVE',
      metricKind,
    ),
    ...must(
      valueType !== undefined && !/UNSPECIFIED|MONEY/.test(valueType),
      'valueType',
      'must be BOOL, INT64, DOUBLE, STRING or DISTRIBUTION',
      valueType,
    ),
    ...must(!known || known.metricKind === metricKind, 'metricKind', `must stay ${known?.metricKind}`, metricKind),
    ...must(!known || known.valueType === valueType, 'valueType', `must stay ${known?.valueType}`, valueType),
  ];
}

function descriptorsOf({ resources, store, project }: World): Map<string, Descriptor> {
  const known = new Map<string, Descriptor>();
  const add = (type: string, shape: Shape, resource: string, labels: readonly string[], unit?: string) => {
    const before = known.get(type);
    const keys = new Set([...(before?.labels ?? []).map(({ key }) => key), ...labels]);
    known.set(type, {
      ...{ name: `projects/${project}/metricDescriptors/${type}`, type },
      ...{ metricKind: shape.metricKind, valueType: shape.valueType, ...(unit !== undefined && { unit }) },
      ...before,
      labels: [...keys].map(key => before?.labels.find(label => label.key === key) ?? { key }),
      monitoredResourceTypes: [...new Set([...(before?.monitoredResourceTypes ?? []), resource])],
    });
  };
  for (const { json } of resources.list('metricDescriptors')) known.set(json.type as string, json as Descriptor);
  for (const [type, metricKind, valueType, unit, resource, labels] of googleMetrics) {
    add(type, { metricKind, valueType }, resource, labels, unit);
  }
  for (const series of store.seriesOf()) {
    add(series.metric.type, series, series.resource.type, Object.keys(series.metric.labels));
  }
  return known;
}

/** A label of a descriptor has no value: that it is there is its text. */
function textOf({ type, labels, metricKind, valueType }: Descriptor, field: string): string {
  if (field === 'metric.type') return type;
  if (field === 'metric.kind' || field === 'metric_kind') return metricKind;
  if (field === 'value_type') return valueType;
  const key = field.replace(/^metric\.labels\./, '');
  return labels.some(label => label.key === key) ? key : '';
}
