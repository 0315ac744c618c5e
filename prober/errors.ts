import { errorTable } from '../base/errors.ts';

/** What can keep a probe from saying anything about the path. */
export const proberErrors = errorTable({
  api_silent: { status: 503, exitCode: 1, title: 'The records API does not answer' },
  api_refused: { status: 502, exitCode: 1, title: 'The records API refused a request' },
  identity_missing: { status: 401, exitCode: 1, title: 'There is no ID token for the records API' },
});
