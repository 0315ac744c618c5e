import type { ServiceEntry } from '../slo/catalogue.ts';
import { type Metric, type Target, toFilter, valuesOf } from '../slo/metric.ts';
import type { Placed } from './layout.ts';
import { dataSet, PERCENT, percentiles, query } from './queries.ts';
import { xyChart } from './widgets.ts';

const RESOURCE = 'cloud_run_revision';

/** How full a service's containers are, and how many there are, where it runs on Cloud Run. */
export function containerCharts(series: ServiceEntry['series'], target: Target): Placed[] {
  const resourceLabels = series?.[RESOURCE];
  if (resourceLabels === undefined) return [];
  const of = (name: string, metric: Pick<Metric, 'kind' | 'value' | 'unit'>): string =>
    toFilter(
      {
        metric: {
          ...{ ...metric, type: `run.googleapis.com/container/${name}`, resource: RESOURCE },
          ...{ sampleSeconds: 60, visibleAfterSeconds: 120 },
        },
        labels: {},
        resourceLabels,
      },
      target,
    );
  const share = { kind: 'DELTA', value: 'DISTRIBUTION', unit: '1' } as const;
  const utilization = (name: string) => percentiles(of(`${name}/utilizations`, share), PERCENT);
  const count = of('instance_count', { kind: 'GAUGE', value: 'INT64', unit: '1' });
  const byState = { aligner: 'ALIGN_MAX', reducer: 'REDUCE_SUM', groupBy: ['metric.labels.state'] };
  const instances = dataSet(query(count, byState), `\${metric.labels.state}`, 'STACKED_AREA');
  return [
    { widget: xyChart('Container CPU utilization', { dataSets: utilization('cpu') }), size: 'third' },
    { widget: xyChart('Container memory utilization', { dataSets: utilization('memory') }), size: 'third' },
    { widget: xyChart('Container instances', { dataSets: [instances] }), size: 'third' },
  ];
}

/** Warnings and worse of a service: of its Cloud Run service, else of whatever names its OpenTelemetry job. */
export function logFilter(series: ServiceEntry['series'], target: Target): string {
  const run = series?.[RESOURCE]?.service_name;
  if (run !== undefined) {
    const [name] = valuesOf(run, target).values;
    return `resource.type="${RESOURCE}" AND resource.labels.service_name=${JSON.stringify(name)} AND severity>=WARNING`;
  }
  const job = series?.prometheus_target?.job;
  // `service.namespace/service.name`: logs carry the two apart.
  const name = job && valuesOf(job, target).values[0]?.split('/').at(-1);
  return name ? `${JSON.stringify(name)} AND severity>=WARNING` : 'severity>=WARNING';
}
