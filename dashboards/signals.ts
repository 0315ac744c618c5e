import type { ServiceEntry } from '../slo/catalogue.ts';
import type { CauseAlert } from '../slo/causes.ts';
import {
  type BoolGauge,
  type Counter,
  type Distribution,
  type Gauge,
  type Selection,
  type Target,
  toFilter,
} from '../slo/metric.ts';
import type { ChartThresholdJson, DataSetJson } from '../slo/resources/dashboard.ts';
import type { RatioSli, Sli } from '../slo/sli.ts';
import type { Placed } from './layout.ts';
import { dataSet, PERCENT, percentiles, query, shareQuery } from './queries.ts';
import { xyChart } from './widgets.ts';

const ROLES = ['traffic', 'errors', 'latency', 'saturation'] as const;

/** Which of the golden signals a chart shows. */
export type Role = (typeof ROLES)[number];

/** A chart's content, with the series that it is of. */
export type Signal = {
  role: Role;
  of: Selection;
  /** What selects it, made once: it is also what two signals are the same by. */
  filter: string;
  title: string;
  dataSets: DataSetJson[];
  axis: string;
  thresholds: ChartThresholdJson[];
};

/** The golden signals of a service, from its SLIs and then its causes; each series once in each role. */
export function signalsOf(service: ServiceEntry, target: Target): Signal[] {
  const all = [
    ...service.objectives.flatMap(({ sli, title }) => ofSli(sli, title, target)),
    ...service.causes.flatMap(cause => ofCause(cause, target)),
  ];
  const found = new Map<string, Signal>();
  for (const signal of all) {
    const key = `${signal.role} ${signal.filter}`;
    const same = found.get(key);
    if (same) same.thresholds.push(...signal.thresholds.filter(({ value = 0 }) => !has(same, value)));
    else found.set(key, signal);
  }
  return [...found.values()].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

const has = ({ thresholds }: Signal, value: number) => thresholds.some(line => (line.value ?? 0) === value);

/** A chart for each signal, or for each role where there are more than `atMost` (four or more) of them. */
export function signalCharts(signals: readonly Signal[], atMost: number): Placed[] {
  const charts = signals.length > atMost ? joinRoles(signals) : signals;
  return charts.map(({ title, dataSets, axis: label, thresholds }) => ({
    widget: xyChart(title, { dataSets, ...(thresholds.length > 0 && { thresholds }), yAxis: { label } }),
    size: 'third',
  }));
}

function joinRoles(signals: readonly Signal[]): Pick<Signal, 'title' | 'dataSets' | 'axis' | 'thresholds'>[] {
  return [...Map.groupBy(signals, ({ role }) => role)].map(([role, own]) => ({
    title: `All ${role}`,
    dataSets: own.flatMap(({ title, dataSets }) =>
      dataSets.map(set => ({ ...set, legendTemplate: [title, set.legendTemplate].join(' ') })),
    ),
    axis: [...new Set(own.map(({ axis }) => axis))].join(', '),
    thresholds: [],
  }));
}

function ofSli(sli: Sli, title: string, target: Target): Signal[] {
  switch (sli.form) {
    case 'ratio':
      return ofRatio(sli, title, target);
    case 'cut':
      return [latency(sli.distribution, target, [{ value: sli.range.max, label: title }])];
    case 'basic':
      return [];
    case 'windows':
      if (sli.good.test === 'performance') return ofSli(sli.good.sli, title, target);
      if (sli.good.test === 'good-bad-metric') return [passes(sli.good.metric, title, target)];
      return [level(sli.good.gauge, title, target, sli.good.range.max)];
  }
}

function ofRatio({ good, bad, total }: RatioSli, title: string, target: Target): Signal[] {
  if (!total) return [traffic(good, target), errors(bad, `Errors: ${title}`, target)];
  if (!good) return [traffic(total, target), errors(bad, `Errors: ${title}`, target)];
  const all = traffic(total, target);
  const filter = toFilter(good, target);
  const dataSets = [dataSet(shareQuery(filter, all.filter), 'good')];
  return [
    all,
    { role: 'errors', of: good, filter, title: `Good share: ${title}`, dataSets, axis: 'share', thresholds: [] },
  ];
}

function ofCause({ when, title }: CauseAlert, target: Target): Signal[] {
  switch (when.test) {
    case 'count':
      return [errors(when.counter, title, target)];
    case 'drop':
      return [traffic(when.counter, target)];
    case 'above':
      return [level(when.gauge, title, target, when.value)];
    case 'percentile':
      return [latency(when.distribution, target, [])];
    // What has no data has no line.
    case 'absent':
      return [];
  }
}

/** `request_count` of `run.googleapis.com/request_count`; OpenTelemetry's names as they are. */
const nameOf = ({ metric }: Selection) => metric.otelName ?? metric.type.slice(metric.type.lastIndexOf('/') + 1);

function traffic(of: Counter, target: Target): Signal {
  return perSecond('traffic', of, `Traffic: ${nameOf(of)}`, target);
}

function errors(of: Counter, title: string, target: Target): Signal {
  return perSecond('errors', of, title, target);
}

function perSecond(role: Role, of: Counter, title: string, target: Target): Signal {
  const filter = toFilter(of, target);
  const dataSets = [dataSet(query(filter, { aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' }), nameOf(of))];
  return { role, of, filter, title, dataSets, axis: 'per second', thresholds: [] };
}

function latency(of: Distribution, target: Target, thresholds: ChartThresholdJson[]): Signal {
  const filter = toFilter(of, target);
  const title = `Percentiles: ${nameOf(of)}`;
  return { role: 'latency', of, filter, title, dataSets: percentiles(filter), axis: of.metric.unit, thresholds };
}

function level(of: Gauge, title: string, target: Target, value: number | undefined): Signal {
  const filter = toFilter(of, target);
  const dataSets = [dataSet(query(filter, { aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX' }), nameOf(of))];
  // A value of 0 is what the API leaves out of its answers.
  const thresholds = value === undefined ? [] : [{ ...(value !== 0 && { value }), label: title }];
  const axis = of.metric.unit;
  return { role: 'saturation', of, filter, title: `${title}: ${nameOf(of)}`, dataSets, axis, thresholds };
}

function passes(of: BoolGauge, title: string, target: Target): Signal {
  const filter = toFilter(of, target);
  const alignment = { aligner: 'ALIGN_FRACTION_TRUE', reducer: 'REDUCE_MEAN', unit: PERCENT };
  const dataSets = [dataSet(query(filter, alignment), 'passed')];
  return { role: 'errors', of, filter, title: `Passes: ${title}`, dataSets, axis: 'share', thresholds: [] };
}
