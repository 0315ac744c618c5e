import { type ExecFileSyncOptions, execFileSync, type StdioOptions } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** What configurations stand in, relative to the root; they refer to each other. */
const FOLDERS = ['terraform', 'test/terraform/emulators'];

/** Terraform with the google provider of a folder, on a copy of our configurations that is gone at the end. */
export type Terraform = {
  /** Runs it in a folder of the copy; what it prints is ours too. Throws where it fails. */
  run(folder: string, args: readonly string[], env?: NodeJS.ProcessEnv): void;
  /** The same, and gives back what it printed instead. */
  read(folder: string, args: readonly string[], env?: NodeJS.ProcessEnv): string;
  /** Writes a file into the copy. */
  write(path: string, text: string): void;
  remove(): void;
};

/** Throws where there is no such folder. */
export function openTerraform(plugins: string): Terraform {
  if (!existsSync(plugins)) throw new Error(`BURNLINE_TF_PLUGINS is ${plugins}, and no such folder is there`);
  const copy = mkdtempSync(join(tmpdir(), 'burnline-terraform-'));
  for (const folder of FOLDERS) cpSync(join(root, folder), join(copy, folder), { recursive: true });
  const config = join(copy, 'terraform.rc');
  const mirror = `filesystem_mirror {\n    path = ${JSON.stringify(plugins)}\n  }`;
  writeFileSync(config, `provider_installation {\n  ${mirror}\n}\n`);

  const optionsFor = (folder: string, env: NodeJS.ProcessEnv): ExecFileSyncOptions => ({
    cwd: join(copy, folder),
    env: { ...process.env, TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', ...env },
  });
  return {
    run(folder, args, env = {}) {
      execFileSync('terraform', [...args, '-no-color'], { ...optionsFor(folder, env), stdio: 'inherit' });
    },
    read(folder, args, env = {}) {
      const stdio = ['ignore', 'pipe', 'inherit'] satisfies StdioOptions;
      const options = { ...optionsFor(folder, env), stdio, maxBuffer: 1e8 };
      return String(execFileSync('terraform', [...args, '-no-color'], options));
    },
    write(path, text) {
      const file = join(copy, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    remove: () => rmSync(copy, { recursive: true }),
  };
}

/** What a plan would do, `create google_pubsub_topic.records` for each resource that it does not leave as it is. */
export function changesOf(
  terraform: Terraform,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string[] {
  terraform.read(folder, ['plan', '-input=false', '-lock=false', '-out=plan', ...args], env);
  const plan = JSON.parse(terraform.read(folder, ['show', '-json', 'plan'], env)) as {
    resource_changes?: { address: string; change: { actions: string[] } }[];
  };
  return (plan.resource_changes ?? [])
    .filter(({ change: { actions } }) => actions.some(action => action !== 'no-op' && action !== 'read'))
    .map(({ address, change: { actions } }) => `${actions.join(' and ')} ${address}`);
}
