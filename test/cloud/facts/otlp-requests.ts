import { compared, notSettled, type Outcome } from '../fact.ts';
import type { Answer, Api, Google } from '../google.ts';
import type { Run, World } from '../world.ts';

type Metric = { name: string } & Readonly<Record<string, unknown>>;

const CUMULATIVE = 2;
export const DELTA = 1;

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
export const nanos = (ms: number) => `${ms}000000`;

/** As `telemetry/resource.ts` has it on Cloud Run. */
export const resourceOf = ({ run, location, project }: World) => ({
  attributes: Object.entries({
    ...{ 'service.name': run, 'service.instance.id': run, 'cloud.region': location, 'gcp.project_id': project },
    ...{ 'cloud.provider': 'gcp', 'cloud.platform': 'gcp_cloud_run' },
  }).map(([key, value]) => attribute(key, value)),
});

/** What the names of all metrics of this run begin with. */
const rootOf = (run: string) => run.replaceAll('-', '');

/** The name of a metric of this run, with a dot as ours have. */
export const nameOf = ({ run }: World, what: string) => `${rootOf(run)}.${what}`;

/** A minute that ends now, as a point has it. */
export const minute = ({ now }: World) => ({
  startTimeUnixNano: nanos(now() - 60_000),
  timeUnixNano: nanos(now()),
});

export const counter = (world: World, what: string, aggregationTemporality = CUMULATIVE): Metric => ({
  name: nameOf(world, what),
  sum: { aggregationTemporality, isMonotonic: true, dataPoints: [{ ...minute(world), asDouble: 3 }] },
});

export const gauge = (world: World, what: string, points = 1): Metric => {
  const dataPoints = Array.from({ length: points }, (_, n) => ({
    ...{ timeUnixNano: nanos(world.now()), asDouble: n, attributes: [attribute('n', `${n}`)] },
  }));
  return { name: nameOf(world, what), gauge: { dataPoints } };
};

export const histogram = (world: World, what: string, more: object = {}): Metric => {
  const counts = { count: '3', sum: 1.2, bucketCounts: ['1', '1', '1'], explicitBounds: [0.1, 0.5] };
  const dataPoints = [{ ...minute(world), ...counts, ...more }];
  return { name: nameOf(world, what), unit: 's', histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
};

type Partial = { partialSuccess?: { rejectedDataPoints?: string; errorMessage?: string } };

/** Sends metrics, whose descriptors are deleted at the end. A point that is refused alone counts as refused too. */
export async function send(world: World, metrics: readonly Metric[], api: Api = 'telemetry'): Promise<Answer<unknown>> {
  deleteDescriptorsLater(world);
  const scopeMetrics = [{ scope: { name: 'burnline' }, metrics }];
  const body = { resourceMetrics: [{ resource: resourceOf(world), scopeMetrics }] };
  const answer = await world.google.ask<Partial | undefined>('POST', api, '/v1/metrics', body);
  const { rejectedDataPoints = '0', errorMessage = '' } = answer.body?.partialSuccess ?? {};
  if (Number(rejectedDataPoints) === 0) return answer;
  return { ...answer, taken: false, said: `refused for ${rejectedDataPoints} points: ${errorMessage}` };
}

type Descriptor = { name: string; type: string; metricKind: string; valueType: string };

/** What Cloud Monitoring has made of the metrics of a run, however it has changed their names. */
async function descriptorsOf(google: Google, { project, run }: Run): Promise<Descriptor[]> {
  const query = new URLSearchParams({
    filter: `metric.type = starts_with("prometheus.googleapis.com/${rootOf(run)}")`,
  });
  const path = `/v3/projects/${project}/metricDescriptors?${query}`;
  const page = await google.need<{ metricDescriptors?: Descriptor[] }>('GET', 'monitoring', path);
  return page.metricDescriptors ?? [];
}

/** As far as Google lets them be deleted: without points they cost nothing. */
export function deleteDescriptorsLater(world: World): void {
  world.made(`metric descriptors of prometheus.googleapis.com/${rootOf(world.run)}`, async google => {
    for (const { name } of await descriptorsOf(google, world)) {
      // A colon would begin the name of a method.
      await google.ask('DELETE', 'monitoring', `/v3/${name.replaceAll(':', '%3A')}`);
    }
  });
}

/**
 * Sends metrics, waits until each is shown, and holds what it has become against what is believed.
 *
 * @param expected each with a pattern of its name's end, kind and type: `.requests/counter CUMULATIVE DOUBLE`
 */
export async function settleShown(world: World, expected: readonly [Metric, RegExp][]): Promise<Outcome> {
  const { taken, said } = await send(
    world,
    expected.map(([metric]) => metric),
  );
  if (!taken) return compared(false, said);
  const root = `prometheus.googleapis.com/${rootOf(world.run)}`;
  const ends = expected.map(([{ name }]) => name.slice(rootOf(world.run).length + 1));
  const shown = await world.poll(async () => {
    const all = (await descriptorsOf(world.google, world)).map(
      ({ type, metricKind, valueType }) => `${type.slice(root.length)} ${metricKind} ${valueType}`,
    );
    const ours = ends.map(end => all.filter(each => each.startsWith(`${end}/`, 1)).join(' and '));
    return ours.includes('') ? undefined : ours;
  });
  if (!shown) return notSettled('Taken, but not all of it could be seen in the time');
  const isAsBelieved = expected.every(([, pattern], n) => pattern.test(shown[n] ?? ''));
  return compared(isAsBelieved, `shown as ${shown.join(', ')}`);
}
