import { resourceFromAttributes } from '@opentelemetry/resources';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';

type Result = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/**
 * Sends the metrics of one process under the names of the services that it stands for, as each of them would send its own. What
 * is sent in several parts has failed where one of them has.
 *
 * @param serviceOf the `service.name` of a metric
 */
export function asServices(
  exporter: PushMetricExporter,
  serviceOf: (metricName: string) => string,
): PushMetricExporter {
  const send = (metrics: ResourceMetrics) => new Promise<Result>(resolve => exporter.export(metrics, resolve));
  return {
    async export(metrics, done) {
      const results = await Promise.all(split(metrics, serviceOf).map(send));
      done(results.find(({ error }) => error !== undefined) ?? results[0] ?? { code: 0 });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    ...(exporter.selectAggregation && { selectAggregation: exporter.selectAggregation.bind(exporter) }),
    ...(exporter.selectAggregationTemporality && {
      selectAggregationTemporality: exporter.selectAggregationTemporality.bind(exporter),
    }),
  };
}

function split({ resource, scopeMetrics }: ResourceMetrics, serviceOf: (name: string) => string): ResourceMetrics[] {
  const names = scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => serviceOf(descriptor.name)));
  return [...new Set(names)].map(service => ({
    resource: resource.merge(resourceFromAttributes({ 'service.name': service })),
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.filter(({ descriptor }) => serviceOf(descriptor.name) === service),
    })),
  }));
}
