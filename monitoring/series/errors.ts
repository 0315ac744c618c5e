import { errorTable } from '../../base/errors.ts';

/** What can go wrong with the series store as a whole; of single points it says why it refused them. */
export const seriesErrors = errorTable({
  series_store_stuck: { status: 503, exitCode: 1, title: 'The series store cannot write its file' },
});
