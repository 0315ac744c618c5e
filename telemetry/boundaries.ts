/**
 * Upper bounds of the histogram buckets in seconds, by metric. A threshold of an SLO must be a bound, so that the requests
 * under it are counted and not interpolated. Kept by hand until they are generated from the specs.
 */
export const boundaries = {
  'http.server.request.duration': [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10, 60],
  'ingest.publish_to_commit.duration': [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 3600],
  'warehouse.append.duration': [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60],
} as const satisfies Readonly<Record<string, readonly number[]>>;
