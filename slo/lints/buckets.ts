import { describeSeconds } from '../../base/durations.ts';
import type { ObjectiveEntry } from '../catalogue.ts';
import type { CutSli } from '../sli.ts';
import { NATIVE_WINDOW_SECONDS_MAX } from '../tiers.ts';
import { type Lint, ofCut, ofObjective } from './rule.ts';
import { requestSliOf } from './slis.ts';

/** What buckets and raw series can tell. */
export const bucketLints = {
  'latency-between-bounds': {
    severity: 'error',
    explanation:
      'A distribution is counted by its buckets. A threshold between two bounds is interpolated, and in PromQL it matches no bucket at all.',
    remedy: 'Take one of the bounds, or add the threshold to the histogram’s boundaries.',
    example: 'Bounds at 0.1 s and 0.25 s, threshold 0.2 s: of 1,000 requests between them some 667 are taken for good.',
    rules: ofCut(({ cut: { distribution, range } }) => {
      const { bounds, type, unit } = distribution.metric;
      if (bounds === undefined) return undefined;
      return [range.min, range.max].flatMap(edge => {
        if (edge === undefined || bounds.includes(edge)) return [];
        const below = bounds.findLast(bound => bound < edge) ?? 'none';
        const above = bounds.find(bound => bound > edge) ?? 'none';
        return [`${edge} ${unit} lies between the bounds ${below} and ${above} of ${type}`];
      });
    }),
  },
  'bounds-unknown': {
    severity: 'warning',
    explanation:
      'The bounds of this distribution are not known, so a threshold lies between two of them as far as can be told: the share under it is an estimate.',
    remedy:
      'Say bounds: […] with the metric where you know them; or measure by an OpenTelemetry histogram, whose bounds are generated.',
    example:
      'Cloud Run’s request_latencies has none at 200 ms: httpServerDuration() counts the same requests by its own.',
    rules: ofCut(({ cut, objective }) => {
      if (!isUnknown(cut) || promQlReasons(objective).length > 0) return undefined;
      const { type, unit } = cut.distribution.metric;
      return `the bounds of ${type} are not known, and what lies under ${cut.range.max} ${unit} is an estimate`;
    }),
  },
  'bucket-needed': {
    severity: 'error',
    explanation:
      'A tier beyond 24 h, both pages as one, and a least number of bad events are PromQL, which counts the bucket at the threshold. Where the distribution has no such bucket nothing matches, and the alert never fires.',
    remedy:
      'Say bounds: […] with the metric where the threshold is one, measure by an OpenTelemetry histogram, or keep to tiers of at most 24 h.',
    example:
      'latency({ sli: cloudRunLatencies(), under: "200ms", … }) with the standard tiers, of which one looks back 3 d.',
    rules: ofCut(({ cut, objective }) => {
      const reasons = isUnknown(cut) ? promQlReasons(objective) : [];
      if (reasons.length === 0) return undefined;
      const { type, unit } = cut.distribution.metric;
      return `${reasons.join(' and ')} needs a bucket of ${type} at ${cut.range.max} ${unit}, and its bounds are not known`;
    }),
  },
  'tier-without-promql': {
    severity: 'error',
    explanation:
      'A tier beyond 24 h, both pages as one, and a least number of bad events are counted from raw series in PromQL. The series of a basic SLI are Cloud Monitoring’s own, and not told.',
    remedy: 'Count the same metric, such as cloudRunRequests(); or keep to tiers of at most 24 h.',
    example: 'availability({ sli: cloudRunBasic(), … }) with the standard tiers, of which one looks back 3 d.',
    rules: ofObjective(({ objective }) => {
      const reasons = requestSliOf(objective.sli)?.form === 'basic' ? promQlReasons(objective) : [];
      if (reasons.length === 0) return undefined;
      return `${reasons.join(' and ')} cannot be counted from a basic SLI`;
    }),
  },
} as const satisfies Readonly<Record<string, Lint>>;

/** What of an objective's alerts `select_slo_burn_rate` cannot say, as phrases. */
function promQlReasons({ tiers, onePage, badEventsAbove, sli }: ObjectiveEntry): string[] {
  const long = tiers.filter(({ longSeconds }) => longSeconds > NATIVE_WINDOW_SECONDS_MAX);
  const isJoined = onePage && tiers.filter(({ severity }) => severity === 'page').length > 1;
  const isCounted = badEventsAbove !== undefined && tiers.length > 0 && !(sli.form === 'ratio' && sli.bad);
  return [
    ...long.map(({ name, longSeconds }) => `tier ${name} (${describeSeconds(longSeconds)})`),
    ...(isJoined ? ['onePage'] : []),
    ...(isCounted ? ['badEventsAbove'] : []),
  ];
}

/** Those of OpenTelemetry are generated, the thresholds among them. */
function isUnknown({ distribution: { metric } }: CutSli): boolean {
  return metric.bounds === undefined && metric.otelName === undefined;
}
