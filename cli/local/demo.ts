import { createRandom } from '../../base/random.ts';
import type { Point, SeriesWrite, Value } from '../../monitoring/model.ts';
import { isDistribution } from '../../monitoring/query/distribution.ts';
import type { UptimeCheckConfig } from '../../slo/resources/alerting.ts';
import { createMinutes, incidentBefore, MINUTE_MS } from './demo/minute.ts';
import { demoSeries } from './demo/series.ts';
import type { Place } from './reporting.ts';

const HOURS = 28 * 24;
/** A history that has just begun is judged by little: one failure would page, so that there is no noise yet. */
const CALM_MS = 6 * 60 * MINUTE_MS;

/**
 * What Cloud Monitoring would hold of the platform after 28 days that end at `nowMs`: the series of the platform itself and those of
 * Google's services, a point a minute, with the rhythm of days and weeks, some noise after the first hours, and one incident of 40
 * minutes that pages and is long over. Yields a batch for each hour, oldest first. The same options give the same history. Every series
 * has the label `demo: "true"`, and where a resource tells its instance or revision, that says so too.
 *
 * @param options.uptimeChecks whose results are told
 */
export function* demoHistory(
  options: Place & { uptimeChecks: readonly UptimeCheckConfig[]; nowMs: number; seed: number },
): Generator<SeriesWrite[]> {
  const { uptimeChecks, nowMs, seed, ...place } = options;
  const lastMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const firstMs = lastMs - HOURS * 60 * MINUTE_MS;
  const noise = createRandom(seed);
  let endMs = firstMs;
  const random = () => (endMs <= firstMs + CALM_MS ? 0.5 : noise());
  const minuteOf = createMinutes({ random, incident: incidentBefore(nowMs) });
  const all = demoSeries(place, uptimeChecks, random);
  const totals: (Value | undefined)[] = [];
  while (endMs < lastMs) {
    const points: Point[][] = all.map(() => []);
    for (let minutes = 0; minutes < 60; minutes += 1) {
      endMs += MINUTE_MS;
      const minute = minuteOf(endMs);
      const starts = { CUMULATIVE: firstMs, DELTA: endMs - MINUTE_MS, GAUGE: endMs };
      for (const [index, { series, tell }] of all.entries()) {
        const told = tell(minute);
        if (told === undefined) continue;
        const value = series.metricKind === 'CUMULATIVE' ? sumOf(totals[index], told) : told;
        totals[index] = value;
        points[index]?.push({ startMs: starts[series.metricKind], endMs, value });
      }
    }
    yield all
      .map(({ series, unit }, index) => ({ series, unit, points: points[index] ?? [] }))
      .filter(write => write.points.length > 0);
  }
}

/** What was counted until now, and a minute more of it. */
function sumOf(before: Value | undefined, added: Value): Value {
  if (before === undefined) return added;
  if (!isDistribution(before) || !isDistribution(added)) return Number(before) + Number(added);
  const counts = before.counts.map((inBucket, bucket) => inBucket + (added.counts[bucket] ?? 0));
  return { count: before.count + added.count, sum: before.sum + added.sum, bounds: before.bounds, counts };
}
