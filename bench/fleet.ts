import { createRandom } from '../base/random.ts';
import { cloudRunSeries } from '../cli/local/cloud-run.ts';
import { compile, type Resources } from '../exports/compile.ts';
import type { Distribution, Labels, Point, SeriesIdentity, SeriesWrite } from '../monitoring/model.ts';
import {
  availability,
  cloudRun,
  cloudRunRequests,
  freshness,
  httpServerDuration,
  latency,
  ratio,
  service,
} from '../slo/index.ts';

export const MINUTE_MS = 60_000;
export const PROJECT = 'local';
const LOCATION = 'us-central1';
const SEED = 1;
const ROUTES = ['/orders', '/orders/:id', '/baskets', '/users/:id'];
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 10];
/** How many of a thousand requests fall into each bucket. */
const SHARES = [1, 9, 40, 120, 200, 250, 180, 100, 50, 25, 12, 8, 3, 1.5, 0.4, 0.1];
/** How many of a thousand requests have each answer, and how many reads are fresh or not. */
const ANSWERS = { 200: 979.5, 404: 20, 500: 0.5 };
const READS = { true: 997, false: 3 };

/** What the specs of so many services compile to: each four SLOs, with the policies of all tiers. */
export function compileFleet(services: number): Resources {
  const why = 'Because.';
  const specs = idsOf(services).map(id =>
    service(id, {
      owner: 'team',
      runsOn: cloudRun({ service: id, location: LOCATION }),
      traffic: { quietestHour: 1000 },
      slos: [
        availability({ goal: 0.999, period: '28d', sli: cloudRunRequests(), why }),
        latency({ goal: 0.99, under: '200ms', period: '28d', sli: httpServerDuration(), why }),
        latency({ id: 'slowest', goal: 0.999, under: '1s', period: '28d', sli: httpServerDuration(), why }),
        freshness({ goal: 0.99, under: '60s', period: '28d', sli: ratio('reads', { good: { fresh: 'true' } }), why }),
      ],
    }),
  );
  return compile(specs, { project: PROJECT, nameSuffix: '' }).resources;
}

/**
 * The series that those SLOs select, a point a minute: of each service the requests that Cloud Run counts by answer, a histogram for
 * each of four routes, and reads, fresh or not. Traffic goes up and down with the day, with chance that is the same in every run.
 */
export function createFleet({ services, startMs }: { services: number; startMs: number }) {
  const random = createRandom(SEED);
  const made = idsOf(services).flatMap((id, index) => ofService(id, 20 * 1.5 ** (index % 12), startMs, random));
  return {
    /** What all of them report at a time. */
    next(nowMs: number): SeriesWrite[] {
      const day = 1 + 0.8 * Math.sin((nowMs / MINUTE_MS / 1440) * 2 * Math.PI);
      return made.flatMap(({ series, unit, next }) => {
        const point = next(nowMs, day);
        return point ? [{ series, unit, points: [point] }] : [];
      });
    },
  };
}

type Made = { series: SeriesIdentity; unit: string; next(nowMs: number, day: number): Point | undefined };

function idsOf(services: number): string[] {
  return Array.from({ length: services }, (_, index) => `service-${index}`);
}

function ofService(id: string, perMinute: number, startMs: number, random: () => number): Made[] {
  /** Chance around a mean. */
  const some = (mean: number) =>
    Math.max(0, Math.floor(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2 + random()));
  const exportedMs = (nowMs: number) => nowMs - Math.floor(random() * 8);

  const answered = Object.entries(ANSWERS).map(([code, share]): Made => {
    return {
      series: cloudRunSeries({ project: PROJECT, location: LOCATION }, id).requestCount(Number(code)),
      unit: '1',
      next(endMs, day) {
        const value = some((perMinute * ROUTES.length * day * share) / 1000);
        // As there, no point where there was no request.
        return value > 0 ? { startMs: endMs - MINUTE_MS, endMs, value } : undefined;
      },
    };
  });
  const read = Object.entries(READS).map(([fresh, share]): Made => {
    let value = 0;
    return {
      series: exported(id, 'reads', 'counter', { fresh }),
      unit: '1',
      next(nowMs, day) {
        value += some((perMinute * day * share) / 1000);
        return { startMs, endMs: exportedMs(nowMs), value };
      },
    };
  });
  const timed = ROUTES.map((route): Made => {
    const counts = SHARES.map(() => 0);
    let sum = 0;
    return {
      series: exported(id, 'http.server.request.duration', 'histogram', { 'http.route': route }),
      unit: 's',
      next(nowMs, day) {
        for (const [bucket, share] of SHARES.entries()) {
          const came = some((perMinute * day * share) / 1000);
          counts[bucket] = (counts[bucket] ?? 0) + came;
          sum += came * (BOUNDS[bucket] ?? 15) * (0.7 + 0.3 * random());
        }
        const count = counts.reduce((all, inBucket) => all + inBucket, 0);
        const value: Distribution = { count, sum, bounds: BOUNDS, counts: [...counts] };
        return { startMs, endMs: exportedMs(nowMs), value };
      },
    };
  });
  return [...answered, ...read, ...timed];
}

/** A series as a service exports it by OTLP. */
function exported(id: string, name: string, kind: 'histogram' | 'counter', labels: Labels): SeriesIdentity {
  return {
    metric: { type: `prometheus.googleapis.com/${name}/${kind}`, labels },
    resource: {
      type: 'prometheus_target',
      labels: { project_id: PROJECT, location: LOCATION, cluster: '', namespace: '', job: id, instance: id },
    },
    metricKind: 'CUMULATIVE',
    valueType: kind === 'histogram' ? 'DISTRIBUTION' : 'DOUBLE',
  };
}
