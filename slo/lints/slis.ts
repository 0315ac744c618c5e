import { describeSeconds } from '../../base/durations.ts';
import type { ServiceEntry } from '../catalogue.ts';
import { seriesOf } from '../causes.ts';
import { type Metric, type Selection, toFilter, valuesOf } from '../metric.ts';
import { type Range, type RatioSli, type RequestSli, type Sli, selectionsOf, type WindowTest } from '../sli.ts';
import { type Lint, type Linted, ofCause, ofCut, ofObjective, ofRatio, ofWindows } from './rule.ts';

const WINDOW_SECONDS_MIN = 60;
const DAY_SECONDS = 86_400;

/** What Cloud Monitoring can count, and in which form. */
export const sliLints = {
  'ratio-parts': {
    severity: 'error',
    explanation:
      'A ratio is made of exactly two of good, bad and total: Cloud Monitoring computes the third. Where both select the same events, it is the same share whatever happens.',
    remedy: 'Leave one out, or add one; or say by a label which of the events are good or bad.',
    example:
      'ratio({ good: counter("jobs.done"), total: counter("jobs.started") }). With ratio("reads", { good: {} }) every read is good.',
    rules: ofRatio(({ ratio }, { catalogue: { target } }) => {
      const parts = partsOf(ratio);
      const names = parts.map(([name]) => name);
      if (names.length !== 2) {
        return `the ratio has ${names.join(', ') || 'no part'}, and takes exactly two of good, bad and total`;
      }
      const [filter, other] = parts.map(([, part]) => toFilter(part, target));
      return filter === other ? `${names.join(' and ')} select the same events` : undefined;
    }),
  },
  'label-without-values': {
    severity: 'error',
    explanation:
      'A label is asked for by one value at least, or without one at least: Cloud Monitoring takes no empty list.',
    remedy: 'Name a value, or leave the label out where any will do.',
    example: 'counter("reads", { path: [] }) asks for a path that is one of none.',
    rules: [
      ...ofObjective(({ objective: { sli } }) => selectionsOf(sli).flatMap(valueless)),
      ...ofCause(({ cause: { when } }) => valueless(seriesOf(when))),
    ],
  },
  'gauge-in-ratio': {
    severity: 'error',
    explanation:
      'A ratio counts events, and a gauge or a distribution counts none: Cloud Monitoring takes DELTA and CUMULATIVE metrics of INT64 or DOUBLE.',
    remedy: 'Count the events in a counter; or judge a gauge by windows({ good: { mean: … } }).',
    example:
      'The age of a replica is a gauge. Count reads by whether they were fresh: ratio("reads", { good: { fresh: "true" } }).',
    rules: ofRatio(({ ratio }) =>
      partsOf(ratio).flatMap(([name, { metric }]) => {
        if (metric.kind !== 'GAUGE' && isNumber(metric)) return [];
        return [`${name} is ${metric.type}, ${kindOf(metric)}, and a ratio counts events`];
      }),
    ),
  },
  'distribution-wanted': {
    severity: 'error',
    explanation: 'A share under a threshold is counted from the buckets of a distribution, DELTA or CUMULATIVE.',
    remedy: 'Take a histogram, such as histogram("…") or cloudRunLatencies().',
    example: 'latency({ under: "200ms", sli: httpServerDuration(), … })',
    rules: ofCut(({ cut: { distribution } }) => {
      const { metric }: Selection = distribution;
      if (metric.kind !== 'GAUGE' && metric.value === 'DISTRIBUTION') return undefined;
      return `${metric.type} is ${kindOf(metric)}, and a threshold is counted in a distribution`;
    }),
  },
  'range-min-alone': {
    severity: 'error',
    explanation:
      'Cloud Monitoring takes an unset bound of a distribution’s range as 0: with a min alone everything is above its max, and nothing is good.',
    remedy: 'Set both, min and max.',
    example: 'distribution({ of: histogram("batch.size"), min: 10, max: 500 })',
    rules: ofCut(({ cut: { range } }) => {
      const { min, max }: Partial<Range> = range;
      return min === undefined || max !== undefined
        ? undefined
        : `the range has min ${min} and no max, which counts as 0`;
    }),
  },
  'range-empty': {
    severity: 'error',
    explanation: 'A range whose min is not below its max has no good value, and one without either has no bad one.',
    remedy: 'Say between which values it is good.',
    example: 'windows({ every: "1m", good: { mean: gauge(age), max: 60 } })',
    rules: [
      ...ofCut(({ cut: { range } }) => emptiness(range)),
      ...ofWindows(({ windows: { good } }) => ('range' in good ? emptiness(good.range) : undefined)),
    ],
  },
  'window-period': {
    severity: 'error',
    explanation: 'A window of an SLI has at least 60 s, and a whole number of them fills a day.',
    remedy: 'Take 1m, 5m, 10m, 15m or 1h.',
    example: '7 min: a day has 205.71 of them.',
    rules: ofWindows(({ windows: { windowSeconds } }) => {
      if (windowSeconds >= WINDOW_SECONDS_MIN && DAY_SECONDS % windowSeconds === 0) return undefined;
      const perDay = Number((DAY_SECONDS / windowSeconds).toFixed(2));
      return `a window has ${describeSeconds(windowSeconds)}, at least ${WINDOW_SECONDS_MIN} s are wanted, and a day has ${perDay} of them`;
    }),
  },
  'window-form': {
    severity: 'error',
    explanation:
      'Cloud Monitoring judges windows of a gauge of yes and no by anyTrue, and of a gauge of numbers by mean or sum: no other pairs.',
    remedy: 'Take the test that fits the metric; or a ratio of events: { ratioAtLeast: 0.99, of: … }.',
    example: 'windows({ every: "1m", good: { anyTrue: uptimePassed(check) } })',
    rules: ofWindows(({ windows: { good } }) => {
      if (good.test === 'performance') return undefined;
      const [by, metric, fits] = windowMetric(good);
      if (metric.kind === 'GAUGE' && fits) return undefined;
      return `${metric.type} is ${kindOf(metric)}, and ${by}`;
    }),
  },
  'basic-not-possible': {
    severity: 'error',
    explanation:
      'A basic SLI asks Cloud Monitoring for what it knows of a service by itself, and it knows services on Cloud Run.',
    remedy: 'Say runsOn: cloudRun({ … }); or count a metric, such as httpServerDuration().',
    example:
      'service("api", { runsOn: cloudRun({ service: "api", location: "us-central1" }), slos: [… cloudRunBasic() …] })',
    rules: ofObjective(({ objective: { sli }, service }, linted) => {
      if (requestSliOf(sli)?.form !== 'basic' || isKnownToGoogle(service, linted)) return undefined;
      return 'it asks for what Cloud Monitoring knows of the service, which does not run on Cloud Run';
    }),
  },
} as const satisfies Readonly<Record<string, Lint>>;

