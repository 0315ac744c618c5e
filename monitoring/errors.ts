import { errorTable } from '../base/errors.ts';

/** Why the API of the local Cloud Monitoring does not do what it is asked. */
export const apiErrors = errorTable({
  argument_invalid: { status: 400, exitCode: 1, title: 'An argument is not valid' },
  precondition_failed: { status: 400, exitCode: 1, title: 'Something else stands in the way' },
  series_refused: { status: 400, exitCode: 1, title: 'Time series were not written' },
  foreign_request: { status: 403, exitCode: 1, title: 'The request comes from elsewhere' },
  resource_missing: { status: 404, exitCode: 1, title: 'There is no such resource' },
  resource_exists: { status: 409, exitCode: 1, title: 'The resource is there already' },
  etag_stale: { status: 409, exitCode: 1, title: 'The resource has changed since it was read' },
  query_language_retired: { status: 501, exitCode: 1, title: 'The query language is retired' },
});
