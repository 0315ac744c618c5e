import type { Answer } from '../google.ts';
import { bodyOf } from '../google.ts';
import type { World } from '../world.ts';

type Named = { name: string };
type Filters = { good: string; total: string };

/** Makes a custom metric, a counter with the labels `stream` and `outcome`. Gives its type. */
export async function makeCounter(world: World, what: string): Promise<string> {
  const type = `custom.googleapis.com/${world.run}/${what}`;
  const root = `/v3/projects/${world.project}/metricDescriptors`;
  const labels = ['stream', 'outcome'].map(key => ({ key, valueType: 'STRING' }));
  const body = { type, metricKind: 'CUMULATIVE', valueType: 'INT64', unit: '1', labels };
  bodyOf(await world.make('POST', 'monitoring', root, body, `${root}/${type}`));
  return type;
}

/** The good events of a stream of such a counter, and all of them. */
export function filtersOf(type: string, stream: string): Filters {
  const total = `metric.type="${type}" AND resource.type="global" AND metric.labels.stream="${stream}"`;
  return { total, good: `${total} AND metric.labels.outcome="good"` };
}

/** Asks for a service of Cloud Monitoring; its id is the run's and `what`. */
export function askForService(world: World, what: string, kind: object = { custom: {} }): Promise<Answer<Named>> {
  const root = `/v3/projects/${world.project}/services`;
  const id = `${world.run}-${what}`;
  const body = { displayName: id, userLabels: world.labels, ...kind };
  return world.make('POST', 'monitoring', `${root}?serviceId=${id}`, body, `${root}/${id}`);
}

/** Asks for an SLO of such a service. */
export function askForSlo(world: World, what: string, { good, total }: Filters): Promise<Answer<Named>> {
  const root = `/v3/projects/${world.project}/services/${world.run}-${what}/serviceLevelObjectives`;
  const goodTotalRatio = { goodServiceFilter: good, totalServiceFilter: total };
  const body = {
    ...{ displayName: `${world.run} ${what}`, goal: 0.9, rollingPeriod: '86400s', userLabels: world.labels },
    serviceLevelIndicator: { requestBased: { goodTotalRatio } },
  };
  return world.make('POST', 'monitoring', `${root}?serviceLevelObjectiveId=good`, body, `${root}/good`);
}

/** Makes an SLO with its service, on a metric that may be too new at first. Gives its name. */
export async function makeSlo(world: World, what: string, filters: Filters): Promise<string> {
  bodyOf(await askForService(world, what));
  let last: Answer<Named> | undefined;
  await world.poll(async () => {
    last = await askForSlo(world, what, filters);
    return last.taken ? last : undefined;
  });
  if (!last) throw new Error('There was no time for an SLO');
  return bodyOf(last).name;
}

type Condition = { conditionThreshold: object } | { conditionPrometheusQueryLanguage: object };

/** Asks for an alert policy that is not enabled. */
export function askForPolicy(world: World, condition: Condition, documentation?: object): Promise<Answer<Named>> {
  const body = {
    ...{ displayName: world.run, enabled: false, combiner: 'OR', userLabels: world.labels },
    conditions: [{ displayName: world.run, ...condition }],
    ...(documentation && { documentation }),
  };
  const path = `/v3/projects/${world.project}/alertPolicies`;
  return world.make<Named>('POST', 'monitoring', path, body, ({ name }) => `/v3/${name}`);
}

type Point = { value: { doubleValue?: number | string; distributionValue?: { exemplars?: unknown[] } } };

/** The points of the last ten minutes that a filter selects, the newest of a series first. */
export async function pointsOf({ google, project, now }: World, filter: string): Promise<Point[]> {
  const query = new URLSearchParams({
    filter,
    'interval.startTime': new Date(now() - 600_000).toISOString(),
    'interval.endTime': new Date(now()).toISOString(),
  });
  type Page = { timeSeries?: { points?: Point[] }[] };
  const page = await google.need<Page>('GET', 'monitoring', `/v3/projects/${project}/timeSeries?${query}`);
  return (page.timeSeries ?? []).flatMap(({ points = [] }) => points);
}
