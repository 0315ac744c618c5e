import process from 'node:process';
import { Command, Option } from 'commander';
import { hasErrors } from '../slo/lints/lint.ts';
import { type LintCode, lints } from '../slo/lints/table.ts';
import { annotateFailure, countFindings, describeFindings, explain, toAnnotations, toJson } from './check/describe.ts';
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
    .action((files: string[], options: Options) =>
      options.explain === undefined
        ? check(io, files, options.format)
        : explainCode(io, options.explain, options.format),
    );
}

async function check(io: Io, files: readonly string[], format: Options['format']): Promise<void> {
  const root = process.cwd();
  const writeLines = (lines: readonly string[]) => lines.map(line => io.stdout.write(`${line}\n`));
  const checked = await checkSpecs(root, files).catch(error => {
    if (format === 'github') writeLines(annotateFailure(error));
    throw error;
  });
  const { findings } = checked;
  const count = countFindings(checked);
  if (format === 'github') {
    writeLines(toAnnotations(findings, root));
    writeNote(io, count);
  } else {
    const text = [...describeFindings(findings, root), count].join('\n');
    writeResult(io, format, { data: toJson(checked, root), text });
  }
  if (hasErrors(findings)) {
    throw cliErrors.error('check_failed', 'a check has failed: burnline check --explain CODE says more');
  }
}

function explainCode(io: Io, code: string, format: Options['format']): void {
  if (!Object.hasOwn(lints, code)) {
    throw badOption('--explain', `must be one of ${Object.keys(lints).join(', ')}`, code);
  }
  const known = code as LintCode;
  const { severity, explanation, example, remedy } = lints[known];
  const data = { code, severity, explanation, example, remedy };
  writeResult(io, format === 'json' ? 'json' : 'text', { data, text: explain(known) });
}
