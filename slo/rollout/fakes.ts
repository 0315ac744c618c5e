import type { Clock } from '../../base/clock.ts';
import type { Count } from '../statistics/two-sample.ts';
import type { Counts } from './counts.ts';
import { rolloutErrors } from './errors.ts';
import { LATEST, type Traffic, type TrafficState, type TrafficTarget } from './traffic.ts';

/** A Cloud Run service in memory. A test may make a change fail, before it is made or after. */
export function createFakeService(given: {
  targets: readonly TrafficTarget[];
  revisions: readonly string[];
  latestRevision?: string;
}) {
  const { revisions, latestRevision } = given;
  let { targets } = given;
  let version = 1;
  const etag = () => `"v${version}"`;
  const control: { trouble?(targets: readonly TrafficTarget[], when: 'before' | 'after'): void } = {};
  /** Every list of targets that there was, the first one included. */
  const history = [targets];

  /** Why Cloud Run would refuse it, if it would. */
  function objection(
    wanted: readonly TrafficTarget[],
    wantedEtag: string,
  ): { status: number; message: string } | undefined {
    if (wantedEtag !== etag()) return { status: 409, message: 'the etag does not match: the service was changed' };
    const unknown = wanted.find(({ type, revision }) => type !== LATEST && !revisions.includes(revision ?? ''));
    if (unknown) return { status: 400, message: `revision ${unknown.revision} is not there` };
    const sum = wanted.reduce((total, { percent = 0 }) => total + percent, 0);
    return sum === 100 || wanted.length === 0 ? undefined : { status: 400, message: `traffic sums up to ${sum} %` };
  }

  return {
    control,
    history,
    objection,
    state: (): TrafficState => ({ targets, etag: etag(), ...(latestRevision && { latestRevision }) }),
    put(wanted: readonly TrafficTarget[]) {
      targets = wanted;
      history.push(wanted);
      version += 1;
    },
  };
}

type FakeService = ReturnType<typeof createFakeService>;

/** The traffic of a service in memory. */
export function createFakeTraffic(service: FakeService): Traffic {
  return {
    current: async () => service.state(),
    async replace(targets, etag) {
      service.control.trouble?.(targets, 'before');
      const objection = service.objection(targets, etag);
      if (objection) throw rolloutErrors.error('cloud_run_refused', objection.message);
      service.put(targets);
      service.control.trouble?.(targets, 'after');
    },
  };
}

type Answer = { status: number; body: object };

/**
 * The Cloud Run Admin API v2 over a service in memory: its resource, a change of its traffic, and operations that are done when they
 * are asked for the second time.
 */
