import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { Listening } from '../base/http/server.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start.ts';
import { isLocal } from './faults/is-local.ts';
import { createInterrupt } from './interrupt.ts';
import type { Local, startLocal } from './local/local.ts';
import { type Format, formatOption, type Io, writeNote, writeResult } from './output.ts';
import { type Process, processes } from './parts/part.ts';
import { startPlatform } from './platform.ts';
import { readSettings, type Settings } from './settings.ts';

const SERVICE = 'burnline';

/** `burnline up`: the records platform on this machine, until Ctrl-C. */
export function upCommand({ io }: { io: Io }): Command {
  return new Command('up')
    .addOption(new Option('--only <service>', 'one service, as in a container of its own').choices(processes))
    .option('--no-traffic', 'without the light traffic that keeps a local platform alive')
    .option('--demo', 'begin with 28 days of made-up history, one incident among them')
    .option('--as-google', 'a sample a minute, and none seen before it could be seen on Google Cloud')
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((options: Options) => up(io, options));
}

type Options = { only?: Process; traffic: boolean; demo?: boolean; asGoogle?: boolean; format: Format };

const HELP = `
Examples:
  BURNLINE_API_PORT=9000 burnline up
  PORT=8080 WAREHOUSE=bigquery GOOGLE_CLOUD_PROJECT=my-project burnline up --only api
  burnline up --no-traffic    # nobody asks for anything but you
  burnline up --as-google     # alerts open as late as they would there: data is seen 1 to 2 minutes after its minute
  burnline up --only prober   # beside a platform that is up: publishes, waits and compares, once a minute

API and ingest run in one process on the data of one folder (BURNLINE_DATA_DIR, .burnline by default), and beside them a local
Cloud Monitoring with the SLOs and alerts of the specs: where Google Cloud would be, it takes the telemetry and opens incidents.
Settings are environment variables; the README lists them. Ctrl-C ends it once what is under way is done.`;

async function up(io: Io, { only, format, traffic, demo = false, asGoogle = false }: Options): Promise<void> {
  const settings = readSettings(io.env);
  using interrupt = createInterrupt();
  const service = only === undefined ? SERVICE : `${SERVICE}-${only}`;
  const log = createLogger({ service, level: settings.logLevel });
  const wanted = { hasTraffic: traffic, hasDemo: demo, asGoogle };
  const local = await startAround({ settings, io, log, only, ...wanted });
  const { telemetry, running } = await startWithin({ settings, log, only, local, service });
  const started = facts(running, settings);
  writeResult(io, format, { data: started, text: welcome(started) });

  if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  writeNote(io, `\n${interrupt.signal.reason}: finishing what is under way; once more to end at once.`);
  await local?.quiet();
  await running.stop();
  await telemetry.shutdown();
  await local?.stop();
  writeNote(io, 'Stopped. Nothing was left half-written.');
}

type Around = Omit<Parameters<typeof startLocal>[0], 'env'> & { io: Io; only: Process | undefined };

/** What a whole platform has around it where it runs on this machine alone. */
async function startAround({ io, only, ...options }: Around) {
  if (only !== undefined || !isLocal(options.settings, io.env)) return undefined;
  if (options.hasDemo) writeNote(io, 'Making 28 days of history, which takes some 20 s');
  return (await import('./local/local.ts')).startLocal({ ...options, env: io.env });
}

/** Starts telemetry and platform; where they do not start, what is around them ends, for its thread would hold the process. */
async function startWithin({
  service,
  ...options
}: Omit<Parameters<typeof start>[0], 'telemetry'> & { service: string }) {
  const { local } = options;
  try {
    const telemetry = await startTelemetry({ service, ...local?.telemetry });
    return { telemetry, running: await start({ ...options, telemetry }) };
  } catch (error) {
    await local?.stop().catch(() => {});
    throw error;
  }
}

type StartOptions = { settings: Settings; telemetry: Telemetry; log: Logger };
type Running = { listening: Partial<Record<Process, Listening>>; monitoring?: string; stop(): Promise<void> };

async function start(
  options: StartOptions & { only: Process | undefined; local: Local | undefined },
): Promise<Running> {
  const { only, local } = options;
  if (only === 'prober') {
    const { listening, stop } = await (await import('./parts/prober.ts')).startProber(options);
    return { listening: { prober: listening }, stop };
  }
  const platform = await startPlatform({
    ...options,
    only,
    ...(local && { wrap: local.wrap, observe: local.observe }),
  });
  if (!local) return platform;
  try {
    return { ...platform, monitoring: (await local.follow(platform)).url };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

function facts({ listening: { api, ingest, worker, prober }, monitoring }: Running, settings: Settings) {
  return {
    ...(api && { api: api.url, docs: `${api.url}/docs` }),
    ...(ingest && { ingest: ingest.url }),
    ...(worker && { worker: worker.url }),
    ...(prober && { prober: prober.url }),
    ...(monitoring !== undefined && { monitoring }),
    dataFolder: settings.dataFolder,
    readySeconds: Math.round(process.uptime() * 100) / 100,
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

function welcome({ readySeconds, memoryMb, ...started }: ReturnType<typeof facts>): string {
  const places = Object.entries(LABELS).flatMap(([key, label]) => {
    const place = started[key as keyof typeof started];
    return place === undefined ? [] : `  ${label.padEnd(13)} ${place}`;
  });
  const tries = started.api && started.ingest ? tryThis(started.api) : '';
  return `
  Burnline is up: ${readySeconds} s, ${memoryMb} MB.

${places.join('\n')}
${tries}  Stop          Ctrl-C`;
}

const LABELS = {
  api: 'Records API',
  docs: 'Its manual',
  ingest: 'Ingest',
  worker: 'Pull worker',
  prober: 'Prober',
  monitoring: 'Monitoring',
  dataFolder: 'Data folder',
};

function tryThis(api: string): string {
  return `
  Try           npx burnline publish --count 100
                curl '${api}/records?limit=3'
`;
}
