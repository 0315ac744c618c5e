import { errorTable } from '../../base/errors.ts';

/** Why a filter is refused. */
export const filterErrors = errorTable({
  filter_invalid: { status: 400, exitCode: 1, title: 'A filter is not valid' },
});
