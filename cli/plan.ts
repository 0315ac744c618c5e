import { Command, Option } from 'commander';
import { BurnlineError, messageOf } from '../base/errors.ts';
import { type Compiled, compile } from '../exports/compile.ts';
import { comparePlans } from '../exports/plan/compare.ts';
import { describePlan } from '../exports/plan/describe.ts';
import { loadSpecs } from '../slo/spec-files/load.ts';
import { refuseErrors } from './check/refuse.ts';
import { checkSpecs } from './check/specs.ts';
import { cliErrors } from './errors.ts';
import { type Io, writeResult } from './output.ts';
import { checkOut } from './plan/tree-at.ts';

type Options = { against: string; format: 'text' | 'json' | 'markdown' };

const HELP = `
Examples:
  burnline plan
  burnline plan --against v1.4.0
  burnline plan --against origin/main --format markdown > comment.md

It compares the specs of this folder with those of a git ref: budget gained or lost, how fast outages are noticed,
what comes, goes and changes of services, alerts, channels, uptime checks and widgets, and what would be destroyed with its
history. Where a check fails it compares nothing.`;

const TARGET = { project: 'project', nameSuffix: '' };

/** `burnline plan`. */
export function planCommand({ io }: { io: Io }): Command {
  return new Command('plan')
    .option('--against <ref>', 'a branch, a tag or a commit', 'origin/main')
    .addOption(
      new Option('--format <format>', 'how to write the result').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addHelpText('after', HELP)
    .action((options: Options) => plan(io, options));
}

async function plan(io: Io, { against, format }: Options): Promise<void> {
  const root = process.cwd();
  const checked = await checkSpecs(root);
  refuseErrors(io, checked, { root, format, undone: 'nothing was compared' });
  using tree = checkOut(root, against);
  const before = await compileTree(tree, against);
  const result = comparePlans(before, compile(checked.specs, TARGET));
  if (format === 'markdown') io.stdout.write(`${describePlan(result, 'markdown', against)}\n`);
  else writeResult(io, format, { data: result, text: describePlan(result, 'text', against) });
}

/** What the specs of a ref compile to today. A ref from before there were any has none. */
async function compileTree({ folder, commit }: { folder: string; commit: string }, ref: string): Promise<Compiled> {
  try {
    return compile(await loadSpecs({ root: folder }), TARGET);
  } catch (error) {
    if (error instanceof BurnlineError && error.code === 'specs_missing') return compile([], TARGET);
    const detail = `the specs of ${ref} (commit ${commit.slice(0, 12)}) do not load, those of this folder do: name a ref whose specs do with --against`;
    throw cliErrors.error('ref_unloadable', `${detail}\n${messageOf(error)}`, { cause: error });
  }
}
