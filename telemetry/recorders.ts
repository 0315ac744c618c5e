// The SDK sorts and hashes the attributes of each value that it is given. In the middle of a request neither that code nor its
// data are in the processor's caches, and it takes several times what it does in a loop. So values wait here, by their
// series, until metrics are collected.
import type { Attributes, Histogram, ObservableCounter } from '@opentelemetry/api';

/** Values of one series that wait at most; the next ones are handed over at once. */
const WAITING_MAX = 512;

/** A counter that adds up here and is read when metrics are collected. */
export function createCounter({ counter, keys }: { counter: ObservableCounter; keys: readonly string[] }) {
  const sums = createSeries(keys, () => ({ sum: 0 }));
  counter.addCallback(result => {
    for (const { state, attributes } of sums.all()) result.observe(state.sum, attributes);
  });
  return {
    add(increment: number, attributes: Attributes = {}): void {
      sums.of(attributes).state.sum += increment;
    },
  };
}

/** A histogram whose values wait here; `onCollect` has them handed over before metrics are collected. */
export function createHistogram(options: {
  histogram: Histogram;
  keys: readonly string[];
  onCollect(handOver: () => void): void;
}) {
  const { histogram, keys, onCollect } = options;
  const waiting = createSeries(keys, () => [] as number[]);
  onCollect(() => waiting.all().forEach(handOver));
  return {
    record(value: number, attributes: Attributes = {}): void {
      const series = waiting.of(attributes);
      if (series.state.push(value) === WAITING_MAX) handOver(series);
    },
  };

  function handOver({ state: values, attributes }: Series<number[]>): void {
    for (const value of values) histogram.record(value, attributes);
    values.length = 0;
  }
}

type Series<State> = { attributes: Attributes; state: State };

/** What is kept for each combination of attribute values. The registry keeps their number small. */
function createSeries<State>(keys: readonly string[], initial: () => State) {
  const byValues = new Map<string, Series<State>>();
  return {
    of(attributes: Attributes): Series<State> {
      let values = '';
      for (const key of keys) values += `${attributes[key]}\n`;
      const known = byValues.get(values);
      if (known) return known;
      const series = { attributes, state: initial() };
      byValues.set(values, series);
      return series;
    },
    all: () => [...byValues.values()],
  };
}
