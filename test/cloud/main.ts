import { parseArgs } from 'node:util';
import { type Append, appendByStorageWrite } from './append.ts';
import { facts } from './facts.ts';
import { authOf, createGoogle, REQUEST_MS_MAX } from './google.ts';
import { createMade } from './made.ts';
import { toPage } from './page.ts';
import { exitCodeOf, toJson, toList, toText } from './report.ts';
import { settleAll } from './settle.ts';
import { createWorld } from './world.ts';

const USAGE = `Usage: npm run test:cloud -- --project ID [--location us-central1] [--only FACT ...] [--format text|json] [--yes]
       npm run test:cloud -- --list | --page

Settles on a project of Google Cloud what docs/unverified.md lists. Without --yes it only says what it would make.

Example, one fact: npm run test:cloud -- --project my-project --only healthz --yes
`;
/** Ten minutes, less what a last request and the removal may take. */
const SETTLE_MS_MAX = 510_000;
const REMOVE_MS_MAX = 60_000;

/** What the script has of the world around it. */
export type Surroundings = {
  env: NodeJS.ProcessEnv;
  interrupt: AbortSignal;
  /** Some characters that no other run has. */
  newId(): string;
  now(): number;
  print(text: string): void;
  note(text: string): void;
  append?: Append;
  /** Of a test, which does not wait as long. */
  timesFaster?: number;
};

/** Runs the script. Resolves with its exit code; throws what is exit code 1. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, interrupt, newId, now, print, note, append = appendByStorageWrite, timesFaster = 1 } = surroundings;
  const { project, location, only, format, yes, list, page, help } = read(args);
  const chosen = facts.filter(({ id }) => only.length === 0 || only.includes(id));
  if (help || page || list) {
    const listed = format === 'json' ? JSON.stringify(chosen) : toList(chosen);
    print(help ? USAGE : page ? toPage() : listed);
    return 0;
  }
  if (project === undefined) throw new Error('--project is missing: name one that you own and that nothing depends on');

  const run = `burnline-facts-${newId()}`;
  note(`In ${project}, ${location}, as ${run}, all of it removed at the end:`);
  for (const { id, does } of chosen) note(`  ${id}: ${does}`);
  note('It takes up to ten minutes, and costs some cents at the most.');
  if (!yes) throw new Error('nothing was done: say --yes if that is all right');

  const made = createMade();
  const google = (signal: AbortSignal) => createGoogle({ project, location, env, signal });
  await authOf(google(interrupt).url('monitoring'));
  const about = { project, location, run, labels: { managed_by: 'burnline', run }, append, now, made: made.add };
  const results = await settleAll(chosen, {
    createWorld: signal => createWorld(about, google(signal), { signal, timesFaster }),
    ...{ interrupt, msMax: SETTLE_MS_MAX, graceMs: REQUEST_MS_MAX },
  });
  note('Removing what was made');
  const signal = AbortSignal.timeout(REMOVE_MS_MAX);
  const left = await made.removeAll(google(signal), { signal, pauseMs: 3000 / timesFaster });
  const report = { project, location, at: new Date(now()).toISOString(), results, left };
  print(format === 'json' ? JSON.stringify(toJson(report)) : toText(report));
  return exitCodeOf(report);
}

function read(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      project: { type: 'string' },
      location: { type: 'string', default: 'us-central1' },
      only: { type: 'string', multiple: true, default: [] },
      format: { type: 'string', default: 'text' },
      yes: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.find(id => !facts.some(fact => fact.id === id));
  if (unknown !== undefined) throw new Error(`there is no fact ${unknown}: --list has their names`);
  if (!['text', 'json'].includes(values.format)) throw new Error(`--format is text or json, not ${values.format}`);
  return values;
}
