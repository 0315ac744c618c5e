import { type Duration, secondsOf } from '../base/durations.ts';
import { type Counter, type Gauge, type Selection, toUnitOf } from './metric.ts';
import { type Place, placeOfCall } from './place.ts';
import type { Latencies } from './sli.ts';
import type { Severity } from './tiers.ts';

/** When a cause alert fires. Times are seconds; a value is in the metric's unit. */
export type CauseTest =
  | { test: 'count'; counter: Counter; moreThan: number; inSeconds: number }
  | { test: 'above'; gauge: Gauge; value: number; forSeconds: number }
  | {
      test: 'percentile';
      distribution: Latencies['distribution'];
      percentile: 50 | 95 | 99;
      valueSeconds: number;
      forSeconds: number;
    }
  | { test: 'drop'; counter: Counter; toShare: number; windowSeconds: number; comparedToSeconds: number }
  | { test: 'absent'; series: Selection; forSeconds: number };

/** An alert on a cause, beside those on the budget: it says where to look, and rarely wakes anybody. */
export type CauseAlert = {
  id: string;
  title: string;
  severity: Severity;
  why: string;
  when: CauseTest;
  definedAt: Place;
};

type About = { id: string; title: string; severity?: Severity; why: string };

const about = ({ id, title, severity = 'ticket', why }: About) => ({ id, title, severity, why });

/** More than so many events within a time. */
export function moreThan(count: number, options: About & { of: Counter; in: Duration }): CauseAlert {
  const when = { test: 'count', counter: options.of, moreThan: count, inSeconds: secondsOf(options.in) } as const;
  return { ...about(options), when, definedAt: placeOfCall() };
}

/** A gauge above a value, in its unit, all of a time. */
export function above(value: number, options: About & { of: Gauge; for: Duration }): CauseAlert {
  const when = { test: 'above', gauge: options.of, value, forSeconds: secondsOf(options.for) } as const;
  return { ...about(options), when, definedAt: placeOfCall() };
}

/** A percentile of a latency above a threshold, all of a time. Throws a `TypeError` where the metric is no time. */
export function slowerThan(
  threshold: Duration,
  options: About & { of: Latencies; percentile?: 50 | 95 | 99; for: Duration },
): CauseAlert {
  const { of, percentile = 95 } = options;
  const [valueSeconds, forSeconds] = [secondsOf(threshold), secondsOf(options.for)];
  // Here a metric that is no time is told with the line of the spec.
  toUnitOf(of.distribution.metric, valueSeconds);
  const when = { test: 'percentile', distribution: of.distribution, percentile, valueSeconds, forSeconds } as const;
  return { ...about(options), when, definedAt: placeOfCall() };
}

/** Traffic that falls to a share of what it was in the same window some time before. */
export function dropTo(
  toShare: number,
  options: About & { of: Counter; window?: Duration; comparedTo?: Duration },
): CauseAlert {
  const { of, window = '10m', comparedTo = '1h' } = options;
  const [windowSeconds, comparedToSeconds] = [secondsOf(window), secondsOf(comparedTo)];
  const when = { test: 'drop', counter: of, toShare, windowSeconds, comparedToSeconds } as const;
  return { ...about(options), when, definedAt: placeOfCall() };
}

/** No data for a time: what is not measured cannot be promised. Needs one point first, and looks back 23.5 h at most. */
export function absent(options: About & { of: Selection; for: Duration }): CauseAlert {
  const when = { test: 'absent', series: options.of, forSeconds: secondsOf(options.for) } as const;
  return { ...about(options), when, definedAt: placeOfCall() };
}

/** The series that a cause alert watches. */
export function seriesOf(when: CauseTest): Selection {
  switch (when.test) {
    case 'count':
    case 'drop':
      return when.counter;
    case 'above':
      return when.gauge;
    case 'percentile':
      return when.distribution;
    case 'absent':
      return when.series;
  }
}
