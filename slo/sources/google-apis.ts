import type { Counter, Distribution, Matches } from '../metric.ts';
import type { Latencies, RatioSli } from '../sli.ts';

const ON = { resource: 'consumed_api', sampleSeconds: 60, visibleAfterSeconds: 180 } as const;

type Api = {
  /** `bigquerystorage.googleapis.com` */
  service: string;
  /** `google.cloud.bigquery.storage.v1.BigQueryWrite.AppendRows`; all of the API's methods where it is not said. */
  method?: string;
};

const resourceLabels = ({ service, method }: Api): Matches => ({ service, ...(method !== undefined && { method }) });

/** The project's calls of a Google API that did not fail by a server's error, to all. */
export function googleApiRequests(api: Api): RatioSli {
  const count = (labels: Matches = {}): Counter => ({
    metric: {
      type: 'serviceruntime.googleapis.com/api/request_count',
      ...ON,
      kind: 'DELTA',
      value: 'INT64',
      unit: '1',
    },
    labels,
    resourceLabels: resourceLabels(api),
  });
  return { form: 'ratio', bad: count({ response_code_class: '5xx' }), total: count() };
}

/** How long the project's calls of a Google API took, in seconds. */
export function googleApiLatencies(api: Api): Latencies {
  const type = 'serviceruntime.googleapis.com/api/request_latencies';
  const distribution: Distribution = {
    metric: { type, ...ON, kind: 'DELTA', value: 'DISTRIBUTION', unit: 's' },
    labels: {},
    resourceLabels: resourceLabels(api),
  };
  return { form: 'latencies', distribution };
}

/** Queries and table calls of BigQuery. Its own row counts are shown up to six hours late, and guard nothing. */
export function bigQueryRequests(method?: string): RatioSli {
  return googleApiRequests({ service: 'bigquery.googleapis.com', ...(method !== undefined && { method }) });
}

/** Calls of BigQuery's Storage Write API. A stream counts as one call, however many appends it carries. */
export function bigQueryWrites(): RatioSli {
  const method = 'google.cloud.bigquery.storage.v1.BigQueryWrite.AppendRows';
  return googleApiRequests({ service: 'bigquerystorage.googleapis.com', method });
}
