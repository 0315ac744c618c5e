import { describeSeconds, describeShare } from '../../base/durations.ts';
import { type Matches, type Selection, type Target, valuesOf } from '../../slo/metric.ts';
import { type BasicSli, type Range, type RatioSli, type Sli, selectionsOf, type WindowTest } from '../../slo/sli.ts';
import { code, list } from './markdown.ts';

/** What counts as good, in words: which metric with which labels, and on whose series. */
export function describeGood(sli: Sli, target: Target): string {
  const series = selectionsOf(sli).map(selection => describeSeries(selection, target));
  const measured = series.length === 0 ? '' : ` It is measured on ${list([...new Set(series)])}.`;
  return `${describeSli(sli, target)}${measured}`;
}

function describeSli(sli: Sli, target: Target): string {
  switch (sli.form) {
    case 'ratio':
      return describeRatio(sli, target);
    case 'cut':
      return `Good are values ${describeRange(sli.range, sli.distribution)} of ${describeSelection(sli.distribution, target)}.`;
    case 'basic':
      return describeBasic(sli);
    case 'windows': {
      const window = `Windows of ${describeSeconds(sli.windowSeconds)} are counted.`;
      return `${window} ${describeWindow(sli.good, target)}`;
    }
  }
}

function describeRatio({ good, bad, total }: RatioSli, target: Target): string {
  const say = (selection: Selection) => describeSelection(selection, target);
  const among = (part: Selection, all: Selection) => describePart(part, all, target);
  if (good && total) return `Good, of all events of ${say(total)}, are ${among(good, total)}.`;
  if (bad && total) return `Good are all events of ${say(total)} but ${among(bad, total)}.`;
  return good && bad ? `Good are the events of ${say(good)}, bad are those of ${say(bad)}.` : '';
}

/** Some of the events: where they are of the same metric, by what else is asked of their labels. */
function describePart(part: Selection, all: Selection, target: Target): string {
  if (part.metric.type !== all.metric.type) return `those of ${describeSelection(part, target)}`;
  const more = Object.entries(part.labels).filter(([label, match]) => all.labels[label] !== match);
  return `those where ${describeMatches(Object.fromEntries(more), target)}`;
}

function describeBasic({ basic }: BasicSli): string {
  const what = basic.kind === 'latency' ? `answered within ${describeSeconds(basic.thresholdSeconds)}` : 'answered';
  return `Good are the requests that Cloud Monitoring itself finds ${what}.`;
}

function describeWindow(good: WindowTest, target: Target): string {
  switch (good.test) {
    case 'good-bad-metric':
      return `One is good where any point in it is true, of ${describeSelection(good.metric, target)}.`;
    case 'mean-in-range':
      return `One is good where the mean is ${describeRange(good.range, good.gauge)}, of ${describeSelection(good.gauge, target)}.`;
    case 'sum-in-range':
      return `One is good where the sum is ${describeRange(good.range, good.gauge)}, of ${describeSelection(good.gauge, target)}.`;
    case 'performance':
      return `One is good where at least ${describeShare(good.threshold)} of its events are. ${describeSli(good.sli, target)}`;
  }
}

function describeRange({ min, max }: Partial<Range>, { metric }: Selection): string {
  const unit = metric.unit === '1' ? '' : ` ${metric.unit}`;
  if (min === undefined) return `up to ${max}${unit}`;
  return max === undefined ? `from ${min}${unit}` : `from ${min} to ${max}${unit}`;
}

function describeSelection({ metric, labels }: Selection, target: Target): string {
  const matches = describeMatches(labels, target);
  return `${code(metric.otelName ?? metric.type)}${matches === '' ? '' : ` where ${matches}`}`;
}

function describeSeries({ metric, resourceLabels }: Selection, target: Target): string {
  const matches = describeMatches(resourceLabels, target);
  return `${code(metric.resource)}${matches === '' ? '' : ` where ${matches}`}`;
}

function describeMatches(matches: Matches, target: Target): string {
  const terms = Object.entries(matches).map(([label, match]) => {
    const { not, values } = valuesOf(match, target);
    return `${code(label)} is ${not ? 'not ' : ''}${list(values.map(code), 'or')}`;
  });
  return list(terms);
}
