import type { Distribution, SeriesIdentity, SeriesWrite } from '../monitoring/model.ts';

export const MINUTE_MS = 60_000;
const SERIES_OF_EACH_KIND = 8;
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 10];
/** How many of a thousand requests fall into each bucket. */
const SHARES = [1, 9, 40, 120, 200, 250, 180, 100, 50, 25, 12, 8, 3, 1.5, 0.4, 0.1];

/**
 * Services as they export by OTLP, each eight histograms and eight counters: traffic that goes up and down with the day, and chance
 * that is the same in every run.
 */
export function createFleet({ services, startMs }: { services: number; startMs: number }) {
  const random = createRandom();
  const series = Array.from({ length: services * SERIES_OF_EACH_KIND }, (_, index) => ({
    histogram: identity(index, 'histogram'),
    counter: identity(index, 'counter'),
    perMinute: 20 * 1.5 ** (index % 12),
    counts: SHARES.map(() => 0),
    sum: 0,
  }));
  return {
    /** What all of them export at a time. */
    next(nowMs: number): SeriesWrite[] {
      const day = 1 + 0.8 * Math.sin((nowMs / MINUTE_MS / 1440) * 2 * Math.PI);
      return series.flatMap(one => {
        for (const [bucket, share] of SHARES.entries()) {
          const mean = (one.perMinute * day * share) / 1000;
          const came = Math.max(
            0,
            Math.floor(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2 + random()),
          );
          one.counts[bucket] = (one.counts[bucket] ?? 0) + came;
          one.sum += came * (BOUNDS[bucket] ?? 15) * (0.7 + 0.3 * random());
        }
        const endMs = nowMs - Math.floor(random() * 8);
        const count = one.counts.reduce((sum, inBucket) => sum + inBucket, 0);
        const value: Distribution = { count, sum: one.sum, bounds: BOUNDS, counts: [...one.counts] };
        return [
          { series: one.histogram, unit: 's', points: [{ startMs, endMs, value }] },
          { series: one.counter, unit: '1', points: [{ startMs, endMs, value: count }] },
        ];
      });
    },
  };
}

function identity(index: number, kind: 'histogram' | 'counter'): SeriesIdentity {
  const instance = `service-${Math.floor(index / SERIES_OF_EACH_KIND)}`;
  const name = kind === 'histogram' ? 'http.server.request.duration' : 'http.server.requests';
  return {
    metric: {
      type: `prometheus.googleapis.com/${name}/${kind}`,
      labels: { 'http.route': `/route/${index % SERIES_OF_EACH_KIND}`, 'http.response.status_code': '200' },
    },
    resource: {
      type: 'prometheus_target',
      labels: { project_id: 'local', location: 'local', cluster: '', namespace: '', job: instance, instance },
    },
    metricKind: 'CUMULATIVE',
    valueType: kind === 'histogram' ? 'DISTRIBUTION' : 'DOUBLE',
  };
}

/** Numbers from 0 to 1, the same in every run. */
function createRandom(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
