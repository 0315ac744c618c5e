import { errorTable } from '../../base/errors.ts';

/** Why an incident is left as it is. */
export const incidentErrors = errorTable({
  incident_missing: { status: 404, exitCode: 1, title: 'There is no such incident' },
  incident_closed: { status: 400, exitCode: 1, title: 'The incident is closed' },
});
