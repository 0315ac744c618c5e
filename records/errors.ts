import { errorTable } from '../base/errors.ts';

/** What can go wrong with records and the stores they move through. */
export const recordErrors = errorTable({
  record_invalid: { status: 400, exitCode: 1, title: 'Not a valid record' },
  cursor_invalid: { status: 400, exitCode: 1, title: 'Not a cursor of this API' },
  queue_full: { status: 503, exitCode: 1, title: 'Too much is waiting to be stored' },
  topic_unreachable: { status: 503, exitCode: 1, title: 'The topic does not answer' },
  warehouse_unreachable: { status: 503, exitCode: 1, title: 'The warehouse does not answer' },
  warehouse_missing: { status: 503, exitCode: 1, title: 'The warehouse has not been made' },
  query_too_large: { status: 503, exitCode: 1, title: 'A query would read more than it may' },
  replica_full: { status: 503, exitCode: 1, title: 'The replica is full' },
  replica_loading: { status: 503, exitCode: 1, title: 'The replica is not loaded yet' },
});
