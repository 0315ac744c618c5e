import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { systemClock } from '../base/clock.ts';
import { type Duration, secondsOf } from '../base/durations.ts';
import { messageOf } from '../base/errors.ts';
import { GOOGLE_ENDPOINT, openClients } from '../slo/cloud-monitoring/clients.ts';
import { createReader } from '../slo/cloud-monitoring/reader.ts';
import type { Change } from '../slo/gate/freeze.ts';
import { type Judgement, judge } from '../slo/gate/gate.ts';
import { hasErrors } from '../slo/lints/lint.ts';
import { NATIVE_WINDOW_SECONDS_MAX } from '../slo/tiers.ts';
import { findService } from './check/find-service.ts';
import { checkSpecs } from './check/specs.ts';
import { cliErrors } from './errors.ts';
import { describeMarkdown, describeText } from './gate/describe.ts';
import { type Decision, override, whoOverrides } from './gate/override.ts';
import { badOption, urlOption } from './options.ts';
import { type Io, writeNote, writeResult } from './output.ts';

type Options = {
  service: string;
  endpoint: string;
  project?: string;
  nameSuffix: string;
  k6?: string;
  window: Duration;
  change: Change;
  override?: true;
  reason?: string;
  record: string;
  format: 'text' | 'json' | 'markdown';
};

/** Cloud Monitoring shows a point up to 5 minutes late. */
const WINDOW_SECONDS_MIN = 300;

const HELP = `
Examples:
  burnline gate --service checkout --project my-project
  burnline gate --service checkout --project my-project --k6 results.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  burnline gate --service checkout --endpoint http://127.0.0.1:8090 --project local --window 15m
  burnline gate --service checkout --project my-project --override --reason "rolls back what burns, INC-7"

It joins the k6 results, what is left of the service's error budgets and its open incidents into one verdict. A goal counts as proven
by k6 only where the exact binomial bound at 95 % confidence says so. Where data is missing or old it says so and does not pass.
Exit codes: 0 go, 1 used wrongly, or the service or the endpoint is not there, 2 stop, 3 not enough to say.`;

/** `burnline gate`. */
export function gateCommand({ io }: { io: Io }): Command {
  return new Command('gate')
    .requiredOption('--service <id>', 'the service, as its spec names it')
    .option('--endpoint <url>', 'of Cloud Monitoring', urlOption('--endpoint'), GOOGLE_ENDPOINT)
    .option('--project <id>', 'the project; GOOGLE_CLOUD_PROJECT where it is not said')
    .option('--name-suffix <suffix>', 'of the environment, such as -dev', '')
    .option(
      '--k6 <file>',
      'results of k6, the data of handleSummary; without it budgets and incidents alone are judged',
    )
    .option('--window <duration>', 'how far back the burn rate looks, and how old a budget may be', readWindow, '1h')
    .addOption(new Option('--change <kind>', 'what the change is').choices(['any', 'fix']).default('any'))
    .option('--override', 'go on against the verdict; needs --reason, and is recorded')
    .option('--reason <text>', 'why')
    .option('--record <file>', 'JSON lines, where overrides are recorded', 'gate-overrides.jsonl')
    .addOption(
      new Option('--format <format>', 'how to write the result').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addHelpText('after', HELP)
    .action((options: Options) => gate(io, options));
}

async function gate(io: Io, options: Options): Promise<void> {
  const { record, format } = options;
  const reason = (options.reason ?? '').replaceAll(/\s+/g, ' ').trim();
  if (options.override ? reason === '' : options.reason !== undefined) {
    throw cliErrors.error('usage', '--override needs a --reason that says why, and a --reason needs --override');
  }
  const by = options.override && whoOverrides(io.env);
  const judgement = await judgeNow(io, options);
  const isOverridden = by !== undefined && judgement.verdict !== 'go';
  const decision: Decision = isOverridden ? override(judgement, { by, reason, record }) : judgement;
  if (by) writeNote(io, isOverridden ? `the override is recorded in ${record}` : 'there is nothing to override');
  if (format === 'markdown') io.stdout.write(`${describeMarkdown(decision)}\n`);
  else writeResult(io, format, { data: decision, text: describeText(decision) });
  refuse(decision);
}

function refuse({ verdict, service, reasons }: Decision): void {
  if (verdict === 'go') return;
  const count = reasons.filter(reason => reason.verdict === verdict).length;
  const because = `${service}: ${count} of ${reasons.length} reasons say so`;
  if (verdict === 'stop') throw cliErrors.error('gate_stop', `stop, ${because}`);
  throw cliErrors.error('gate_undecided', `not enough to say, ${because}`);
}

async function judgeNow(io: Io, options: Options): Promise<Judgement> {
  const { endpoint, nameSuffix, window, change, project = io.env.GOOGLE_CLOUD_PROJECT } = options;
  if (!project) throw cliErrors.error('usage', 'needs --project, or GOOGLE_CLOUD_PROJECT');
  const { specs, findings } = await checkSpecs(process.cwd());
  if (hasErrors(findings)) throw cliErrors.error('check_failed', 'a check of the specs has failed: see burnline check');
  const service = findService(specs, options.service, { project, nameSuffix });
  const k6 = options.k6 === undefined ? undefined : { path: options.k6, text: readText(options.k6) };
  const clients = await openClients(endpoint);
  try {
    const reader = createReader({ clients, endpoint, project, clock: systemClock });
    return await judge({ service, nameSuffix, reader, clock: systemClock, window, change, ...(k6 && { k6 }) });
  } finally {
    await clients.close();
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw cliErrors.error('file_unreadable', `the k6 file cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function readWindow(text: string): Duration {
  const window = text as Duration;
  try {
    const seconds = secondsOf(window);
    if (Number.isInteger(seconds) && seconds >= WINDOW_SECONDS_MIN && seconds <= NATIVE_WINDOW_SECONDS_MAX)
      return window;
  } catch {
    // Said below, with what is wrong else.
  }
  throw badOption('--window', 'must be a duration from 5m to 24h, such as 1h', text);
}
