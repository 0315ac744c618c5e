import { errorTable } from '../base/errors.ts';

/** What can go wrong between a message and its record, beyond what any HTTP server meets (base/http/errors.ts). */
export const ingestErrors = errorTable({
  push_message_missing: { status: 400, exitCode: 1, title: 'The body is not a push envelope' },
  publish_invalid: { status: 400, exitCode: 1, title: 'Not a valid publish request' },
  push_token_missing: { status: 401, exitCode: 1, title: 'The push token is missing' },
  push_token_invalid: { status: 401, exitCode: 1, title: 'The push token is not valid' },
  push_account_refused: { status: 403, exitCode: 1, title: 'Not the service account that may push' },
  topic_unknown: { status: 404, exitCode: 1, title: 'There is no such topic' },
  dead_letter_unknown: { status: 404, exitCode: 1, title: 'There is no such dead letter' },
  dead_letter_still_refused: { status: 422, exitCode: 2, title: 'The dead letter is still no valid record' },
  push_auth_misconfigured: { status: 500, exitCode: 1, title: 'Push authentication is not set up rightly' },
  certificates_unreachable: { status: 503, exitCode: 1, title: "Google's certificates are out of reach" },
  store_silent: { status: 503, exitCode: 1, title: 'A store did not answer in time' },
  not_stored: { status: 503, exitCode: 1, title: 'Not stored now' },
});
