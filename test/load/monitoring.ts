import { objectives } from '../../load-tests/thresholds.ts';

/** The service that is tested. */
export const SERVICE = 'records-api';
export type Slo = keyof (typeof objectives)[typeof SERVICE];
export const slos = Object.keys(objectives[SERVICE]) as Slo[];

const HOUR_MS = 3_600_000;

type Series = { timeSeries?: { points: { value: { doubleValue: number } }[] }[] };
type Alerts = { alerts?: { policy: { displayName: string; userLabels: Readonly<Record<string, string>> } }[] };

/** Reads a local Cloud Monitoring as anybody would, by its API. */
export function createMonitoringReader(endpoint: string) {
  async function get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const answer = await fetch(`${endpoint}/v3/projects/local/${path}?${new URLSearchParams(query)}`);
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  /** How many events an SLO has counted: its budget is the share of them that may be bad. */
  async function events(slo: Slo): Promise<number> {
    const name = `projects/local/services/${SERVICE}/serviceLevelObjectives/${slo}`;
    const now = Date.now();
    const { timeSeries: [series] = [] } = (await get('timeSeries', {
      filter: `select_slo_budget_total("${name}")`,
      'interval.startTime': new Date(now - HOUR_MS).toISOString(),
      'interval.endTime': new Date(now).toISOString(),
    })) as Series;
    return Math.round((series?.points[0]?.value.doubleValue ?? 0) / (1 - objectives[SERVICE][slo].goal));
  }

  return {
    async eventsOfAll(): Promise<Readonly<Record<Slo, number>>> {
      const counted = await Promise.all(slos.map(async slo => [slo, await events(slo)] as const));
      return Object.fromEntries(counted) as Record<Slo, number>;
    },
    /** The open incidents that call somebody, as the names of their policies, for one SLO. */
    async openPages(slo: Slo): Promise<string[]> {
      const { alerts = [] } = (await get('alerts', { filter: 'state="OPEN"' })) as Alerts;
      const own = alerts.filter(
        ({ policy: { userLabels } }) =>
          userLabels.service === SERVICE && userLabels.slo === slo && userLabels.severity === 'page',
      );
      return own.map(({ policy }) => policy.displayName);
    },
  };
}
