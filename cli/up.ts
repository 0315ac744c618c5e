import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { Listening } from '../base/http/server.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start.ts';
import { createInterrupt } from './interrupt.ts';
import { type Format, formatOption, type Io, writeNote, writeResult } from './output.ts';
import { type Process, processes } from './parts/part.ts';
import { startPlatform } from './platform.ts';
import { readSettings, type Settings } from './settings.ts';

const SERVICE = 'burnline';

/** `burnline up`: the records platform on this machine, until Ctrl-C. */
export function upCommand({ io }: { io: Io }): Command {
  return new Command('up')
    .addOption(new Option('--only <service>', 'one service, as in a container of its own').choices(processes))
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((options: Options) => up(io, options));
}

type Options = { only?: Process; format: Format };

const HELP = `
Examples:
  BURNLINE_API_PORT=9000 burnline up
  PORT=8080 WAREHOUSE=bigquery GOOGLE_CLOUD_PROJECT=my-project burnline up --only api
  burnline up --only prober   # beside a platform that is up: publishes, waits and compares, once a minute

API and ingest run in one process on the data of one folder (BURNLINE_DATA_DIR, .burnline by default).
Settings are environment variables; the README lists them. Ctrl-C ends it once what is under way is done.`;

async function up(io: Io, { only, format }: Options): Promise<void> {
  const settings = readSettings(io.env);
  using interrupt = createInterrupt();
  const service = only === undefined ? SERVICE : `${SERVICE}-${only}`;
  const telemetry = await startTelemetry({ service });
  const log = createLogger({ service, level: io.env.BURNLINE_LOG_LEVEL || 'warn' });
  const running = await start({ settings, telemetry, log, only });
  const started = facts(running, settings);
  writeResult(io, format, { data: started, text: welcome(started) });

  if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  writeNote(io, `\n${interrupt.signal.reason}: finishing what is under way; once more to end at once.`);
  await running.stop();
  await telemetry.shutdown();
  writeNote(io, 'Stopped. Nothing was left half-written.');
  // The exporters' retry timers would hold the process.
  process.exit(0);
}

type StartOptions = { settings: Settings; telemetry: Telemetry; log: Logger };
type Running = { listening: Partial<Record<Process, Listening>>; stop(): Promise<void> };

async function start({ only, ...options }: StartOptions & { only: Process | undefined }): Promise<Running> {
  if (only !== 'prober') return startPlatform({ ...options, only });
  const { listening, stop } = await (await import('./parts/prober.ts')).startProber(options);
  return { listening: { prober: listening }, stop };
}

function facts({ listening: { api, ingest, worker, prober } }: Running, settings: Settings) {
  return {
    ...(api && { api: api.url, docs: `${api.url}/docs` }),
    ...(ingest && { ingest: ingest.url }),
    ...(worker && { worker: worker.url }),
    ...(prober && { prober: prober.url }),
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
  dataFolder: 'Data folder',
};

function tryThis(api: string): string {
  return `
  Try           npx burnline publish --count 100
                curl '${api}/records?limit=3'
`;
}
