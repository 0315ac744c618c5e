import { Command, Option } from 'commander';
import { deadLetterReasons } from '../records/dead-letters.ts';
import { type ApiClient, describeProblem } from './api-client.ts';
import { type ApiOptions, openApi, withApiOptions } from './api-options.ts';
import { cliErrors } from './errors.ts';
import { forEachInFlight } from './in-flight.ts';
import { type Io, writeResult } from './output.ts';

const RETRY_MS_MAX = 30_000;
const REPLAYS_IN_FLIGHT_MAX = 8;
const PAGE_LETTERS = 100;
// In the JSON; text names every one as it comes.
const REFUSED_LISTED_MAX = 1000;

type Options = ApiOptions & { all?: true; reason?: string };
type Tally = { replayed: number; stillRefused: number; refused: { id: string; reason: string }[]; missing: string[] };

/** `burnline replay`. */
export function replayCommand({ io, retryMsMax = RETRY_MS_MAX }: { io: Io; retryMsMax?: number }): Command {
  const command = new Command('replay')
    .argument('[ids...]', 'dead letters to try again')
    .option('--all', 'all that wait')
    .addOption(
      new Option('--reason <reason>', 'all that wait for this reason').choices(Object.keys(deadLetterReasons)),
    );
  return withApiOptions(command)
    .addHelpText('after', HELP)
    .action((ids: string[], options: Options) => replay(ids, options, { io, retryMsMax }));
}

const HELP = `
Examples:
  burnline replay 17 18
  burnline replay --reason row_refused
  burnline replay --all --format json

Exit code 2 says that some are still refused; they stay where they are.`;

async function replay(ids: string[], options: Options, context: { io: Io; retryMsMax: number }): Promise<void> {
  const { all, reason, format } = options;
  const isBulk = all === true || reason !== undefined;
  if (isBulk === ids.length > 0) {
    throw cliErrors.error('usage', 'say which dead letters to replay: by their ids, or else by --all or --reason');
  }
  const { api } = openApi(options, context);
  const tally: Tally = { replayed: 0, stillRefused: 0, refused: [], missing: [] };
  let failure: unknown;
  try {
    await forEachInFlight(isBulk ? waiting(api, reason) : ids, { tasksMax: REPLAYS_IN_FLIGHT_MAX }, async id => {
      const line = await replayOne(api, id, tally);
      if (line !== undefined && format === 'text') context.io.stdout.write(`${line}\n`);
    });
  } catch (error) {
    failure = error;
  }
  const { replayed, stillRefused, missing } = tally;
  if (failure !== undefined && replayed + stillRefused + missing.length === 0) throw failure;
  writeResult(context.io, format, { data: tally, text: `Replayed ${replayed}, still refused ${stillRefused}` });
  if (failure !== undefined) throw failure;
  if (!isBulk && missing.length > 0) {
    const detail = `there is no dead letter ${missing.join(', ')}: list them with GET /dead-letters`;
    throw cliErrors.error('dead_letter_missing', detail);
  }
  if (stillRefused > 0) {
    const detail = `${stillRefused} of ${replayed + stillRefused} are still refused and stay where they are`;
    throw cliErrors.error('still_refused', detail);
  }
}

async function* waiting(api: ApiClient, reason: string | undefined): AsyncGenerator<string> {
  for (let cursor: unknown = ''; typeof cursor === 'string'; ) {
    const query = new URLSearchParams({
      limit: String(PAGE_LETTERS),
      ...(reason && { reason }),
      ...(cursor && { cursor }),
    });
    const { body } = await api.request('GET', `/dead-letters?${query}`);
    const letters = Array.isArray(body.deadLetters) ? (body.deadLetters as { id: string }[]) : [];
    yield* letters.map(({ id }) => id);
    cursor = body.nextCursor;
  }
}

/** What is to be said of it, where it is not stored. In bulk a letter may be erased between the list and the replay. */
async function replayOne(api: ApiClient, id: string, tally: Tally): Promise<string | undefined> {
  const { status, body } = await api.request('POST', `/dead-letters/${encodeURIComponent(id)}/replay`, [404, 422]);
  if (status === 404) {
    tally.missing.push(id);
    return `Missing ${id}`;
  }
  if (status === 422) {
    const reason = describeProblem(body);
    tally.stillRefused += 1;
    if (tally.refused.length < REFUSED_LISTED_MAX) tally.refused.push({ id, reason });
    return `Refused ${id}: ${reason}`;
  }
  tally.replayed += 1;
  return undefined;
}
