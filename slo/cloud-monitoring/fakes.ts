import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../base/clock.ts';

/** A value, or one with the age of its newest point; the points before it hold other values. */
type Reading = number | { value: number; ageSeconds: number };

/** An incident as the fake is told of it; it is open where `closed` does not say otherwise. */
export type FakeAlert = {
  /** What `userLabels` say: the service's id in lower case, and whom its policy calls. */
  service: string;
  severity: 'page' | 'ticket';
  title?: string;
  openForSeconds?: number;
  closed?: true;
};

/** What a fake Cloud Monitoring holds. Readings are by `service/slo`, both as they stand in the resource's name. */
export type FakeWorld = {
  /** The ids of services, each with those of its SLOs: `{ 'records-api': ['availability', 'latency'] }`. */
  services: Readonly<Record<string, readonly string[]>>;
  /** The share of its budget that an SLO has left. */
  budgets: Readonly<Record<string, Reading>>;
  /** The burn rate of an SLO, whatever the look-back. */
  burns: Readonly<Record<string, Reading>>;
  alerts?: readonly FakeAlert[];
  /** How many items, or points, a page holds at the most. */
  pageItemsMax?: number;
  clock?: Clock;
};

type Query = URLSearchParams;
type Answer = { status: number; body: object };

const POINTS = 3;
/** Google names a project by its number, whatever it was asked by. */
const project = 'projects/123456789012';
const SELECTOR =
  /^select_slo_(budget_fraction|burn_rate)\("projects\/[^/]+\/services\/([^/]+)\/serviceLevelObjectives\/([^/"]+)"(?:, "\d+s")?\)$/;
const NUMBERS: Readonly<Record<string, number>> = { GAUGE: 1, DOUBLE: 3 };
const ERRORS = { 400: 'INVALID_ARGUMENT', 404: 'NOT_FOUND' } as const;

/**
 * A Cloud Monitoring over HTTP that holds what it is told, in any project: services, SLOs, what `select_slo_budget_fraction` and
 * `select_slo_burn_rate` find, and incidents; with Google's pages, errors, and enums as numbers where they are asked for so.
 */
