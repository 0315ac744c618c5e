import { tidy } from '../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../slo/catalogue.ts';
import { errorBudget } from '../slo/maths.ts';
import { selectionsOf } from '../slo/sli.ts';
import { GENERATED } from './file.ts';
import { type Literal, toLiteral } from './literal.ts';

/** The metrics of HTTP requests, which a load test sends; a row or a message that failed is no failed request. */
const HTTP_METRICS = [
  'run.googleapis.com/request_',
  'loadbalancing.googleapis.com/https/',
  'prometheus.googleapis.com/http.server.request',
];

/**
 * The source of `load-tests/thresholds.ts`: goals by service and SLO, and k6 thresholds by service from those of its SLOs that count
 * HTTP requests. It imports nothing, for k6 runs it as it is.
 *
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds/
 */
export function toK6Thresholds({ services }: Catalogue): string {
  const objectives = services.map(service => [
    service.id,
    Object.fromEntries(service.objectives.map(objective => [objective.id, toFigures(objective)])),
  ]);
  const thresholds = services
    .map(service => [service.id, toThresholds(service)] as const)
    .filter(([, found]) => Object.keys(found).length > 0);
  return `// ${GENERATED}

/** What is promised, by service and SLO. */
${declare('objectives', Object.fromEntries(objectives))}

/** Thresholds for the options of a k6 script, by service. */
${declare('thresholds', Object.fromEntries(thresholds))}
`;
}

function declare(name: string, value: Literal): string {
  const start = `export const ${name} = `;
  return `${start}${toLiteral(value, { column: start.length })} as const;`;
}

function toFigures(objective: ObjectiveEntry): Literal {
  const { goal, thresholdSeconds } = objective;
  const route = routeOf(objective);
  return {
    goal,
    ...(thresholdSeconds !== undefined && { thresholdMs: tidy(thresholdSeconds * 1000) }),
    ...(route !== undefined && { route }),
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
  const tag = route === undefined ? '' : `{route:${route}}`;
  if (kind === 'availability') {
    const threshold = `rate<${errorBudget(goal)}`;
    return [[`http_req_failed${tag}`, { threshold, abortOnFail: true, delayAbortEval: '10s' }]];
  }
  if (kind !== 'latency' || thresholdSeconds === undefined) return [];
  return [[`http_req_duration${tag}`, `p(${tidy(goal * 100)})<${tidy(thresholdSeconds * 1000)}`]];
}

/** Windows of time are no requests, so what is good of them says nothing about one. */
function countsHttpRequests({ sli }: ObjectiveEntry): boolean {
  if (sli.form === 'windows') return false;
  return selectionsOf(sli).every(({ metric }) => HTTP_METRICS.some(start => metric.type.startsWith(start)));
}

function routeOf({ sli }: ObjectiveEntry): string | undefined {
  const routes = new Set(selectionsOf(sli).map(({ labels }) => labels['http.route']));
  const [route] = routes;
  const [value, ...others] = Array.isArray(route) ? (route as readonly string[]) : [route];
  return routes.size === 1 && others.length === 0 && typeof value === 'string' ? value : undefined;
}