const isNumber = ({ value }: Metric) => value === 'INT64' || value === 'DOUBLE';
const kindOf = ({ kind, value }: Metric) => `a ${kind} of ${value}`;

/** The SLI that counts requests, also where windows are judged by it. */
export function requestSliOf(sli: Sli): RequestSli | undefined {
  if (sli.form !== 'windows') return sli;
  return sli.good.test === 'performance' ? sli.good.sli : undefined;
}

/** A spec need not have been type-checked: what a part selects may be anything. */
function partsOf({ good, bad, total }: RatioSli): [name: string, Selection][] {
  return Object.entries({ good, bad, total }).flatMap(([name, part]) => (part ? [[name, part]] : []));
}

function valueless({ metric, labels, resourceLabels }: Selection): string[] {
  const matches = Object.entries({ ...resourceLabels, ...labels });
  const empty = matches.filter(([, match]) => valuesOf(match, { nameSuffix: '' }).values.length === 0);
  return empty.map(([label]) => `asks for ${metric.type} by its label ${label}, and names no value of it`);
}

function emptiness({ min, max }: Partial<Range>): string | undefined {
  if (min === undefined && max === undefined) return 'the range has neither min nor max: every window is good';
  if (min === undefined || max === undefined || min < max) return undefined;
  return `the range goes from ${min} to ${max}: no value is good`;
}

function windowMetric(good: Exclude<WindowTest, { test: 'performance' }>): [by: string, metric: Metric, fits: boolean] {
  if (good.test === 'good-bad-metric') {
    const { metric } = good.metric;
    return ['anyTrue takes a GAUGE of BOOL', metric, metric.value === 'BOOL'];
  }
  const { metric } = good.gauge;
  return ['mean and sum take a GAUGE of INT64 or DOUBLE', metric, isNumber(metric)];
}

function isKnownToGoogle({ name }: ServiceEntry, { services }: Linted): boolean {
  return services.some(service => service.name === name && service.basicService !== undefined);
}
