import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { type Duration, secondsOf } from '../base/durations.ts';
import { compileServices } from '../slo/compile.ts';
import { loadSpecs } from '../slo/spec-files/load.ts';
import { cliErrors } from './errors.ts';
import { createFlagsClient } from './faults/client.ts';
import { describeExpected, describeFlags, describeState } from './faults/describe.ts';
import { expectAlerts } from './faults/expect.ts';
import { isTime, TIME_RULE } from './faults/flags.ts';
import { type FlagName, type FlagSpec, flagNames, flagTable, ruleOf } from './faults/table.ts';
import { paceOf } from './local/pace.ts';
import { badOption, urlOption } from './options.ts';
import { type Format, formatOption, type Io, writeResult } from './output.ts';

type Options = { for?: string; off?: true; endpoint?: string; format: Format };

const PORT_DEFAULT = 8090;

const HELP = `
Examples:
  burnline flag                            all flags, and which are on
  burnline flag api-errors 50% --for 10m   half of the requests fail, for ten minutes
  burnline flag api-latency 300ms
  burnline flag warehouse-down
  burnline flag warehouse-down --off

For the local platform only. Where a flag is set it says when each alert opens, and when it closes once the flag is off, as the
burn-rate maths of slo/services has it.`;

/** `burnline flag`. */
export function flagCommand({ io }: { io: Io }): Command {
  return new Command('flag')
    .addArgument(new Argument('[name]', 'the flag; without it all are listed').choices(flagNames))
    .argument('[value]', 'such as 50% or 300ms; the flag’s own where it is not said')
    .option('--for <duration>', 'off again after so long, such as 10m', readTime)
    .option('--off', 'switch it off')
    .option(
      '--endpoint <url>',
      'the local Cloud Monitoring (default: this machine, BURNLINE_MONITORING_PORT)',
      urlOption('--endpoint'),
    )
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((name: FlagName | undefined, value: string | undefined, options: Options) =>
      flag(io, { name, value }, options),
    );
}

type Asked = { name: FlagName | undefined; value: string | undefined };

async function flag(io: Io, { name, value: text }: Asked, options: Options): Promise<void> {
  const { off, for: duration, format } = options;
  if (off && (name === undefined || text !== undefined || duration !== undefined)) {
    throw cliErrors.error('usage', '--off takes the name of a flag and nothing else');
  }
  if (name === undefined && duration !== undefined) throw cliErrors.error('usage', '--for needs the name of a flag');
  const endpoint = options.endpoint ?? `http://127.0.0.1:${io.env.BURNLINE_MONITORING_PORT || PORT_DEFAULT}`;
  const client = createFlagsClient({ endpoint });
  if (name === undefined) {
    const flags = await client.list();
    writeResult(io, format, { data: { flags }, text: describeFlags(flags) });
  } else if (off) {
    const state = await client.off(name);
    writeResult(io, format, { data: state, text: `${name} is ${describeState(state)}` });
  } else {
    const value = text === undefined ? undefined : readValue(name, text);
    const state = await client.set({ name, value, for: duration });
    const { asGoogle } = state;
    const alerts = expectAlerts(name, state.value ?? flagTable[name].value, await readCatalogue(), asGoogle);
    const { sampleSeconds, evaluationSeconds } = paceOf(asGoogle);
    const toleranceSeconds = sampleSeconds + evaluationSeconds;
    writeResult(io, format, { data: { ...state, toleranceSeconds, alerts }, text: describeExpected(state, alerts) });
  }
}

function readTime(text: string): string {
  try {
    if (isTime(secondsOf(text as Duration))) return text;
  } catch {
    // Said below.
  }
  throw badOption('--for', TIME_RULE, text);
}

/** `50%` is 0.5 and `2s` is 2000 where the flag is of that kind; a number is taken as it is. Whether it is in range the platform says. */
function readValue(name: FlagName, text: string): number {
  const { unit }: FlagSpec = flagTable[name];
  const value = /^\d+(\.\d+)?%$/.test(text) && unit === 'share' ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  try {
    if (unit === 'ms') return secondsOf(text as Duration) * 1000;
  } catch {
    // Said below.
  }
  throw badOption(name, ruleOf(name), text);
}

/** This repository's own specs, which are what the local platform is watched by. */
async function readCatalogue() {
  const specs = await loadSpecs({ root: join(import.meta.dirname, '..'), files: ['slo/services'] });
  return compileServices(specs, { project: 'local', nameSuffix: '' }).catalogue;
}
