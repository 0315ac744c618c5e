/** Every limit of the local Cloud Monitoring, with its unit in its name. Errors name the limit and the value. */
export const limits = {
  // OTLP intake (monitoring/otlp)
  /** A body as it is sent, and once it is unpacked. */
  otlp_body_bytes_max: 8_388_608,
  otlp_unpacked_bytes_max: 16_777_216,
  /** Requests that are decoded at once; others wait, oldest first. */
  otlp_requests_max: 8,
  /** Lists and objects within each other in JSON, as values of attributes may be; protobufjs has a limit of its own. */
  otlp_json_levels_max: 200,
  /** Data points in a request, and quantiles of a summary (Google's limits). */
  otlp_points_max: 200,
  otlp_quantiles_max: 10,
  /** A metric's name, and the labels of a series. */
  otlp_metric_name_chars_max: 200,
  otlp_labels_max: 100,
  otlp_label_chars_max: 1024,
  /** Buckets between the first and the last bound of a distribution, which has one more before and one after them. */
  otlp_buckets_max: 200,
  /** How far ahead or back a data point's time may lie (Google's limits). */
  otlp_future_minutes_max: 5,
  otlp_past_hours_max: 25,
  /** How much later than its end a data point may start. */
  otlp_late_start_ms_max: 1000,
  /** What a sender is told to wait when the store takes nothing. */
  otlp_retry_after_seconds: 5,
  // The API (monitoring/api)
  /** A request's body: a dashboard is the longest. */
  api_body_bytes_max: 2_097_152,
  /** Items of a list's page; descriptors and points are smaller, and have pages of their own (Google's limits). */
  api_page_items_max: 1000,
  api_page_descriptors_max: 10_000,
  api_page_points_max: 100_000,
  /** Values that a query may align, all series together. */
  api_query_values_max: 2_000_000,
  /** Time series in one write, bounds of a distribution, and how far ahead or back their points may lie (Google's limits). */
  api_write_series_max: 200,
  api_write_bounds_max: 200,
  api_write_future_minutes_max: 5,
  api_write_past_hours_max: 25,
  /** What a project may hold (Google's limits). */
  api_policies_max: 2000,
  api_objectives_of_a_service_max: 500,
  /** Anything else that is kept, of one kind. */
  api_resources_of_a_kind_max: 5000,
  api_conditions_max: 6,
  api_channels_of_a_policy_max: 16,
  api_documentation_chars_max: 8192,
  api_documentation_bytes_max: 10_240,
  api_documentation_links_max: 3,
  api_subject_bytes_max: 255,
  api_display_name_chars_max: 512,
  /** Labels of a resource, and the length of a key or value (Google's limits). */
  api_user_labels_max: 64,
  api_user_label_chars_max: 63,
  // The series store (monitoring/series)
  /** Series, each of which takes some kilobytes of memory, and the labels of one, those of the resource among them. */
  store_series_max: 20_000,
  store_labels_max: 128,
  store_label_chars_max: 1024,
  store_metric_type_chars_max: 300,
  store_text_value_chars_max: 1024,
  /** Buckets of a distribution, those below its first and above its last bound among them. */
  store_buckets_max: 202,
  /** How far ahead of the clock a point may end: beyond it, it would keep out all that follow. */
  store_future_minutes_max: 5,
  /** How long points are kept: the longest period of an SLO, and a day. */
  store_retention_days: 32,
  /** Points that are taken in a second of the clock. */
  store_points_per_second_max: 50_000,
  /** Points held in memory and the journal until they are packed. */
  store_held_points_max: 100_000,
  // What runs (monitoring/start.ts)
  /** Spans and log entries that are kept, as JSON; in memory they take about three times that. */
  kept_traces_bytes_max: 16_777_216,
  kept_logs_bytes_max: 8_388_608,
  /** How long requests under way may take when it ends. */
  stop_ms_max: 2_000,
  // Incidents (monitoring/incidents)
  /** Incidents that are kept, the closed ones among them. */
  incidents_max: 10_000,
  /** Who has acknowledged one. */
  incident_by_chars_max: 200,
} as const;
