// Publishes records to the topic, and holds what the table has of them against what the API serves: here, or where it is deployed.
import { parseArgs } from 'node:util';
import { messageOf } from '../../base/errors.ts';
import { createInterrupt } from '../../cli/interrupt.ts';
import { startTelemetry } from '../../telemetry/start.ts';
import { startPlatform } from '../platform-process.ts';
import { checkPath } from './check-path.ts';

const usage = `Usage: npm run test:integration -- [--url URL --project PROJECT] [--audience URL] [--poison] [--deadline-seconds 60]

Without --url the platform is started here, embedded, and a poison message is tried too. With it, topic and table are those of the
project (and of ENVIRONMENT, where it is set), which needs credentials that may publish and query; the API key is BURNLINE_API_KEY.
A private service gets an ID token for --audience, its own address without a revision's tag, or the one in PROBE_ID_TOKEN.
--poison also sends a message that becomes a dead letter, which the alert on dead letters will tell of.

Exit codes: 0 the API serves what was published, 1 something does not answer or refuses, 2 the API does not serve what the table
holds, 3 it was not readable in time.

Example: npm run test:integration -- --url https://tag---records-api-x.a.run.app --audience https://records-api-x.a.run.app --project my-project
`;

const { values, error } = readArguments();
if (error !== undefined || values.help) {
  process[error === undefined ? 'stdout' : 'stderr'].write(error === undefined ? usage : `${error}\n\n${usage}`);
  process.exit(error === undefined ? 0 : 1);
}
const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await run();
} catch (failure) {
  say(`test:integration: ${messageOf(failure)}`);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  using interrupt = createInterrupt();
  const platform = values.url === undefined ? await startPlatform() : undefined;
  const telemetry = await startTelemetry({ service: 'burnline-integration-test' });
  try {
    const env = platform
      ? {
          BURNLINE_DATA_DIR: platform.folder,
          BURNLINE_INGEST_PORT: new URL(platform.ingest).port,
          PROBE_API_URL: platform.api,
        }
      : deployed();
    const deadlineMs = Number(values['deadline-seconds']) * 1000;
    const hasPoison = platform !== undefined || values.poison;
    const { signal } = interrupt;
    const { code, sentences } = await checkPath({ env, telemetry, hasPoison, deadlineMs, say, signal });
    const verdict = {
      0: 'The API serves what was published',
      2: 'The API does not serve what the table holds',
      3: 'Not readable in time',
    }[code];
    process.stdout.write([verdict, ...sentences].map(line => `${line}\n`).join(''));
    return code;
  } finally {
    await telemetry.shutdown();
    await platform?.stop();
  }
}

function deployed(): NodeJS.ProcessEnv {
  const { url, project, audience } = values;
  const cloud = { TOPIC: 'pubsub', WAREHOUSE: 'bigquery', PROBE_API_URL: url };
  return {
    ...process.env,
    ...cloud,
    ...(project && { GOOGLE_CLOUD_PROJECT: project }),
    ...(audience && { PROBE_AUDIENCE: audience }),
  };
}

function readArguments() {
  const options = {
    url: { type: 'string' },
    project: { type: 'string' },
    audience: { type: 'string' },
    poison: { type: 'boolean', default: false },
    'deadline-seconds': { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const error = wrongUse(values);
    return { values, ...(error && { error }) };
  } catch (error) {
    return { values: parseArgs({ args: [], options }).values, error: messageOf(error) };
  }
}

function wrongUse(values: { url?: string; project?: string; audience?: string; 'deadline-seconds': string }) {
  const { url, project, audience, 'deadline-seconds': text } = values;
  // Else a pipeline that has lost its URL would test a platform of its own, and pass.
  if (url === undefined && (project ?? audience) !== undefined) return '--project and --audience need --url';
  if (Number(text) > 0 && Number(text) <= 3600) return undefined;
  return `--deadline-seconds must be above 0 and at most 3600, not "${text}"`;
}
