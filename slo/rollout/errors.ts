import { errorTable } from '../../base/errors.ts';

/** Why a rollout does not begin, or does not go on. */
export const rolloutErrors = errorTable({
  rollout_refused: { status: 409, exitCode: 1, title: 'The traffic is not as a rollout needs it' },
  rollout_interrupted: { status: 503, exitCode: 1, title: 'A rollout was interrupted' },
  cloud_run_refused: { status: 409, exitCode: 1, title: 'Cloud Run refused a change, and nothing was changed' },
  cloud_run_failed: { status: 502, exitCode: 1, title: 'Cloud Run failed' },
});
