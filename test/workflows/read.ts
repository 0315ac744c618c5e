import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../.github/workflows');

type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export type Step = {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, unknown>>;
  'continue-on-error'?: boolean;
};

type JobText = {
  if?: string;
  needs?: string | readonly string[];
  environment?: string;
  permissions?: Permissions;
  'timeout-minutes'?: number;
  outputs?: Readonly<Record<string, string>>;
  steps: readonly Step[];
};

/** A job of a workflow; its title is `deploy.yml: api`. */
export type Job = JobText & { workflow: string; id: string; title: string };

/** A workflow as it stands in its file. */
export type Workflow = {
  file: string;
  text: string;
  on: Readonly<Record<string, { paths?: readonly string[] } | null>>;
  permissions: Permissions | undefined;
  defaults: { run: { shell?: string } } | undefined;
  concurrency: { group: string; 'cancel-in-progress': unknown } | undefined;
  jobs: readonly Job[];
};

export const workflows: readonly Workflow[] = readdirSync(folder).map(file => {
  const text = readFileSync(join(folder, file), 'utf8');
  const { on, permissions, defaults, concurrency, jobs } = parse(text);
  const read = ([id, job]: [string, JobText]): Job => ({ ...job, workflow: file, id, title: `${file}: ${id}` });
  return { file, text, on, permissions, defaults, concurrency, jobs: Object.entries<JobText>(jobs).map(read) };
});

export const jobs: readonly Job[] = workflows.flatMap(workflow => workflow.jobs);

/** A job by the file and the id. Throws where there is none. */
export function jobOf(file: string, id: string): Job {
  const found = jobs.find(job => job.title === `${file}: ${id}`);
  if (found) return found;
  throw new Error(`${file} has no job ${id}`);
}

/** Every command line of a job, without comments, continued lines as one. */
export function linesOf({ steps }: Pick<Job, 'steps'>): string[] {
  return steps
    .flatMap(({ run = '' }) => run.replaceAll(/\\\n\s*/g, '').split('\n'))
    .filter(line => !/^\s*(#|$)/.test(line));
}

/** The name of an action without its pin, `undefined` for a step that runs a command. */
export const actionOf = ({ uses }: Step): string | undefined => uses && basename(uses.split('@')[0] ?? '');
