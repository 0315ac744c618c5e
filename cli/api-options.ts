import type { Command } from 'commander';
import { type ApiClient, createApiClient } from './api-client.ts';
import { urlOption } from './options.ts';
import { type Format, formatOption, type Io } from './output.ts';
import { createRetry } from './retry.ts';
import { readSettings } from './settings.ts';

export type ApiOptions = { url?: string; apiKey?: string; format: Format };

/** Gives a command the options of one that asks the running API. */
export function withApiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the records API (default: this machine, BURNLINE_API_PORT)', urlOption('--url'))
    .option('--api-key <key>', 'the key, where the API wants one (default: BURNLINE_API_KEY)')
    .addOption(formatOption());
}

/** The API that the options name, and its address. */
export function openApi(options: ApiOptions, { io, retryMsMax }: { io: Io; retryMsMax: number }) {
  const url = options.url ?? `http://127.0.0.1:${readSettings(io.env).apiPort}`;
  const apiKey = options.apiKey ?? io.env.BURNLINE_API_KEY;
  const api: ApiClient = createApiClient({ url, apiKey, retry: createRetry({ retryMsMax }) });
  return { api, url };
}
