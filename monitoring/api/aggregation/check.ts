import type { Problem } from '../../../base/errors.ts';
import { must, secondsOf } from '../checks.ts';
import { isAligner, type Shape, shapeAfter } from './shapes.ts';

/** How series are aligned and joined, as it is sent. */
export type Aggregation = {
  alignmentPeriod?: string;
  perSeriesAligner?: string;
  crossSeriesReducer?: string;
  groupByFields?: readonly string[];
};

const PERIOD_SECONDS_MIN = 60;
const FIELD = /^(?:(?:metric|resource)\.labels?\.(?:[\w]+|"[^"]+")|(?:metric|resource)\.type|project)$/;

/** Whether anything is to be aligned. */
export function isAligned({ perSeriesAligner = 'ALIGN_NONE' }: Aggregation = {}): boolean {
  return perSeriesAligner !== 'ALIGN_NONE';
}

/**
 * What is wrong with aggregations that follow each other.
 *
 * @param shape what the series are, where that is known
 */
export function checkAggregations(aggregations: readonly Aggregation[] = [], at: string, shape?: Shape): Problem[] {
  let left = shape;
  return aggregations.flatMap((aggregation, index) => {
    const place = `${at}[${index}]`;
    const { perSeriesAligner: aligner = 'ALIGN_NONE', crossSeriesReducer: reducer = 'REDUCE_NONE' } = aggregation;
    const problems = checkOne(aggregation, place);
    if (problems.length > 0 || aligner === 'ALIGN_NONE' || !left) return problems;
    const aligned = shapeAfter(aligner, left);
    const reduced = aligned && shapeAfter(reducer, aligned);
    const found = [
      ...must(
        aligned !== undefined,
        `${place}.perSeriesAligner`,
        `is ${aligner}, which cannot be applied to ${describe(left)}`,
      ),
      ...must(
        !aligned || reduced !== undefined,
        `${place}.crossSeriesReducer`,
        `is ${reducer}, which cannot be applied to ${describe(aligned ?? left)}`,
      ),
    ];
    left = reduced;
    return found;
  });
}

function checkOne(aggregation: Aggregation, at: string): Problem[] {
  const {
    alignmentPeriod,
    perSeriesAligner = 'ALIGN_NONE',
    crossSeriesReducer = 'REDUCE_NONE',
    groupByFields = [],
  } = aggregation;
  if (!isAligned(aggregation)) {
    return must(crossSeriesReducer === 'REDUCE_NONE', `${at}.perSeriesAligner`, 'is required where series are reduced');
  }
  return [
    ...must(isAligner(perSeriesAligner), `${at}.perSeriesAligner`, 'is not evaluated here', perSeriesAligner),
    ...must(
      (secondsOf(alignmentPeriod) ?? 0) >= PERIOD_SECONDS_MIN,
      `${at}.alignmentPeriod`,
      `must be at least ${PERIOD_SECONDS_MIN}s`,
      alignmentPeriod,
    ),
    ...groupByFields.flatMap((field, index) =>
      must(FIELD.test(field), `${at}.groupByFields[${index}]`, 'must be a label such as metric.labels.code', field),
    ),
  ];
}

const describe = ({ metricKind, valueType }: Shape) => `series of kind ${metricKind} and type ${valueType}`;
