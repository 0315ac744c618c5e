/** The names under which the services of the platform run on Cloud Run, and send their telemetry. */
export const serviceNames = { api: 'records-api', ingest: 'records-ingest' } as const;

/** What ingest sends where it is a service of its own: in one process with the API, it is told by the metric's name. */
const OF_INGEST = /^(?:ingest|warehouse|topic)\./;

/** The service whose a metric is. */
export function serviceOf(metricName: string): string {
  return OF_INGEST.test(metricName) ? serviceNames.ingest : serviceNames.api;
}
