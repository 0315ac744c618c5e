import { errorTable } from '../base/errors.ts';

/** Why specs cannot be used. */
export const specErrors = errorTable({
  specs_missing: { status: 404, exitCode: 1, title: 'There are no spec files' },
  specs_unloadable: { status: 422, exitCode: 1, title: 'Spec files do not load' },
  specs_refused: { status: 422, exitCode: 2, title: 'Spec files hold what is no service' },
});
