import type { Clock } from '../../base/clock.ts';
import { isJsonObject } from '../../base/json.ts';
import { parseRfc3339 } from '../../base/time.ts';
import type { Clients } from './clients.ts';
import { CALL_OPTIONS, ifThere, type Page, readPages } from './patience.ts';

/** The newest point of a series. */
export type Point = { value: number; atMs: number };

/** An incident that is open, as the policy stood that opened it. */
export type Incident = {
  name: string;
  openedAtMs?: number;
  policy: { displayName: string; severity?: string; userLabels: Readonly<Record<string, string>> };
};

/** What is asked of Cloud Monitoring about services that have SLOs. Each throws where the endpoint is absent or refuses. */
export type MonitoringReader = {
  /** The ids of the project's services. */
  serviceIds(): Promise<string[]>;
  /** The ids of a service's SLOs, for Google may name the project by its number; `undefined` where there is no such service. */
  objectiveIds(serviceName: string): Promise<string[] | undefined>;
  /** The share of its budget that an SLO has left, below 0 where it is overspent; `undefined` where no point is that young. */
  budgetFraction(sloName: string, withinSeconds: number): Promise<Point | undefined>;
  /** How many times too fast an SLO's budget was spent over the last so many seconds; `undefined` where nothing says so. */
  burnRate(sloName: string, overSeconds: number): Promise<Point | undefined>;
  openIncidents(): Promise<Incident[]>;
};

const PAGE_ITEMS = 1000;

/** Reads one project by Google's clients. */
export function createReader(options: {
  clients: Clients;
  /** For messages: where the clients ask. */
  endpoint: string;
  project: string;
  clock: Clock;
}): MonitoringReader {
  const { clients, endpoint, project, clock } = options;
  const name = `projects/${project}`;

  async function newestPoint(filter: string, withinSeconds: number): Promise<Point | undefined> {
    const endSeconds = Math.floor(clock.now() / 1000);
    const interval = { startTime: { seconds: endSeconds - withinSeconds }, endTime: { seconds: endSeconds } };
    const request = { name, filter, interval, view: 'FULL' as const };
    const series = await ifThere(
      readPages(
        async pageToken => {
          const [, , page] = await clients.metrics.listTimeSeries({ ...request, pageToken }, CALL_OPTIONS);
          const [trouble] = page?.executionErrors ?? [];
          if (trouble) throw new Error(`only a part can be read, for ${trouble.message}`);
          return { items: page?.timeSeries ?? [], nextPageToken: page?.nextPageToken };
        },
        { what: filter, endpoint },
      ),
    );
    const points = (series ?? []).flatMap(({ points }) => points ?? []).map(toPoint);
    const real = points.filter(({ value }) => Number.isFinite(value));
    return real.sort((a, b) => b.atMs - a.atMs)[0];
  }

  return {
    async serviceIds() {
      const services = await readPages(
        async pageToken => {
          const request = { parent: name, pageSize: PAGE_ITEMS, pageToken };
          const [, , page] = await clients.services.listServices(request, CALL_OPTIONS);
          return { items: page?.services ?? [], nextPageToken: page?.nextPageToken };
        },
        { what: `the services of ${name}`, endpoint },
      );
      return services.map(idOf);
    },

    async objectiveIds(serviceName) {
      const objectives = await ifThere(
        readPages(
          async pageToken => {
            const request = { parent: serviceName, pageSize: PAGE_ITEMS, pageToken };
            const [, , page] = await clients.services.listServiceLevelObjectives(request, CALL_OPTIONS);
            return { items: page?.serviceLevelObjectives ?? [], nextPageToken: page?.nextPageToken };
          },
          { what: `the SLOs of ${serviceName}`, endpoint },
        ),
      );
      return objectives?.map(idOf);
    },

    budgetFraction: (slo, withinSeconds) => newestPoint(`select_slo_budget_fraction("${slo}")`, withinSeconds),
    burnRate: (slo, overSeconds) => newestPoint(`select_slo_burn_rate("${slo}", "${overSeconds}s")`, overSeconds),

    async openIncidents() {
      const query = { filter: 'state="OPEN"', pageSize: `${PAGE_ITEMS}` };
      const alerts = await readPages(
        async pageToken => {
          return toAlertPage(await clients.get(`/v3/${name}/alerts`, { ...query, ...(pageToken && { pageToken }) }));
        },
        { what: `the incidents of ${name}`, endpoint },
      );
      return alerts.filter(({ state }) => state === 'OPEN').map(toIncident);
    },
  };
}

const idOf = ({ name }: { name?: string | null }) => name?.split('/').at(-1) ?? '';

type PointJson = {
  interval?: { endTime?: { seconds?: unknown } | null } | null;
  value?: { doubleValue?: number | null; int64Value?: unknown } | null;
};

function toPoint({ interval, value }: PointJson): Point {
  const number = value?.doubleValue ?? value?.int64Value;
  return {
    value: number === undefined || number === null ? Number.NaN : Number(number),
    atMs: Number(interval?.endTime?.seconds ?? 0) * 1000,
  };
}

/** An alert of the REST API, for which Google has no client. */
type AlertPageJson = { alerts?: AlertJson[]; nextPageToken?: string };
type AlertJson = { name?: string; state?: string; openTime?: string; policy?: Partial<Incident['policy']> };

function toAlertPage(body: unknown): Page<AlertJson> {
  const { alerts = [], nextPageToken } = isJsonObject(body) ? (body as AlertPageJson) : { alerts: null };
  if (!Array.isArray(alerts)) throw new TypeError('its answer is no list of alerts');
  return { items: alerts, nextPageToken };
}

function toIncident({ name = '', openTime, policy }: AlertJson): Incident {
  const { displayName = name, severity, userLabels = {} } = policy ?? {};
  const openedAt = openTime === undefined ? undefined : parseRfc3339(openTime);
  return {
    ...{ name, policy: { displayName, userLabels, ...(severity !== undefined && { severity }) } },
    ...(openedAt !== undefined && { openedAtMs: Math.floor(openedAt / 1000) }),
  };
}
