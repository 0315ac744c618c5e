import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { describeFailure, explainAbsence } from './endpoint.ts';
import { cliErrors } from './errors.ts';
import { createInterrupt } from './interrupt.ts';
import { integerOption, rateOption, shareOption, urlOption } from './options.ts';
import { type Format, formatOption, type Io, writeNote, writeResult } from './output.ts';
import { startProgress } from './publish/progress.ts';
import { openPublisher } from './publish/publisher.ts';
import { fileSource, generatedSource, withOrderingKeys } from './publish/source.ts';
import { publishStream } from './publish/stream.ts';
import { createTally, describeSummary } from './publish/summary.ts';
import { createRetry } from './retry.ts';
import { readSettings } from './settings.ts';

const COUNT_DEFAULT = 1000;
const COUNT_MAX = 100_000_000;
const RATE_MAX = 1_000_000;
const SEED_MAX = 2 ** 32 - 1;
const RETRY_MS_MAX = 30_000;

type Options = {
  count?: number;
  rate?: number;
  file?: string;
  poison?: number;
  seed?: number;
  ordered?: true;
  url?: string;
  format: Format;
};

/** `burnline publish`. */
export function publishCommand({ io, retryMsMax = RETRY_MS_MAX }: { io: Io; retryMsMax?: number }): Command {
  return new Command('publish')
    .option('--count <n>', `how many messages (default: ${COUNT_DEFAULT}, or the whole file)`, readCount)
    .option('--rate <n>', 'messages a second, evenly (default: as fast as they are taken)', readRate)
    .addOption(
      new Option('--file <path>', 'publish the lines of a file, each as it is; - is stdin').conflicts([
        'poison',
        'seed',
      ]),
    )
    .option('--poison <share>', 'spoil that share of the messages, such as 5% (default: 0%)', readPoison)
    .option('--seed <n>', 'the same seed gives the same records (default: another each time)', readSeed)
    .option('--ordered', 'with the record’s id as ordering key, for a subscription that keeps the order')
    .option('--url <url>', 'where the topic takes messages (default: this machine, BURNLINE_INGEST_PORT)', readUrl)
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((options: Options) => publish(options, { io, retryMsMax }));
}

const HELP = `
Examples:
  burnline publish --count 1000 --rate 500 --poison 5% --seed 42
  burnline publish --file records.jsonl
  echo '{"id":"1","name":"Ada"}' | burnline publish --file -

Poison is broken JSON, a missing id, a wrong type or an implausible timestamp.
What a busy or restarting endpoint does not take is tried again for ${RETRY_MS_MAX / 1000} s. Ctrl-C lets what is under way end.`;

const readCount = integerOption('--count', { min: 1, max: COUNT_MAX });
const readRate = rateOption('--rate', { max: RATE_MAX });
const readPoison = shareOption('--poison');
const readSeed = integerOption('--seed', { min: 0, max: SEED_MAX });
const readUrl = urlOption('--url');

async function publish(options: Options, { io, retryMsMax }: { io: Io; retryMsMax: number }): Promise<void> {
  using interrupt = createInterrupt();
  const { signal } = interrupt;
  const settings = readSettings(io.env);
  const { format, file, count, rate, poison = 0 } = options;
  const url = options.url ?? `http://127.0.0.1:${settings.ingestPort}`;
  const seed = options.seed ?? randomInt(SEED_MAX);
  const plain =
    file === undefined
      ? await generatedSource({ count: count ?? COUNT_DEFAULT, seed, poisonShare: poison, now: Date.now() })
      : await fileSource({ path: file, stdin: io.stdin, signal, countMax: count });
  const source = options.ordered ? await withOrderingKeys(plain) : plain;
  const { publisher, close } = await openPublisher({ url, topicName: settings.topic.names.topic, env: io.env });
  const retry = createRetry({ retryMsMax, signal });
  const progress = await startProgress(io, source.size);
  const tally = createTally();
  let failure: unknown;
  try {
    const onAccepted = (batch: Parameters<typeof tally.add>[0]) =>
      progress.advance(batch.length, tally.add(batch).bytes);
    await publishStream({ groups: source.groups, publisher, retry, signal, perSecond: rate, onAccepted });
  } catch (error) {
    failure = error;
  }
  const counted = tally.summary();
  progress.stop();
  await close();

  const { published } = counted;
  if (published === 0 && failure !== undefined && !signal.aborted) throw explainAbsence(failure, url);
  const summary = { url, ...counted, ...(file === undefined && { seed }) };
  writeResult(io, format, { data: summary, text: describeSummary(summary) });
  if (signal.aborted) throw cliErrors.error('publish_incomplete', `stopped after ${published} accepted messages`);
  if (failure !== undefined) {
    const detail = `${published} messages were accepted, then: ${describeFailure(failure)}`;
    throw cliErrors.error('publish_incomplete', detail, { cause: failure });
  }
  if (options.url === undefined) writeNote(io, nextSteps(settings.apiPort));
}

function nextSteps(apiPort: number): string {
  const api = `http://127.0.0.1:${apiPort}`;
  return `Next      curl '${api}/records?limit=5'\n          curl '${api}/dead-letters?limit=5'`;
}
