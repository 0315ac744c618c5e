import { messageOf } from '../../base/errors.ts';
import type { SeriesStore, SeriesWrite } from '../../monitoring/model.ts';
import type { Logger } from '../../telemetry/log.ts';

/**
 * Writes what is reported, and throws nothing: nobody waits for an answer, and what threw would end the thread. Where the store takes
 * nothing it says so when that begins, and when it is over with how many reports were lost.
 */
export function createReportWriter(options: {
  write: SeriesStore['write'];
  log: Pick<Logger, 'error' | 'warn'>;
}): (writes: readonly SeriesWrite[]) => void {
  const { write, log } = options;
  let lost = 0;

  return writes => {
    try {
      write(writes);
    } catch (error) {
      if (lost === 0) log.error({ err: error }, `Reports are lost until they can be kept again: ${messageOf(error)}`);
      lost += 1;
      return;
    }
    if (lost > 0) log.warn({ lost }, `Reports are kept again; ${lost} were lost`);
    lost = 0;
  };
}
