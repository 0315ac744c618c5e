import { Command, Option } from 'commander';
import { systemClock } from '../base/clock.ts';
import { type Duration, describeSeconds, secondsOf } from '../base/durations.ts';
import { sleep } from '../base/sleep.ts';
import { GOOGLE_ENDPOINT, openClients } from '../slo/cloud-monitoring/clients.ts';
import { openTraffic, RUN_ENDPOINT } from '../slo/rollout/cloud-run.ts';
import { cloudRunCounts } from '../slo/rollout/counts.ts';
import { rollOut } from '../slo/rollout/rollout.ts';
import { cliErrors } from './errors.ts';
import { createInterrupt } from './interrupt.ts';
import { badOption, integerOption, urlOption } from './options.ts';
import { type Io, writeNote, writeResult } from './output.ts';
import { describeLook, describeMarkdown, describeOutcome, describeText, type Report } from './rollout/describe.ts';
import { findGuarded } from './rollout/plan.ts';

type Options = {
  service: string;
  revision: string;
  project?: string;
  location?: string;
  nameSuffix: string;
  share: number;
  soak: number;
  endpoint: string;
  runEndpoint: string;
  format: 'text' | 'json' | 'markdown';
};

/** What a rollout goes by, which a test makes up. */
type World = { io: Io; time?: { clock: typeof systemClock; sleep: typeof sleep } };

const ERRORS = { worse: 'rollout_worse', 'not-enough': 'rollout_undecided', broken: 'rollout_broken' } as const;

const SOAK_SECONDS_MIN = 60;
const SOAK_SECONDS_MAX = 86_400;

const HELP = `
Examples:
  burnline rollout --service checkout --project my-project --revision checkout-00042-abc
  burnline rollout --service checkout --project my-project --revision checkout-00042-abc --share 20 --soak 45m \\
    --format markdown >> "$GITHUB_STEP_SUMMARY"

A revision that has no traffic yet gets a share of it, and is compared with the one that serves on requests of the same minutes: by
Fisher's exact test, whether more of its requests fail (5xx). It looks once a minute. Significantly worse at any look: back at once.
All the traffic only after the soak, and with enough requests to have found the failures that page. The last look comes 3 minutes
after the soak, for Cloud Run's counts are late. When it is interrupted (Ctrl-C, SIGTERM) or a call fails, it goes back first;
from a script run it with exec, so that signals reach it.
A soak of more than 50 minutes needs credentials that live as long: those of a GitHub workflow do not.
Exit codes: 0 promoted, 1 used wrongly or broken and back, 2 worse and back, 3 too little known and back.`;

/** `burnline rollout`. */
export function rolloutCommand(world: World): Command {
  return new Command('rollout')
    .requiredOption('--service <id>', 'the service, as its spec names it')
    .requiredOption('--revision <name>', 'the new revision, which has no traffic yet')
    .option('--project <id>', 'the project; GOOGLE_CLOUD_PROJECT where it is not said')
    .option('--location <region>', "of the Cloud Run service; its spec's where it is not said")
    .option('--name-suffix <suffix>', 'of the environment, such as -dev', '')
    .option('--share <percent>', 'of the traffic, at first', integerOption('--share', { min: 1, max: 50 }), 10)
    .addOption(new Option('--soak <duration>', 'how long it has that share').argParser(readSoak).default(1800, '30m'))
    .option('--endpoint <url>', 'of Cloud Monitoring', urlOption('--endpoint'), GOOGLE_ENDPOINT)
    .option('--run-endpoint <url>', 'of the Cloud Run Admin API', urlOption('--run-endpoint'), RUN_ENDPOINT)
    .addOption(
      new Option('--format <format>', 'how to write the result').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addHelpText('after', HELP)
    .action((options: Options) => rollout(world, options));
}

async function rollout(world: World, options: Options): Promise<void> {
  const { io } = world;
  const report = await run(world, options);
  const { decision } = report;
  if (options.format === 'markdown') io.stdout.write(`${describeMarkdown(report)}\n`);
  else writeResult(io, options.format, { data: report, text: describeText(report) });
  if (decision !== 'promoted') throw cliErrors.error(ERRORS[decision], describeOutcome(report));
}

async function run({ io, time = { clock: systemClock, sleep } }: World, options: Options): Promise<Report> {
  const { endpoint, nameSuffix, revision, share, soak, project = io.env.GOOGLE_CLOUD_PROJECT } = options;
  if (!project) throw cliErrors.error('usage', 'needs --project, or GOOGLE_CLOUD_PROJECT');
  const guarded = await findGuarded(process.cwd(), options);
  const { name, slo, alarmingShare } = guarded;
  const { location = guarded.location } = options;
  const plan = { revision, sharePercent: share, soakSeconds: soak, alarmingShare };
  const clients = await openClients(endpoint);
  using interrupt = createInterrupt();
  // Neither a terminal that is closed nor a reader that has gone may leave the traffic split.
  const hangUp = () => process.kill(process.pid, 'SIGTERM');
  process.on('SIGHUP', hangUp);
  io.stderr.on('error', () => {});
  try {
    const outcome = await rollOut(
      {
        ...time,
        traffic: await openTraffic({ endpoint: options.runEndpoint, service: { project, location, name }, ...time }),
        counts: cloudRunCounts({ clients, endpoint, service: { name, location }, target: { project, nameSuffix } }),
        signal: interrupt.signal,
        onSplit: old =>
          writeNote(io, `${revision} has ${share} % of the traffic of ${old}, for ${describeSeconds(soak)}`),
        onLook: look => writeNote(io, describeLook(look)),
      },
      plan,
    );
    return { service: options.service, project, location, name, slo, ...plan, ...outcome };
  } finally {
    process.removeListener('SIGHUP', hangUp);
    await clients.close();
  }
}

function readSoak(text: string): number {
  const seconds = /^\d+[smh]$/.test(text) ? secondsOf(text as Duration) : Number.NaN;
  if (seconds >= SOAK_SECONDS_MIN && seconds <= SOAK_SECONDS_MAX) return seconds;
  throw badOption('--soak', 'must be a duration from 1m to 24h, such as 30m', text);
}
