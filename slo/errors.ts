import { errorTable } from '../base/errors.ts';

/** Why specs cannot be used. */
export const specErrors = errorTable({
  specs_missing: { status: 404, exitCode: 1, title: 'There are no spec files' },
  specs_unloadable: { status: 422, exitCode: 1, title: 'Spec files do not load' },
  specs_refused: { status: 422, exitCode: 2, title: 'Spec files hold what is no service' },
});

/** Why Cloud Monitoring does not say what it is asked. */
export const monitoringErrors = errorTable({
  monitoring_absent: { status: 503, exitCode: 1, title: 'Cloud Monitoring does not answer' },
  monitoring_refused: { status: 502, exitCode: 1, title: 'Cloud Monitoring refused the request' },
  monitoring_missing: { status: 404, exitCode: 1, title: 'Cloud Monitoring has no such thing' },
});

/** Why the gate cannot judge what it is asked about. */
export const gateErrors = errorTable({
  service_missing: { status: 404, exitCode: 1, title: 'A service is not there' },
  k6_foreign: { status: 400, exitCode: 1, title: 'A k6 file is of another service' },
});
