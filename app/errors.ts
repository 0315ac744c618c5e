import { errorTable } from '../base/errors.ts';

/** What can go wrong in the records API beyond what any HTTP server meets (base/http/errors.ts). */
export const appErrors = errorTable({
  input_invalid: { status: 400, exitCode: 1, title: 'The path or query is not valid' },
  record_too_large: { status: 413, exitCode: 1, title: 'The record is too large' },
  row_refused: { status: 422, exitCode: 1, title: 'The warehouse refused the record' },
  version_unknown: { status: 412, exitCode: 1, title: 'There is no such version' },
  version_not_here: { status: 503, exitCode: 1, title: 'The version asked for is not here yet' },
  warehouse_unavailable: { status: 503, exitCode: 1, title: 'The warehouse did not take the record' },
  not_erased: { status: 503, exitCode: 1, title: 'Not erased now' },
  warehouse_silent: { status: 503, exitCode: 1, title: 'The warehouse did not answer in time' },
});
