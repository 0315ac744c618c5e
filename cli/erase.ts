import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { type ApiOptions, openApi, withApiOptions } from './api-options.ts';
import { cliErrors } from './errors.ts';
import { badOption } from './options.ts';
import { type Io, writeResult } from './output.ts';

const RETRY_MS_MAX = 30_000;

type Options = ApiOptions & { yes?: true };

/** `burnline erase`. */
export function eraseCommand({ io, retryMsMax = RETRY_MS_MAX }: { io: Io; retryMsMax?: number }): Command {
  const command = new Command('erase')
    .argument('<id>', 'the id of the record')
    .option('--yes', 'do not ask first; needed where nobody can answer');
  return withApiOptions(command)
    .addHelpText('after', '\nExample:\n  burnline erase 42 --yes\n\nWhat was erased cannot be brought back.')
    .action((id: string, options: Options) => erase(id, options, { io, retryMsMax }));
}

async function erase(id: string, options: Options, context: { io: Io; retryMsMax: number }): Promise<void> {
  // A URL cannot carry these as a part of its path.
  if (['', '.', '..'].includes(id)) throw badOption('<id>', 'must not be empty, . or ..', id);
  const { io } = context;
  const { api, url } = openApi(options, context);
  if (!options.yes) await confirm(io, `Erase ${JSON.stringify(id)} from ${url}, with its history, for ever?`);
  const { body } = await api.request('DELETE', `/records/${encodeURIComponent(id)}`);
  const counts = Object.entries(body).filter(([, value]) => typeof value === 'number');
  const removed = counts.map(([name, count]) => `${count} ${NAMES[name] ?? name}`).join(', ');
  writeResult(io, options.format, { data: body, text: `Erased ${JSON.stringify(id)}: ${removed}` });
}

const NAMES: Readonly<Record<string, string>> = { deadLetters: 'dead letters', messages: 'waiting messages' };

async function confirm(io: Io, question: string): Promise<void> {
  if (!io.stdin.isTTY) {
    throw cliErrors.error('not_confirmed', 'nobody is there to be asked whether to erase: add --yes if it is meant');
  }
  const prompt = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  // A question is left open for ever where the input ends without an answer.
  const ended = once(prompt, 'close').then(() => '');
  const answer = await Promise.race([prompt.question(`${question} [y/N] `), ended]);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw cliErrors.error('not_confirmed', 'nothing was erased');
}
