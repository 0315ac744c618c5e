import type { DataSetJson, TimeSeriesQueryJson } from '../slo/resources/dashboard.ts';

/** UCUM for a share that is shown as a percentage. */
export const PERCENT = '10^2.%';

/** What an SLO's selector gives: a share of the budget or of good events from 0 to 1, or the burn rate over so many seconds. */
export function sloQuery(
  name: string,
  of: 'budget_fraction' | 'compliance' | 'burn_rate',
  lookBackSeconds = 3600,
): TimeSeriesQueryJson {
  const lookBack = of === 'burn_rate' ? `, "${lookBackSeconds}s"` : '';
  return {
    timeSeriesFilter: {
      filter: `select_slo_${of}("${name}"${lookBack})`,
      aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_NEXT_OLDER' },
    },
    unitOverride: of === 'burn_rate' ? '1' : PERCENT,
  };
}

type Alignment = { aligner: string; reducer: string; groupBy?: readonly string[]; unit?: string };

/** The series of a filter brought to a point a minute and joined. */
export function query(filter: string, { aligner, reducer, groupBy, unit }: Alignment): TimeSeriesQueryJson {
  return {
    timeSeriesFilter: {
      filter,
      aggregation: {
        ...{ alignmentPeriod: '60s', perSeriesAligner: aligner, crossSeriesReducer: reducer },
        ...(groupBy && { groupByFields: groupBy }),
      },
    },
    ...(unit !== undefined && { unitOverride: unit }),
  };
}

/** Events a second of one counter as a share of those of another, by their filters. */
export function shareQuery(part: string, whole: string): TimeSeriesQueryJson {
  const aggregation = { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM' };
  return {
    timeSeriesFilterRatio: {
      numerator: { filter: part, aggregation },
      denominator: { filter: whole, aggregation },
    },
    unitOverride: PERCENT,
  };
}

/** The 50th, 95th and 99th percentile over all series of a distribution. */
export function percentiles(filter: string, unit?: string): DataSetJson[] {
  return [50, 95, 99].map(percentile => {
    const alignment = { aligner: 'ALIGN_DELTA', reducer: `REDUCE_PERCENTILE_${percentile}`, ...(unit && { unit }) };
    return dataSet(query(filter, alignment), `p${percentile}`);
  });
}

/** A line or area a minute, under a name. */
export function dataSet(
  timeSeriesQuery: TimeSeriesQueryJson,
  legendTemplate: string,
  plotType: DataSetJson['plotType'] = 'LINE',
): DataSetJson {
  return { timeSeriesQuery, plotType, legendTemplate, minAlignmentPeriod: '60s' };
}
