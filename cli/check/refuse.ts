import { hasErrors } from '../../slo/lints/lint.ts';
import { cliErrors } from '../errors.ts';
import { type Io, writeNote } from '../output.ts';
import { describeFindings, toJson } from './describe.ts';
import type { CheckedSpecs } from './specs.ts';

/**
 * Ends a command whose specs have an error, with all findings: as `burnline check` writes them in JSON, else on stderr. Throws
 * `check_failed`.
 *
 * @param options.undone what has not been done then: `nothing was written`
 */
export function refuseErrors(
  io: Io,
  checked: CheckedSpecs,
  { root, format, undone }: { root: string; format: string; undone: string },
): void {
  const { findings } = checked;
  if (!hasErrors(findings)) return;
  if (format === 'json') io.stdout.write(`${JSON.stringify(toJson(checked, root))}\n`);
  else for (const line of describeFindings(findings, root)) writeNote(io, line);
  throw cliErrors.error('check_failed', `a check has failed, and ${undone}`);
}
