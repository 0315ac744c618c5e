import { BurnlineError } from '../../base/errors.ts';

/** An error in the shape of Google's APIs. */
export type Failure = {
  error: { code: number; message: string; status: string; details?: readonly object[] };
};

/** Google's word for an HTTP status, where the error's own code says no more. */
const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ALREADY_EXISTS',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};
const BY_CODE: Readonly<Record<string, string>> = {
  precondition_failed: 'FAILED_PRECONDITION',
  incident_closed: 'FAILED_PRECONDITION',
  etag_stale: 'ABORTED',
};

/**
 * An error as Google's clients read it: what is wrong with which field stands in a `BadRequest`, and which series were refused in
 * the summary that is the error's cause. Of a failure of ours a client is told in general terms.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export function toFailure(thrown: unknown): Failure {
  if (!(thrown instanceof BurnlineError)) {
    const message = 'The request failed on our side; its log entry has the reason';
    return { error: { code: 500, message, status: 'INTERNAL' } };
  }
  const { code, row, message, problems, cause } = thrown;
  const fieldViolations = problems.map(({ field, rule, value }) => ({
    field,
    description: value === undefined ? rule : `${rule}, not ${value}`,
  }));
  const details = [
    ...(problems.length > 0 ? [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }] : []),
    ...(code === 'series_refused' ? [cause as object] : []),
  ];
  const status = BY_CODE[code] ?? STATUSES[row.status] ?? 'INTERNAL';
  return { error: { code: row.status, message, status, ...(details.length > 0 && { details }) } };
}
