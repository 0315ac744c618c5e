import { tidy } from '../base/durations.ts';
import type { Catalogue, ServiceEntry } from '../slo/catalogue.ts';
import type { CauseAlert } from '../slo/causes.ts';
import { type Metric, toUnitOf } from '../slo/metric.ts';
import { type CutSli, type Sli, selectionsOf } from '../slo/sli.ts';
import { GENERATED } from './file.ts';
import { toLiteral } from './literal.ts';

const SECONDS_SCALE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Around a threshold the buckets are narrow, so that a percentile near it is told well. */
const AROUND = [1 / 4, 1 / 2, 1, 2, 4, 10];
/** Each bucket is kept in memory, sent and stored; only thresholds may be more. */
const BOUNDS_MAX = 24;

type Threshold = { metric: Metric; values: readonly number[] };

/** The source of `telemetry/boundaries.ts`: every OpenTelemetry histogram of the specs with bounds at and around its thresholds. */
export function toBoundaries({ services }: Catalogue): string {
  const metrics = new Map<string, { unit: string; thresholds: number[] }>();
  for (const { metric, values } of services.flatMap(thresholdsOf)) {
    const { otelName, unit } = metric;
    // A metric with bounds of its own is not ours to bound.
    if (otelName === undefined || metric.value !== 'DISTRIBUTION' || metric.bounds !== undefined) continue;
    const known = metrics.get(otelName) ?? { unit, thresholds: [] };
    known.thresholds.push(...values);
    metrics.set(otelName, known);
  }
  const sorted = [...metrics].sort(([a], [b]) => (a < b ? -1 : 1));
  const bounds = Object.fromEntries(sorted.map(([name, { unit, thresholds }]) => [name, boundsOf(unit, thresholds)]));
  return `// ${GENERATED}

/**
 * Upper bounds of the histogram buckets by metric, in its unit. A threshold of an SLO is a bound, so that the requests under it
 * are counted and not interpolated.
 */
export const boundaries = ${toLiteral(bounds, { column: 26 })} as const satisfies Readonly<Record<string, readonly number[]>>;
`;
}

function boundsOf(unit: string, thresholds: readonly number[]): number[] {
  const around = thresholds.flatMap(threshold => AROUND.map(factor => tidy(threshold * factor)));
  const scale = unit === 's' ? SECONDS_SCALE : [];
  return thinOut(
    [...new Set([...scale, ...around])].sort((a, b) => a - b),
    new Set(thresholds),
  );
}

/** Leaves out the bounds that are nearest to the one below them, but no threshold. */
function thinOut(bounds: readonly number[], thresholds: ReadonlySet<number>): number[] {
  const left = [...bounds];
  while (left.length > Math.max(BOUNDS_MAX, thresholds.size)) {
    const gaps = left.map((bound, index) => (thresholds.has(bound) ? Infinity : bound / (left[index - 1] ?? 0)));
    left.splice(gaps.indexOf(Math.min(...gaps)), 1);
  }
  return left;
}

function thresholdsOf({ objectives, causes }: ServiceEntry): Threshold[] {
  return [...objectives.flatMap(({ sli }) => ofSli(sli)), ...causes.flatMap(ofCause)];
}

function ofSli(sli: Sli): Threshold[] {
  const cut = cutOf(sli);
  const values = cut ? [cut.range.max, cut.range.min].filter(bound => bound !== undefined) : [];
  return selectionsOf(sli).map(({ metric }) => ({ metric, values }));
}

function cutOf(sli: Sli): CutSli | undefined {
  if (sli.form === 'windows') return sli.good.test === 'performance' ? cutOf(sli.good.sli) : undefined;
  return sli.form === 'cut' ? sli : undefined;
}

function ofCause({ when }: CauseAlert): Threshold[] {
  if (when.test !== 'percentile') return [];
  const { metric } = when.distribution;
  return [{ metric, values: [toUnitOf(metric, when.valueSeconds)] }];
}
