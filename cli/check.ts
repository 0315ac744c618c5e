import { Command, Option } from 'commander';
import { hasErrors } from '../slo/lints/lint.ts';
import { type LintCode, lints } from '../slo/lints/table.ts';
import { countFindings, describeFindings, explain, toAnnotations } from './check/describe.ts';
import { checkSpecs } from './check/specs.ts';
import { cliErrors } from './errors.ts';
import { badOption } from './options.ts';
import { type Io, writeNote, writeResult } from './output.ts';

type Options = { format: 'text' | 'json' | 'github'; explain?: string };

const HELP = `
Examples:
  burnline check
  burnline check services/checkout.slo.ts
  burnline check --format github       annotations in a pull request
  burnline check --explain never-fires

Without files it checks every *.slo.ts below this folder, or the places that "burnline": { "specs": [...] } in
package.json names. Exit codes: 0 fine, 1 a file does not load, 2 a check has failed.`;

/** `burnline check`. */
export function checkCommand({ io }: { io: Io }): Command {
  return new Command('check')
    .argument('[files...]', 'spec files or folders')
    .addOption(
      new Option('--format <format>', 'how to write the result').choices(['text', 'json', 'github']).default('text'),
    )
    .option('--explain <code>', 'say what a check is about')
    .addHelpText('after', HELP)
    .action((files: string[], options: Options) => check(io, files, options));
}

async function check(io: Io, files: readonly string[], { format, explain: code }: Options): Promise<void> {
  if (code !== undefined) return explainCode(io, code, format);
  const root = process.cwd();
  const { catalogue, findings } = await checkSpecs(root, files);
  const objectives = catalogue.services.reduce((sum, service) => sum + service.objectives.length, 0);
  const count = countFindings(catalogue.services.length, objectives, findings);
  if (format === 'github') {
    for (const line of toAnnotations(findings, root)) io.stdout.write(`${line}\n`);
    writeNote(io, count);
  } else {
    const detailed = findings.map(finding => ({
      severity: lints[finding.code].severity,
      ...finding,
      remedy: lints[finding.code].remedy,
    }));
    const text = [...describeFindings(findings, root), count].join('\n');
    writeResult(io, format, { data: { findings: detailed }, text });
  }
  if (hasErrors(findings))
    throw cliErrors.error('check_failed', `a check has failed: burnline check --explain CODE says more`);
}

function explainCode(io: Io, code: string, format: Options['format']): void {
  if (!Object.hasOwn(lints, code))
    throw badOption('--explain', `must be one of ${Object.keys(lints).join(', ')}`, code);
  const known = code as LintCode;
  writeResult(io, format === 'json' ? 'json' : 'text', { data: { code, ...lints[known] }, text: explain(known) });
}
