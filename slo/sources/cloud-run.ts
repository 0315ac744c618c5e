import { type Duration, secondsOf } from '../../base/durations.ts';
import type { Counter, Distribution, Matches, Metric } from '../metric.ts';
import type { BasicSli, Latencies, RatioSli } from '../sli.ts';

const RESOURCE = { resource: 'cloud_run_revision', sampleSeconds: 60, visibleAfterSeconds: 120 } as const;

const requestCount: Metric<'DELTA', 'INT64'> = {
  ...{ type: 'run.googleapis.com/request_count', kind: 'DELTA', value: 'INT64', unit: '1' },
  ...RESOURCE,
};
const requestLatencies: Metric<'DELTA', 'DISTRIBUTION'> = {
  ...{ type: 'run.googleapis.com/request_latencies', kind: 'DELTA', value: 'DISTRIBUTION', unit: 'ms' },
  ...RESOURCE,
};

/** The requests that Cloud Run counts, of the service that the spec runs on. */
export function cloudRunRequestCount(labels: Matches = {}): Counter {
  return { metric: requestCount, labels, resourceLabels: {} };
}

/**
 * Requests answered without a server error, to all. Cloud Run counts what reached a container only: requests refused for lack of
 * instances are missing, so an API has an SLO from outside too.
 */
export function cloudRunRequests(labels: Matches = {}): RatioSli {
  const total = cloudRunRequestCount(labels);
  return { form: 'ratio', bad: cloudRunRequestCount({ ...labels, response_code_class: '5xx' }), total };
}

/** How long requests took from reaching a container, in milliseconds. */
export function cloudRunLatencies(labels: Matches = {}): Latencies {
  const distribution: Distribution = { metric: requestLatencies, labels, resourceLabels: {} };
  return { form: 'latencies', distribution };
}

/** What Cloud Monitoring knows by itself of a Cloud Run service: availability, or with `under` latency. */
export function cloudRunBasic(options: { under?: Duration } = {}): BasicSli {
  const { under } = options;
  if (under === undefined) return { form: 'basic', basic: { kind: 'availability' } };
  return { form: 'basic', basic: { kind: 'latency', thresholdSeconds: secondsOf(under) } };
}
