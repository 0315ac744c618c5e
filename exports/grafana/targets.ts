import type { ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import { type Matches, type Selection, type Target, valuesOf } from '../../slo/metric.ts';
import type { Sli } from '../../slo/sli.ts';
import { type Panel, timeSeries } from './panels.ts';

const PROJECT = '$project';
// The backend of the data source fails without one.
const ALIGNMENT_PERIOD = 'cloud-monitoring-auto';

/** A question about an SLO, as the data source's query editor writes it. */
export function sloTarget(options: {
  service: ServiceEntry;
  objective: ObjectiveEntry;
  selectorName: 'select_slo_compliance' | 'select_slo_budget_fraction' | 'select_slo_burn_rate';
  refId?: string;
}): object {
  const { service, objective, selectorName, refId = 'A' } = options;
  const serviceId = service.name.slice(service.name.lastIndexOf('/') + 1);
  return {
    ...{ refId, queryType: 'slo', aliasBy: objective.title },
    sloQuery: {
      ...{ projectName: PROJECT, serviceId, serviceName: serviceId },
      ...{ sloId: objective.id, sloName: `${service.title}: ${objective.title}`, goal: objective.goal },
      ...{ selectorName, perSeriesAligner: 'ALIGN_NEXT_OLDER', alignmentPeriod: ALIGNMENT_PERIOD },
      ...(selectorName === 'select_slo_burn_rate' && { lookbackPeriod: '3600s' }),
    },
  };
}

/** The series that an SLI is made of: traffic and errors, percentiles, or a gauge. */
export function seriesPanel({ sli }: ObjectiveEntry, target: Target): Panel | undefined {
  const asked = seriesOf(sli);
  if (asked === undefined) return undefined;
  const targets = asked.series.map(({ alias, selection, aligner, reducer }, index) => ({
    ...{ refId: String.fromCharCode(65 + index), queryType: 'timeSeriesList', aliasBy: alias },
    timeSeriesList: {
      ...{ projectName: PROJECT, filters: toFilters(selection, target), view: 'FULL' },
      ...{ crossSeriesReducer: reducer, perSeriesAligner: aligner, alignmentPeriod: ALIGNMENT_PERIOD, groupBys: [] },
    },
  }));
  return timeSeries({ title: asked.title, unit: asked.unit, targets });
}

type Asked = {
  title: string;
  unit: string;
  series: { alias: string; selection: Selection; aligner: string; reducer: string }[];
};

function seriesOf(sli: Sli): Asked | undefined {
  switch (sli.form) {
    case 'basic':
      return undefined;
    case 'ratio': {
      const { good, bad, total } = sli;
      const parts = Object.entries({ good, bad, total }).flatMap(([alias, selection]) =>
        selection ? [{ alias, selection, aligner: 'ALIGN_RATE', reducer: 'REDUCE_SUM' }] : [],
      );
      return { title: 'Events', unit: 'cps', series: parts };
    }
    case 'cut': {
      const { distribution: selection } = sli;
      const series = [50, 95, 99].map(percentile => ({
        ...{ alias: `p${percentile}`, selection, aligner: 'ALIGN_DELTA', reducer: `REDUCE_PERCENTILE_${percentile}` },
      }));
      return { title: 'Percentiles', unit: unitOf(selection), series };
    }
    case 'windows': {
      const { good } = sli;
      if (good.test === 'performance') return seriesOf(good.sli);
      if (good.test === 'good-bad-metric') {
        const series = { alias: 'good', selection: good.metric, aligner: 'ALIGN_FRACTION_TRUE', reducer: 'REDUCE_MAX' };
        return { title: 'Share that is good', unit: 'percentunit', series: [series] };
      }
      const reducer = good.test === 'sum-in-range' ? 'REDUCE_SUM' : 'REDUCE_MEAN';
      const series = { alias: 'value', selection: good.gauge, aligner: 'ALIGN_MEAN', reducer };
      return { title: 'Value', unit: unitOf(good.gauge), series: [series] };
    }
  }
}

/** Grafana's names of units. */
const UNITS: Readonly<Record<string, string>> = { s: 's', ms: 'ms', us: 'µs', ns: 'ns', By: 'bytes' };
const unitOf = ({ metric }: Selection) => UNITS[metric.unit] ?? 'short';

/** A filter as the data source keeps it: key, operator and value in turns, with `AND` between. */
function toFilters({ metric, labels, resourceLabels }: Selection, target: Target): string[] {
  const terms = [
    ['metric.type', '=', metric.type],
    ['resource.type', '=', metric.resource],
    ['resource.label.project_id', '=', target.project],
    ...toTerms('resource.label', resourceLabels, target),
    ...toTerms('metric.label', labels, target),
  ];
  return terms.flatMap((term, index) => (index === 0 ? term : ['AND', ...term]));
}

function toTerms(prefix: string, matches: Matches, target: Target): string[][] {
  return Object.entries(matches).map(([label, match]) => {
    const { not, values, pattern } = valuesOf(match, target);
    const key = `${prefix}.${/^\w+$/.test(label) ? label : JSON.stringify(label)}`;
    if (pattern !== undefined) return [key, '=~', escapeQuotes(pattern)];
    const [value = ''] = values;
    // In a plain value the data source would take `*` for a wildcard.
    if (values.length === 1 && !value.includes('*')) return [key, not ? '!=' : '=', escapeQuotes(value)];
    return [key, not ? '!=~' : '=~', values.map(escapeRegex).join('|')];
  });
}

// The data source puts values between quotes as they are.
const escapeQuotes = (text: string) => JSON.stringify(text).slice(1, -1);
const escapeRegex = (text: string) => escapeQuotes(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
