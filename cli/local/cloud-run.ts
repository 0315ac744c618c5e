import type { RequestListener } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Labels, Point, SeriesIdentity, SeriesWrite } from '../../monitoring/model.ts';
import type { Place } from './reporting.ts';

/**
 * Upper bounds of Cloud Run's latency buckets in milliseconds: 10 × 1.1^k. Google does not document them; those that are told of in
 * public (19.487171, 74.002499, 1067.189572, 4052.650622, 27264.206856) are all of this form. How many there are is not known: here up
 * to the hour that a request may take.
 */
export const latencyBoundsMs: readonly number[] = Array.from({ length: 136 }, (_, power) => 10 * 1.1 ** power);

/** What a request counts as whose client went away before there was an answer. Which it is on Cloud Run is not documented. */
const CLIENT_GONE = 499;

/** Publishing goes to Pub/Sub in the cloud, and is no request of a Cloud Run service. */
const PUBSUB_PATH = '/v1/projects/';

/** The series of a Cloud Run service, of its one revision. */
export function cloudRunSeries({ project, location }: Place, service: string, revision = 'local') {
  const resource = {
    type: 'cloud_run_revision',
    labels: {
      ...{ project_id: project, location, service_name: service, configuration_name: service },
      revision_name: `${service}-${revision}`,
    },
  };
  const series = (name: string, labels: Labels, of: Pick<SeriesIdentity, 'metricKind' | 'valueType'>) => {
    return { metric: { type: `run.googleapis.com/${name}`, labels }, resource, ...of };
  };
  const answered = (code: number) => {
    return { response_code: String(code), response_code_class: `${Math.floor(code / 100)}xx` };
  };
  return {
    requestCount: (code: number): SeriesIdentity =>
      series('request_count', answered(code), { metricKind: 'DELTA', valueType: 'INT64' }),
    requestLatencies: (code: number): SeriesIdentity =>
      series('request_latencies', answered(code), { metricKind: 'DELTA', valueType: 'DISTRIBUTION' }),
    instanceCount: (state: 'active' | 'idle'): SeriesIdentity =>
      series('container/instance_count', { state }, { metricKind: 'GAUGE', valueType: 'INT64' }),
  };
}

/** One instance of a service: requests under way, and latencies of those since the last sample by the code of their answers. */
type Instance = { running: number; ended: Map<number, ReturnType<typeof noLatencies>> };

/**
 * What Cloud Run would report of the services whose requests pass through `observe`. A request counts when its last byte is sent, as
 * there. For a code without a request since the last sample no point is written: a ratio over such a time has no data, and is not 0.
 *
 * @example
 * listen({ handler: cloudRun.observe('records-api', app.callback()), port: 8080 });
 */
export function createCloudRun({ clock, ...place }: Place & { clock: Clock }): {
  /** The listener of a service's requests, watched. It has to stand before all that may answer in its place. */
  observe(service: string, handler: RequestListener): RequestListener;
  sample(): SeriesWrite[];
} {
  const instances = new Map<string, Instance>();
  let sampledMs = clock.now();

  return {
    observe(service, handler) {
      const instance = instances.get(service) ?? { running: 0, ended: new Map() };
      instances.set(service, instance);
      return (req, res) => {
        if (req.url?.startsWith(PUBSUB_PATH)) return handler(req, res);
        const startedMs = clock.now();
        instance.running += 1;
        res.once('close', () => {
          const code = res.headersSent ? res.statusCode : CLIENT_GONE;
          instance.running -= 1;
          const latencies = instance.ended.get(code) ?? noLatencies();
          instance.ended.set(code, latencies);
          addLatency(latencies, Math.max(0, clock.now() - startedMs));
        });
        return handler(req, res);
      };
    },
    sample() {
      const [startMs, endMs] = [sampledMs, clock.now()];
      // A clock that was set back: what was counted is told with the next sample.
      if (endMs <= startMs) return [];
      sampledMs = endMs;
      return [...instances].flatMap(([service, instance]) =>
        tell(instance, cloudRunSeries(place, service), { startMs, endMs }),
      );
    },
  };
}

function tell(
  instance: Instance,
  series: ReturnType<typeof cloudRunSeries>,
  interval: Pick<Point, 'startMs' | 'endMs'>,
): SeriesWrite[] {
  const { endMs } = interval;
  const { running, ended } = instance;
  instance.ended = new Map();
  const isActive = running > 0 || ended.size > 0;
  const instances = (state: 'active' | 'idle', value: number) => {
    return { series: series.instanceCount(state), points: [{ startMs: endMs, endMs, value }] };
  };
  return [
    ...[...ended].flatMap(([code, latencies]) => [
      { series: series.requestCount(code), points: [{ ...interval, value: latencies.count }] },
      { series: series.requestLatencies(code), unit: 'ms', points: [{ ...interval, value: latencies }] },
    ]),
    instances('active', isActive ? 1 : 0),
    instances('idle', isActive ? 0 : 1),
  ];
}

function noLatencies() {
  return { count: 0, sum: 0, bounds: latencyBoundsMs, counts: new Array<number>(latencyBoundsMs.length + 1).fill(0) };
}

function addLatency(latencies: ReturnType<typeof noLatencies>, ms: number): void {
  const bucket = latencyBoundsMs.findIndex(bound => ms < bound);
  const index = bucket === -1 ? latencyBoundsMs.length : bucket;
  latencies.counts[index] = (latencies.counts[index] ?? 0) + 1;
  latencies.count += 1;
  latencies.sum += ms;
}