export async function startFakeCloudMonitoring(world: FakeWorld) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const { status, body } = answer(world, pathname, searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The paths and queries that were asked. */
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function answer(world: FakeWorld, path: string, query: Query): Answer {
  const [, asked, rest = ''] = /^\/v3\/projects\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const [, service = '', slo] = /^services\/([^/]+)(?:\/serviceLevelObjectives(?:\/([^/]+))?)?$/.exec(rest) ?? [];
  const slos = Object.hasOwn(world.services, service) ? world.services[service] : undefined;
  if (asked === undefined) return failure(404, 'Requested entity was not found.');
  if (rest === 'services') {
    const services = Object.keys(world.services).map(toService);
    return page('services', services, world, query);
  }
  if (rest === 'timeSeries') return timeSeries(world, query);
  if (rest === 'alerts') return alerts(world, query);
  if (slos === undefined) return failure(404, `Service '${service}' was not found.`);
  if (rest === `services/${service}`) return { status: 200, body: toService(service) };
  if (slo === undefined) {
    const objectives = slos.map(id => toObjective(service, id));
    return page('serviceLevelObjectives', objectives, world, query);
  }
  return slos.includes(slo)
    ? { status: 200, body: toObjective(service, slo) }
    : failure(404, `SLO '${slo}' was not found.`);
}

function failure(code: keyof typeof ERRORS, message: string): Answer {
  return { status: code, body: { error: { code, message, status: ERRORS[code] } } };
}

function page(name: string, items: readonly object[], { pageItemsMax = 1000 }: FakeWorld, query: Query): Answer {
  const size = Math.min(Number(query.get('pageSize')) || pageItemsMax, pageItemsMax);
  const start = Number(query.get('pageToken') ?? 0);
  const end = start + size;
  // As Google does, an empty list is left out.
  const found = items.slice(start, end);
  return {
    status: 200,
    body: { ...(found.length > 0 && { [name]: found }), ...(end < items.length && { nextPageToken: `${end}` }) },
  };
}

const toService = (id: string) => ({
  ...{ name: `${project}/services/${id}`, displayName: id, custom: {}, userLabels: { managed_by: 'burnline' } },
});

const toObjective = (service: string, id: string) => ({
  name: `${project}/services/${service}/serviceLevelObjectives/${id}`,
  displayName: id,
  goal: 0.999,
  rollingPeriod: '2419200s',
  serviceLevelIndicator: { requestBased: { goodTotalRatio: { goodServiceFilter: 'a', totalServiceFilter: 'b' } } },
});

/** One series, whose points are the pages' items, the newest first. */
function timeSeries(world: FakeWorld, query: Query): Answer {
  const [, kind, service = '', slo = ''] = SELECTOR.exec(query.get('filter') ?? '') ?? [];
  if (kind === undefined) return failure(400, `The filter is not understood: ${query.get('filter')}`);
  if (!world.services[service]?.includes(slo)) return failure(404, `SLO '${slo}' was not found.`);
  const reading = (kind === 'burn_rate' ? world.burns : world.budgets)[`${service}/${slo}`];
  const [startMs, endMs] = ['startTime', 'endTime'].map(name => Date.parse(query.get(`interval.${name}`) ?? ''));
  const points = pointsOf(reading, world.clock ?? systemClock).filter(
    ({ interval }) =>
      Date.parse(interval.endTime) <= (endMs as number) && Date.parse(interval.endTime) > (startMs as number),
  );
  const { body } = page('points', points, world, query);
  const { points: found, ...rest } = body as { points?: object[] };
  const asNumber = /enum-encoding=int/.test(query.get('$alt') ?? '');
  const toEnum = (name: string) => (asNumber ? NUMBERS[name] : name);
  const series = {
    metric: { type: `monitoring.googleapis.com/fake/${kind}` },
    resource: { type: 'generic_task', labels: { project_id: 'fake' } },
    ...{ metricKind: toEnum('GAUGE'), valueType: toEnum('DOUBLE'), points: found },
  };
  return { status: 200, body: { ...(found && { timeSeries: [series] }), ...rest } };
}

function pointsOf(reading: Reading | undefined, clock: Clock) {
  if (reading === undefined) return [];
  const { value, ageSeconds } = typeof reading === 'number' ? { value: reading, ageSeconds: 60 } : reading;
  return Array.from({ length: POINTS }, (_, index) => {
    const time = new Date(clock.now() - (ageSeconds + index * 60) * 1000).toISOString();
    return { interval: { startTime: time, endTime: time }, value: { doubleValue: value + index } };
  });
}

function alerts(world: FakeWorld, query: Query): Answer {
  const state = /^state="(OPEN|CLOSED)"$/.exec(query.get('filter') ?? '')?.[1];
  if (query.has('filter') && state === undefined) return failure(400, 'The filter is not understood.');
  const nowMs = (world.clock ?? systemClock).now();
  const all = (world.alerts ?? []).map((alert, index) => toAlert(alert, index, nowMs));
  const found = all.filter(alert => state === undefined || alert.state === state);
  return page('alerts', found, { ...world, pageItemsMax: world.pageItemsMax ?? 50 }, query);
}

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts */
function toAlert(alert: FakeAlert, index: number, nowMs: number) {
  const { service, severity, title = `${service}: something is wrong`, openForSeconds = 600, closed } = alert;
  return {
    name: `${project}/alerts/0.${index}`,
    state: closed ? 'CLOSED' : 'OPEN',
    openTime: new Date(nowMs - openForSeconds * 1000).toISOString(),
    ...(closed && { closeTime: new Date(nowMs).toISOString() }),
    resource: { type: 'cloud_run_revision', labels: { service_name: service } },
    metadata: { systemLabels: {}, userLabels: {} },
    metric: { type: 'run.googleapis.com/request_count', labels: {} },
    policy: {
      name: `${project}/alertPolicies/${1000 + index}`,
      displayName: title,
      severity: severity === 'page' ? 'CRITICAL' : 'WARNING',
      userLabels: { managed_by: 'burnline', service, severity },
    },
  };
}
