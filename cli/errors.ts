import { errorTable } from '../base/errors.ts';

/** What can go wrong with a command, beyond what the rooms it calls refuse. The status stands for the same over HTTP. */
export const cliErrors = errorTable({
  setting_invalid: { status: 400, exitCode: 1, title: 'A setting is not valid' },
  usage: { status: 400, exitCode: 1, title: 'The command was used wrongly' },
  file_unreadable: { status: 404, exitCode: 1, title: 'A file cannot be read' },
  line_too_long: { status: 413, exitCode: 1, title: 'A line is longer than a message may be' },
  endpoint_missing: { status: 503, exitCode: 1, title: 'Nothing answers at the endpoint' },
  endpoint_refused: { status: 502, exitCode: 1, title: 'The endpoint refused the request' },
  publish_incomplete: { status: 503, exitCode: 1, title: 'Not every message was published' },
  dead_letter_missing: { status: 404, exitCode: 1, title: 'A dead letter is not there' },
  still_refused: { status: 422, exitCode: 2, title: 'Some dead letters are still refused' },
  ref_missing: { status: 404, exitCode: 1, title: 'A git ref is not there' },
  check_failed: { status: 422, exitCode: 2, title: 'A check of the specs has failed' },
  metrics_missing: { status: 404, exitCode: 2, title: 'Metrics that SLOs need are not there' },
  generated_stale: { status: 409, exitCode: 2, title: 'Generated files are stale' },
  gate_stop: { status: 409, exitCode: 2, title: 'The gate says stop' },
  gate_undecided: { status: 409, exitCode: 3, title: 'The gate has not enough to say' },
  override_unrecorded: { status: 500, exitCode: 1, title: 'An override cannot be recorded' },
  rollout_worse: { status: 422, exitCode: 2, title: 'A revision is worse and was rolled back' },
  rollout_undecided: { status: 422, exitCode: 3, title: 'Too little is known of a revision, and it was rolled back' },
  rollout_broken: { status: 503, exitCode: 1, title: 'A rollout broke off' },
  flag_invalid: { status: 400, exitCode: 1, title: 'A failure flag cannot be set so' },
  flag_missing: { status: 404, exitCode: 1, title: 'There is no such failure flag' },
  flags_not_local: { status: 403, exitCode: 1, title: 'Failure flags are for the local platform' },
  monitoring_failed: { status: 503, exitCode: 1, title: 'The local Cloud Monitoring did not start' },
  not_confirmed: { status: 400, exitCode: 1, title: 'The command was not confirmed' },
});