export function createFakeCloudRun(service: FakeService, name: string) {
  const operations = new Map<string, { asked: number; error?: { code: number; message: string } }>();
  const resource = () => {
    const { targets, etag, latestRevision } = service.state();
    const latest = latestRevision && { latestReadyRevision: `${name}/revisions/${latestRevision}` };
    const statuses = targets.map(target => ({ ...target, uri: 'https://example.com' }));
    return {
      name,
      uid: '1',
      generation: '4',
      template: {},
      traffic: targets,
      trafficStatuses: statuses,
      ...latest,
      etag,
    };
  };
  const failure = (status: number, message: string): Answer => ({ status, body: { error: { code: status, message } } });

  function operation(id: string): Answer {
    const known = operations.get(id);
    if (known === undefined) return failure(404, 'there is no such operation');
    known.asked += 1;
    const done = known.asked > 1;
    const result = known.error ? { error: known.error } : { response: resource() };
    return { status: 200, body: { name: id, metadata: resource(), ...(done && { done, ...result }) } };
  }

  function patch(url: URL, text: string): Answer {
    if (url.searchParams.get('updateMask') !== 'traffic') return failure(400, 'more would be changed than the traffic');
    const { traffic, etag } = JSON.parse(text) as { traffic: TrafficTarget[]; etag: string };
    const id = `${name.split('/').slice(0, 4).join('/')}/operations/${operations.size + 1}`;
    try {
      service.control.trouble?.(traffic, 'before');
      const objection = service.objection(traffic, etag);
      if (objection) return failure(objection.status, objection.message);
      service.put(traffic);
      operations.set(id, { asked: -1 });
      service.control.trouble?.(traffic, 'after');
    } catch (error) {
      const message = (error as Error).message;
      if (!operations.has(id)) return failure(503, message);
      operations.set(id, { asked: -1, error: { code: 13, message } });
    }
    return operation(id);
  }

  return function answer(method: string, path: string, text = ''): Answer {
    const url = new URL(path, 'http://fake');
    const asked = url.pathname.replace(/^\/v2\//, '');
    if (method === 'GET' && asked.includes('/operations/')) return operation(asked);
    if (asked !== name) return failure(404, `Resource '${asked}' was not found`);
    return method === 'GET' ? { status: 200, body: resource() } : patch(url, text);
  };
}

/** What each revision answers in the minute that begins at a time. */
type PerMinute = (revision: string, startMs: number) => Count;

const MINUTE_MS = 60_000;
const VISIBLE_AFTER_MS = 120_000;

/** The whole minutes that overlap an interval and can be read by now. */
function minutesOf(fromMs: number, toMs: number, clock: Clock): number[] {
  const first = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS;
  const end = Math.min(toMs, clock.now() - VISIBLE_AFTER_MS);
  return Array.from({ length: Math.max(0, Math.floor((end - first) / MINUTE_MS)) }, (_, at) => first + at * MINUTE_MS);
}

/** Counts from a made-up world, in samples of a minute that can be read two minutes late, as Google's. */
export function createFakeCounts(clock: Clock, perMinute: PerMinute): Counts {
  return {
    async between(fromMs, toMs, { new: fresh, old }) {
      const minutes = minutesOf(fromMs, toMs, clock).filter(startMs => startMs >= fromMs);
      const sum = (revision: string) =>
        minutes.reduce(
          ({ total, bad }, startMs) => {
            const more = perMinute(revision, startMs);
            return { total: total + more.total, bad: bad + more.bad };
          },
          { total: 0, bad: 0 },
        );
      return { new: sum(fresh), old: sum(old) };
    },
  };
}

/** Cloud Monitoring's list of `request_count` from the same world: a series for each revision and class of answer, one a page. */
export function createFakeRequestCount(clock: Clock, perMinute: PerMinute) {
  return function answer(path: string): Answer {
    const { searchParams } = new URL(path, 'http://fake');
    const filter = searchParams.get('filter') ?? '';
    const [, revisions = ''] = /resource\.labels\.revision_name=one_of\(([^)]*)\)/.exec(filter) ?? [];
    if (!filter.startsWith('metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision"')) {
      return { status: 400, body: { error: { code: 400, message: `not understood: ${filter}` } } };
    }
    const [fromMs = 0, toMs = 0] = ['start', 'end'].map(name =>
      Date.parse(searchParams.get(`interval.${name}Time`) ?? ''),
    );
    const toSeries = (revision_name: string, response_code_class: string, countOf: (count: Count) => number) => ({
      metric: { type: 'run.googleapis.com/request_count', labels: { response_code_class } },
      resource: { type: 'cloud_run_revision', labels: { revision_name } },
      ...{ metricKind: 2, valueType: 2 },
      points: minutesOf(fromMs, toMs, clock)
        .map(startMs => ({
          interval: { startTime: toTime(startMs), endTime: toTime(startMs + MINUTE_MS) },
          value: { int64Value: `${countOf(perMinute(revision_name, startMs))}` },
        }))
        .toReversed(),
    });
    const series = (JSON.parse(`[${revisions}]`) as string[])
      .flatMap(name => [
        toSeries(name, '2xx', ({ total, bad }) => total - bad),
        toSeries(name, '5xx', ({ bad }) => bad),
      ])
      .filter(({ points }) => points.some(({ value }) => value.int64Value !== '0'));
    const at = Number(searchParams.get('pageToken') || 0);
    return {
      status: 200,
      body: { timeSeries: series.slice(at, at + 1), ...(at + 1 < series.length && { nextPageToken: `${at + 1}` }) },
    };
  };
}

const toTime = (ms: number) => new Date(ms).toISOString();
