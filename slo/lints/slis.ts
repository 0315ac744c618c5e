import { describeSeconds } from '../../base/durations.ts';
import type { ObjectiveEntry } from '../catalogue.ts';
import type { Selection, Target } from '../metric.ts';
import { toFilter } from '../metric.ts';
import { type CutSli, type RatioSli, type Sli, selectionsOf } from '../sli.ts';
import { NATIVE_WINDOW_SECONDS_MAX } from '../tiers.ts';
import type { LintCode } from './table.ts';

const FILTER_CHARS_MAX = 2048;
const DAY_SECONDS = 86_400;

/** What is wrong with what an objective counts: code and sentence. */
export function lintSli(objective: ObjectiveEntry, target: Target): [LintCode, string][] {
  const { sli } = objective;
  const long = selectionsOf(sli).filter(selection => toFilter(selection, target).length > FILTER_CHARS_MAX);
  return [
    ...countsOf(sli).flatMap(lintCounter),
    ...cutsOf(sli).flatMap(cut => lintCut(cut, objective)),
    ...lintWindows(sli),
    ...long.map((selection): [LintCode, string] => [
      'filter-too-long',
      `the filter on ${selection.metric.type} has ${toFilter(selection, target).length} characters, and at most ${FILTER_CHARS_MAX} may`,
    ]),
  ];
}

const requestSliOf = (sli: Sli) => (sli.form === 'windows' && sli.good.test === 'performance' ? sli.good.sli : sli);

function countsOf(sli: Sli): Selection[] {
  const request = requestSliOf(sli);
  return request.form === 'ratio' ? selectionsOf(request as RatioSli) : [];
}

function cutsOf(sli: Sli): CutSli[] {
  const request = requestSliOf(sli);
  return request.form === 'cut' ? [request] : [];
}

function lintCounter({ metric }: Selection): [LintCode, string][] {
  const counts = metric.kind !== 'GAUGE' && (metric.value === 'INT64' || metric.value === 'DOUBLE');
  return counts
    ? []
    : [['gauge-in-ratio', `${metric.type} is a ${metric.kind} of ${metric.value}, and a ratio counts events`]];
}

function lintCut({ distribution: { metric }, range }: CutSli, { tiers }: ObjectiveEntry): [LintCode, string][] {
  const edges = [range.min, range.max].filter(edge => edge !== undefined);
  const { bounds, otelName } = metric;
  if (bounds === undefined) {
    // The boundaries of an OpenTelemetry histogram are generated, the threshold among them.
    const isBlind = otelName === undefined && tiers.some(({ longSeconds }) => longSeconds > NATIVE_WINDOW_SECONDS_MAX);
    return isBlind
      ? [
          [
            'bounds-unknown',
            `the bounds of ${metric.type} are not known, and a tier beyond 24 h needs one at ${range.max} ${metric.unit}`,
          ],
        ]
      : [];
  }
  return edges
    .filter(edge => !bounds.includes(edge))
    .map(edge => {
      const [below, above] = [bounds.findLast(bound => bound < edge), bounds.find(bound => bound > edge)];
      return [
        'latency-between-bounds',
        `${edge} ${metric.unit} lies between the bounds ${below ?? 'none'} and ${above ?? 'none'} of ${metric.type}`,
      ];
    });
}

function lintWindows(sli: Sli): [LintCode, string][] {
  if (sli.form !== 'windows') return [];
  const { windowSeconds } = sli;
  if (windowSeconds >= 60 && DAY_SECONDS % windowSeconds === 0) return [];
  return [
    ['window-period', `windows of ${describeSeconds(windowSeconds)} are shorter than 60 s, or do not fill a day`],
  ];
}
