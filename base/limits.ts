/** Every limit of the records platform, with its unit in its name. Errors name the limit and the value. */
export const limits = {
  /** A record's id, in UTF-16 units. */
  id_chars_max: 512,
  /** `name`, `surname` and `country`, in UTF-16 units. */
  text_chars_max: 10_000,
  /** A record as JSON, as it is stored; BigQuery takes rows of 10 MB, and a page of 1,000 records must stay readable. */
  record_bytes_max: 1_048_576,
  /** Nesting of a record's JSON, as it is stored: what the schema does not name stands under `attributes`. */
  json_depth_max: 32,
  /** What a record comes in: a body sent to the API, with its envelope, or the data of a message. */
  record_body_bytes_max: 1_114_112,
  /** A push envelope: Pub/Sub's 10 MB message in base64, with its attributes. */
  push_body_bytes_max: 15_728_640,
  /** A record's own time may lie this far back or ahead (BigQuery refuses older partition values). */
  timestamp_past_years_max: 10,
  timestamp_future_years_max: 1,
  page_records_default: 50,
  page_records_max: 1000,
  /** Messages in one publish request (Pub/Sub's own limit). */
  publish_messages_max: 1000,
  /** A publish request's body: Pub/Sub's 10 MB, in base64. */
  publish_body_bytes_max: 15_728_640,
  /** One message's data (Pub/Sub's own limit). */
  message_bytes_max: 10_000_000,
  /** Data that `burnline publish` puts into one request, unless one message alone has more. */
  publish_batch_bytes_max: 8_000_000,
  /** Messages waiting in the embedded topic; beyond it a publish is refused, not dropped. */
  topic_messages_max: 10_000_000,
  /** Messages kept this long by the embedded topic: an outage of weeks loses nothing. */
  topic_retention_days: 31,
  /** Redelivery: the back-off at the least and at the most, and the attempts before a message is dead-lettered. */
  redelivery_backoff_seconds_min: 10,
  redelivery_backoff_seconds_max: 600,
  delivery_attempts_max: 100,
  /** Messages handed to Pub/Sub whose ids have not come back yet. */
  publish_unanswered_messages_max: 20_000,
  /** Appends that wait for a commit in this process. */
  append_queue_events_max: 100_000,
  /** Events in one commit. */
  append_batch_events_max: 5_000,
  /** Events that an erasure looks through before others have their turn: about 10 ms. */
  erase_scan_events_max: 50_000,
  /** BigQuery: bytes of rows in one append request (10 MB is Google's limit), and in those that wait. */
  append_request_bytes_max: 8_000_000,
  append_queue_bytes_max: 67_108_864,
  /** Append requests under way. A connection answers in order anyway; what waits for one goes into the next, which costs it less. */
  append_requests_max: 1,
  /** How long an append request may go without an answer, how often it is sent again, and after which wait. */
  append_attempt_ms_max: 10_000,
  append_retries_max: 3,
  append_retry_ms_min: 100,
  append_retry_ms_max: 2_000,
  /** Bytes that one query may be billed for: a page or record read directly, a list of dead letters, a scan of the whole table. */
  query_bytes_max: 1_073_741_824,
  dead_letters_bytes_max: 107_374_182_400,
  scan_bytes_max: 1_099_511_627_776,
  /** How long a query may go without a row or an answer. */
  query_silence_ms_max: 60_000,
  /** The replica: how old it may be and still count as fresh, which is the freshness SLO's threshold. */
  replica_age_ms_max: 60_000,
  /** How far back the replica reads again: an append may be under way this long after its stamp, and clocks differ. */
  replica_overlap_ms: 15_000,
  /** Events that the replica asks for at a time, and takes in one commit, so that requests are served in between. */
  replica_query_events_max: 20_000,
  replica_commit_events_max: 500,
  /** The least time between two rounds that readers asked for, each of which is a billed query. */
  replica_catch_up_ms_min: 1_000,
  /** The HTTP servers: how long a whole request, its headers, a silent connection and one between two requests may take. */
  http_request_ms_max: 30_000,
  http_headers_ms_max: 10_000,
  http_idle_ms_max: 120_000,
  http_keep_alive_ms_max: 65_000,
  http_header_bytes_max: 32_768,
  http_connections_max: 10_000,
  /** How long the rest of a refused body is read and thrown away, so that its sender sees the answer. */
  refused_body_linger_ms: 5_000,
  /** How long requests under way may take when a process ends. */
  drain_ms_max: 10_000,
  /** Records read and written as JSON at once; a longer page is read in steps, and ends early above so many characters, a page of
   * dead letters above so many bytes of their data. */
  page_step_items_max: 100,
  dead_letters_page_bytes_max: 8_388_608,
  page_chars_max: 33_554_432,
  /** A cursor over the longest id in UTF-8, in base64, with its check. */
  cursor_chars_max: 2_056,
  /** How long a read waits for the version that it asks for. */
  catch_up_ms_max: 10_000,
  /** About what `GET /data` holds of its answer at a time. */
  stream_chunk_chars: 65_536,
  /** How long a write waits for the warehouse. */
  append_answer_ms_max: 10_000,
  /** How long ingest waits for the warehouse and the dead letters to answer for a batch. */
  receive_answer_ms_max: 30_000,
  /** What is said of a dead letter, in UTF-16 units. */
  dead_letter_detail_chars_max: 2000,
  /** Bytes of a dead letter in one row of BigQuery, which takes 10 MB a request. */
  dead_letter_part_bytes: 7_000_000,
  /** Problems named in the answer to a publish request. */
  publish_problems_max: 20,
  /** A push envelope's publish time may lie this far ahead of our clock; beyond it, it is no publish time. */
  publish_time_ahead_ms_max: 3_600_000,
  /** The pull worker: pulls at once, messages in one, and batches and bytes (with one batch more for each pull) not acked yet. */
  pulls_max: 2,
  pull_messages_max: 1000,
  pull_batches_max: 8,
  pull_unacked_bytes_max: 67_108_864,
  /** How long a message is kept on lease while it cannot be stored (Pub/Sub's clients keep the same limit). */
  lease_ms_max: 3_600_000,
  /** The pull worker's wait between two tries, at the least and at the most. */
  pull_retry_ms_min: 100,
  pull_retry_ms_max: 10_000,
  /** How long a push waits for Google's certificates. */
  certificates_ms_max: 5_000,
} as const;
