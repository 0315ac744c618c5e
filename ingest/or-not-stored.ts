import { BurnlineError } from '../base/errors.ts';
import { ingestErrors } from './errors.ts';

/** Runs what needs a store, and puts its failure as a 503: what it was is for the log, the sender only sends again. */
export async function orNotStored<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BurnlineError && error.row.status === 503) throw error;
    throw ingestErrors.error('not_stored', 'It could not be stored: send it again in a few seconds', { cause: error });
  }
}
