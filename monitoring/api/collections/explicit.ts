import type { BasicSliJson } from '../../../slo/resources/service.ts';
import type { Message } from '../messages/read.ts';

/**
 * An SLO with its basic SLI, where it has one, spelled out as the filters that it counts by. Of what is no Cloud Run service nothing is
 * known here to count.
 */
export function explicit(objective: Message, service: Message): Message {
  const { basicSli } = objective.serviceLevelIndicator as { basicSli?: BasicSliJson };
  const { serviceType, serviceLabels = {} } = (service.basicService ?? {}) as {
    serviceType?: string;
    serviceLabels?: Readonly<Record<string, string>>;
  };
  if (!basicSli || serviceType !== 'CLOUD_RUN') return objective;
  const labels = Object.entries(serviceLabels).map(([key, value]) => `resource.labels.${key}=${JSON.stringify(value)}`);
  const select = (metric: string, ...terms: string[]) =>
    [`metric.type="run.googleapis.com/${metric}"`, ...['resource.type="cloud_run_revision"', ...labels, ...terms]].join(
      ' AND ',
    );
  const requestBased = basicSli.latency
    ? {
        distributionCut: {
          distributionFilter: select('request_latencies'),
          range: { max: Number.parseFloat(basicSli.latency.threshold) * 1000 },
        },
      }
    : {
        goodTotalRatio: {
          badServiceFilter: select('request_count', 'metric.labels.response_code_class="5xx"'),
          totalServiceFilter: select('request_count'),
        },
      };
  return { ...objective, serviceLevelIndicator: { requestBased } };
}
