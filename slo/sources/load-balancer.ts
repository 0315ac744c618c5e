import type { Counter, Distribution, Matches } from '../metric.ts';
import type { Latencies, RatioSli } from '../sli.ts';

const ON = { resource: 'https_lb_rule', sampleSeconds: 60, visibleAfterSeconds: 210 } as const;

/** Requests to an external Application Load Balancer answered without a server error, to all: seen from its front. */
export function loadBalancerRequests(of: { urlMap: string; backend?: string }): RatioSli {
  const count = (labels: Matches = {}): Counter => ({
    metric: {
      type: 'loadbalancing.googleapis.com/https/request_count',
      ...ON,
      kind: 'DELTA',
      value: 'INT64',
      unit: '1',
    },
    labels,
    resourceLabels: labelsOf(of),
  });
  return { form: 'ratio', bad: count({ response_code_class: '500' }), total: count() };
}

/** From the first byte of the request to the last of the answer, in milliseconds. */
export function loadBalancerLatencies(of: { urlMap: string; backend?: string }): Latencies {
  const type = 'loadbalancing.googleapis.com/https/total_latencies';
  const distribution: Distribution = {
    metric: { type, ...ON, kind: 'DELTA', value: 'DISTRIBUTION', unit: 'ms' },
    labels: {},
    resourceLabels: labelsOf(of),
  };
  return { form: 'latencies', distribution };
}

function labelsOf({ urlMap, backend }: { urlMap: string; backend?: string }): Matches {
  return { url_map_name: { name: urlMap }, ...(backend !== undefined && { backend_target_name: { name: backend } }) };
}
