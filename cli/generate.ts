import { Command, Option } from 'commander';
import { generate, type OutputName, outputNames } from '../exports/outputs.ts';
import { readConfig } from '../slo/spec-files/find.ts';
import { refuseErrors } from './check/refuse.ts';
import { checkSpecs } from './check/specs.ts';
import { cliErrors } from './errors.ts';
import { compareFiles, type Difference } from './generate/difference.ts';
import { missingMetrics, neededMetrics } from './generate/preflight.ts';
import { writeDifferences } from './generate/write.ts';
import { badOption } from './options.ts';
import { type Format, formatOption, type Io, writeResult } from './output.ts';

type Options = {
  check?: true;
  only?: string[];
  destroyable?: true;
  preflight?: true;
  project?: string;
  endpoint: string;
  format: Format;
};

const HELP = `
Examples:
  burnline generate
  burnline generate --check                      exit 2 where a committed file is stale
  burnline generate --only terraform prometheus
  burnline generate --preflight --project my-project

Outputs: ${outputNames.join(', ')}. "burnline": { "outputs": [...] } in package.json says which by default.
Nothing is written where a check fails. Services and SLOs get prevent_destroy, for who destroys one loses its history. It holds while the
block is there: a service or SLO with another id, or none, is destroyed by the next apply. burnline plan says so before.`;

/** `burnline generate`. */
export function generateCommand({ io }: { io: Io }): Command {
  return new Command('generate')
    .option('--check', 'write nothing, and say what is stale')
    .option('--only <outputs...>', 'which outputs')
    .option('--destroyable', 'leave out prevent_destroy, for environments that come and go')
    .option('--preflight', 'write nothing, and list the metrics that must be there before an apply')
    .option('--project <id>', 'with --preflight: say which of them are not there')
    .addOption(new Option('--endpoint <url>', 'of Cloud Monitoring').default('https://monitoring.googleapis.com'))
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((options: Options) => run(io, options));
}

async function run(io: Io, options: Options): Promise<void> {
  const root = process.cwd();
  const checked = await checkSpecs(root);
  refuseErrors(io, checked, { root, format: options.format, undone: 'nothing was written' });
  const { specs, catalogue } = checked;
  if (options.preflight) return preflight(io, neededMetrics(catalogue), options);
  const only = readOutputs(options.only ?? readConfig(root).outputs ?? outputNames);
  const outputs = generate(specs, { catalogue, root, only, isDestroyable: options.destroyable ?? false });
  const { count, differences: found } = compareFiles(root, outputs);
  if (options.check) return report(io, found, count, options.format);
  writeDifferences(root, found);
  const lines = found.map(({ path, is }) => `${is === 'left over' ? 'removed' : 'wrote'} ${path}`);
  const text = [...lines, `${count} files: ${found.length === 0 ? 'all were fresh' : `${found.length} changed`}`].join(
    '\n',
  );
  writeResult(io, options.format, {
    data: { files: count, changed: found.map(({ path, is }) => ({ path, was: is })) },
    text,
  });
}

function readOutputs(names: readonly string[]): OutputName[] {
  const unknown = names.find(name => !(outputNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw badOption('--only', `must be some of ${outputNames.join(', ')}`, unknown);
  return [...new Set(names as OutputName[])];
}

function report(io: Io, found: readonly Difference[], count: number, format: Format): void {
  const stale = found.map(({ path, is }) => ({ path, is }));
  const text = [
    ...stale.map(({ path, is }) => `${path} is ${is}`),
    `${count} files: ${stale.length === 0 ? 'all are fresh' : `${stale.length} are stale`}`,
  ].join('\n');
  writeResult(io, format, { data: { files: count, stale }, text });
  if (stale.length > 0)
    throw cliErrors.error('generated_stale', 'generated files are stale: run burnline generate and commit them');
}

async function preflight(io: Io, needed: readonly string[], { project, endpoint, format }: Options): Promise<void> {
  if (project === undefined) {
    writeResult(io, format, { data: { needed }, text: needed.join('\n') });
    return;
  }
  const missing = await missingMetrics(needed, { project, endpoint });
  const lines = needed.map(type => `${missing.includes(type) ? 'missing' : 'there  '}  ${type}`);
  writeResult(io, format, { data: { needed, missing }, text: lines.join('\n') });
  if (missing.length > 0) {
    throw cliErrors.error(
      'metrics_missing',
      `${missing.length} of ${needed.length} metrics are not in ${project} yet: let the service send them once before an apply`,
    );
  }
}
