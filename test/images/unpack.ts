import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, posix } from 'node:path';
import { temporaryFolder } from '../../base/testing.ts';
import { lastOf, readStages, type Step, stepsOf } from './dockerfile.ts';
import { createIgnored } from './ignored.ts';

/** The build context, which is the repository. */
export const context = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(context, name), 'utf8');

/** The stages of our Dockerfile. */
export const stages = readStages(read('Dockerfile'));

/** Whether our `.dockerignore` keeps a path out of the build. */
export const ignored = createIgnored(read('.dockerignore'));

/** What an image holds and runs, on this machine and without an engine. */
export type UnpackedImage = {
  /** Where its command runs, as an absolute path: what is `/app` in the image. */
  folder: string;
  /** Its ENTRYPOINT, with the Node of this process. */
  command: [string, ...string[]];
  /** Its HEALTHCHECK, likewise. */
  healthcheck: [string, ...string[]];
  /** The whole environment that it runs in, its paths moved to where the image is unpacked. Nothing of ours but PATH is in it. */
  env: Record<string, string>;
};

type Stage = Omit<UnpackedImage, 'command' | 'healthcheck'> & { root: string };

const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
const unpacked = new Map<string, Promise<Stage>>();

/**
 * Does what the Dockerfile says for a target, in an empty temporary folder that goes when the process ends: copies, `npm ci` (once
 * for all targets) and what `node` runs. Other RUN lines need the image's own system and are left out, and so is its user.
 *
 * @example
 * const { folder, command: [file, ...args], env } = await unpackImage('api');
 * spawn(file, args, { cwd: folder, env: { ...env, PORT: String(await freePort()), WAREHOUSE: 'bigquery' } });
 */
export async function unpackImage(target: string): Promise<UnpackedImage> {
  const { folder, env } = await unpackStage(target);
  const steps = stepsOf(stages, target);
  const onThisNode = (kind: 'entrypoint' | 'healthcheck'): [string, ...string[]] => {
    const [file, ...args] = lastOf(steps, kind).argv ?? [];
    if (file !== 'node') throw new Error(`The ${kind} of ${target} does not start node in exec form`);
    return [process.execPath, ...args];
  };
  return { folder, env, command: onThisNode('entrypoint'), healthcheck: onThisNode('healthcheck') };
}

async function unpackStage(name: string): Promise<Stage> {
  const root = temporaryFolder();
  const stage: Stage = { root, folder: root, env: { PATH } };
  for (const step of stepsOf(stages, name)) await replay(step, stage);
  return stage;
}

/** A stage that others copy from is unpacked once. */
function sharedStage(name: string): Promise<Stage> {
  const stage = unpacked.get(name) ?? unpackStage(name);
  unpacked.set(name, stage);
  return stage;
}

async function replay(step: Step, stage: Stage): Promise<void> {
  if (step.kind === 'workdir') {
    stage.folder = join(stage.root, step.text);
    mkdirSync(stage.folder, { recursive: true });
  } else if (step.kind === 'env') {
    for (const [name, value] of Object.entries(step.values)) stage.env[name] = movedTo(stage.root, value);
  } else if (step.kind === 'copy') {
    await copy(step, stage);
  } else if (step.kind === 'run' && /^(npm ci|node) /.test(step.text)) {
    await run(step.text, stage);
  }
}

/** A path of the image becomes one below its root, where there is then a folder. */
function movedTo(root: string, value: string): string {
  if (!value.startsWith('/')) return value;
  mkdirSync(join(root, value), { recursive: true });
  return join(root, value);
}

async function copy({ from, sources, to }: Extract<Step, { kind: 'copy' }>, stage: Stage): Promise<void> {
  const target = to.startsWith('/') ? join(stage.root, to) : join(stage.folder, to);
  const { root = context } = from ? await sharedStage(from) : {};
  for (const source of sources) {
    const isFolder = statSync(join(root, source)).isDirectory();
    // Of a folder its content is copied, of a file the file itself, into a folder where the target ends as one.
    const place = isFolder || !to.endsWith('/') ? target : join(target, posix.basename(source));
    if (from) cpSync(join(root, source), place, { recursive: true, verbatimSymlinks: true });
    else for (const path of filesOf(source)) cpSync(join(root, path), join(place, posix.relative(source, path)));
  }
}

/** The files of the build context at or below a path, sorted. Throws where there is nothing. */
export function filesOf(path: string): string[] {
  if (ignored(path)) throw new Error(`.dockerignore keeps ${path} out, which the Dockerfile copies`);
  if (!statSync(join(context, path)).isDirectory()) return [path];
  const entries = readdirSync(join(context, path), { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(context.length + 1))
    .filter(file => !ignored(file))
    .sort();
}

async function run(line: string, { folder, env }: Stage): Promise<void> {
  // npm asks the machine's registry, and so needs the machine's settings.
  const settings = line.startsWith('npm') ? process.env : {};
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: { ...settings, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', data => {
    said += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`RUN ${line} ended with ${code}: ${said}`);
}
