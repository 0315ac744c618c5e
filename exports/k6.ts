import { describeShare, tidy } from '../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../slo/catalogue.ts';
import { errorBudget } from '../slo/maths.ts';
import { valuesOf } from '../slo/metric.ts';
import { selectionsOf } from '../slo/sli.ts';
import { CONFIDENCE, eventsToProve } from '../slo/statistics/binomial.ts';
import { GENERATED } from './file.ts';
import { type Literal, toLiteral } from './literal.ts';

/** The metrics of HTTP requests, which a load test sends; a row or a message that failed is no failed request. */
const HTTP_METRICS = [
  'run.googleapis.com/request_',
  'loadbalancing.googleapis.com/https/',
  'prometheus.googleapis.com/http.server.request',
];

// In a tag's value k6 takes a comma for the next tag and cuts off quotes and spaces at the ends, and it has no escape.
const isTaggable = (route = '') => !/,|^["'\s]|["'\s]$/.test(route);

/**
 * The source of `load-tests/thresholds.ts`: goals by service and SLO, the traffic to start from, and k6 thresholds by service from
 * those of its SLOs that count HTTP requests; one whose route k6 cannot be told has none, and a line says so. It imports nothing, for
 * k6 runs it as it is.
 *
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds/
 */
export function toK6Thresholds({ services }: Catalogue): string {
  const objectives = services.map(service => [
    service.id,
    Object.fromEntries(service.objectives.map(objective => [objective.id, toFigures(objective)])),
  ]);
  const quietestHours = services.flatMap(({ id, traffic }) => (traffic ? [[id, traffic.quietestHour]] : []));
  const thresholds = services
    .map(service => [service.id, toThresholds(service)] as const)
    .filter(([, found]) => Object.keys(found).length > 0);
  const untold = services.flatMap(service =>
    service.objectives
      .filter(objective => countsHttpRequests(objective) && !isTaggable(routeOf(objective)))
      .map(({ id }) => `\n * ${service.id}/${id} has none: k6 takes no tag with such a route.`),
  );
  return `// ${GENERATED}

/**
 * What is promised, by service and SLO. \`metric\` is the k6 Rate in which a test counts its events, true for a good one, and by which
 * \`burnline gate --k6\` finds them; \`eventsToProve\`, all of them good, prove the goal with a confidence of ${describeShare(CONFIDENCE)}. \`routes\` are there
 * where HTTP requests are counted: those of these routes, or all where it is empty.
 */
${declare('objectives', Object.fromEntries(objectives))}

/** Events in the quietest hour, by service: requests, messages or rows. */
${declare('quietestHour', Object.fromEntries(quietestHours))}

/**
 * Thresholds for the options of a k6 script, by service, on k6's own metrics. k6 counts every 4xx as failed, which no SLO does, until
 * the script says \`http.setResponseCallback(http.expectedStatuses({ min: 200, max: 499 }))\`. One with a \`{route:…}\` counts the requests
 * that the script tags with it. What ends a run early is for the script to add: only it knows how many requests are planned.${untold.join('')}
 */
${declare('thresholds', Object.fromEntries(thresholds))}
`;
}

function declare(name: string, value: Literal): string {
  const start = `export const ${name} = `;
  return `${start}${toLiteral(value, { column: start.length })} as const;`;
}

function toFigures(objective: ObjectiveEntry): Literal {
  const { id, kind, goal, thresholdSeconds } = objective;
  return {
    kind,
    goal,
    ...(thresholdSeconds !== undefined && { thresholdMs: tidy(thresholdSeconds * 1000) }),
    metric: `slo_${id.replaceAll(/\W/g, '_')}`,
    eventsToProve: eventsToProve({ bad: 0, budget: errorBudget(goal) }),
    ...(countsHttpRequests(objective) && { routes: routesOf(objective) }),
  };
}

function toThresholds({ objectives }: ServiceEntry): Record<string, Literal[]> {
  const found: Record<string, Literal[]> = {};
  for (const [metric, threshold] of objectives.filter(countsHttpRequests).flatMap(toThreshold)) {
    found[metric] = [...(found[metric] ?? []), threshold];
  }
  return found;
}

function toThreshold(objective: ObjectiveEntry): [metric: string, threshold: Literal][] {
  const { kind, goal, thresholdSeconds } = objective;
  const route = routeOf(objective);
  if (!isTaggable(route)) return [];
  const tag = route === undefined ? '' : `{route:${route}}`;
  if (kind === 'availability') return [[`http_req_failed${tag}`, `rate<=${errorBudget(goal)}`]];
  if (kind !== 'latency' || thresholdSeconds === undefined) return [];
  return [[`http_req_duration${tag}`, `p(${tidy(goal * 100)})<${tidy(thresholdSeconds * 1000)}`]];
}

/** Windows of time are no requests, so what is good of them says nothing about one. */
function countsHttpRequests({ sli }: ObjectiveEntry): boolean {
  if (sli.form === 'windows') return false;
  return selectionsOf(sli).every(({ metric }) => HTTP_METRICS.some(start => metric.type.startsWith(start)));
}

/** The one route whose requests a threshold counts; none where it counts those of all. */
function routeOf(objective: ObjectiveEntry): string | undefined {
  const [route, ...others] = routesOf(objective);
  return others.length > 0 ? undefined : route;
}

/** The routes that an SLI selects by name; none where it takes all, or all but some. */
function routesOf({ sli }: ObjectiveEntry): readonly string[] {
  const selected = selectionsOf(sli).map(({ labels }) => valuesOf(labels['http.route'] ?? [], { nameSuffix: '' }));
  const lists = new Set(selected.map(({ not, values }) => (not ? '' : values.join('\n'))));
  const [list = ''] = lists;
  return lists.size > 1 || list === '' ? [] : list.split('\n');
}
