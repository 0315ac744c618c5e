import { once } from 'node:events';
import { Command } from 'commander';
import { createLogger } from '../telemetry/log.ts';
import { startTelemetry } from '../telemetry/start.ts';
import { createInterrupt } from './interrupt.ts';
import { type Format, formatOption, type Io, writeNote, writeResult } from './output.ts';
import { type Platform, startPlatform } from './platform.ts';
import { readSettings, type Settings } from './settings.ts';

const SERVICE = 'burnline';

/** `burnline up`: the records platform on this machine, until Ctrl-C. */
export function upCommand({ io }: { io: Io }): Command {
  return new Command('up')
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action(({ format }: { format: Format }) => up(io, format));
}

const HELP = `
Example:
  BURNLINE_API_PORT=9000 burnline up

API and ingest run in one process on the data of one folder (BURNLINE_DATA_DIR, .burnline by default).
Settings are environment variables; the README lists them. Ctrl-C ends it once what is under way is done.`;

async function up(io: Io, format: Format): Promise<void> {
  const settings = readSettings(io.env);
  using interrupt = createInterrupt();
  const telemetry = await startTelemetry({ service: SERVICE });
  const log = createLogger({ service: SERVICE, level: io.env.BURNLINE_LOG_LEVEL || 'warn' });
  const platform = await startPlatform({ settings, telemetry, log });
  const started = facts(platform, settings);
  writeResult(io, format, { data: started, text: welcome(started) });

  if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  writeNote(io, `\n${interrupt.signal.reason}: finishing what is under way; once more to end at once.`);
  await platform.stop();
  await telemetry.shutdown();
  writeNote(io, 'Stopped. Nothing was left half-written.');
  // The exporters' retry timers would hold the process.
  process.exit(0);
}

function facts({ api, ingest }: Platform, settings: Settings) {
  return {
    api: api.url,
    docs: `${api.url}/docs`,
    ingest: ingest.url,
    dataFolder: settings.dataFolder,
    readySeconds: Math.round(process.uptime() * 100) / 100,
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

function welcome({ api, docs, ingest, dataFolder, readySeconds, memoryMb }: ReturnType<typeof facts>): string {
  return `
  Burnline is up: ${readySeconds} s, ${memoryMb} MB.

  Records API   ${api}
  Its manual    ${docs}
  Ingest        ${ingest}
  Data folder   ${dataFolder}

  Try           npx burnline publish --count 100
                curl '${api}/records?limit=3'
  Stop          Ctrl-C`;
}
