import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { type BurnlineError, messageOf } from '../base/errors.ts';
import { isJsonObject } from '../base/json.ts';
import { RESERVED } from '../slo/lints/ids.ts';
import { cliErrors } from './errors.ts';
import { refuseTaken, specFolder } from './init/specs.ts';
import { templates } from './init/templates.ts';
import { badOption } from './options.ts';
import { type Format, formatOption, type Io, writeNote, writeResult } from './output.ts';
import { ownVersion } from './version.ts';

type Options = { service?: string; owner: string; location: string; format: Format };

const HELP = `
Example:
  burnline init --service checkout --owner payments --location europe-west1

Writes a first spec, its runbook, a CI job and, where there are none, package.json and tsconfig.json. The spec goes into slo, or into
the first folder that "burnline": { "specs": [...] } in package.json names. What is there already is kept.`;

/** `burnline init`. */
export function initCommand({ io }: { io: Io }): Command {
  return new Command('init')
    .option('--service <id>', 'the service to begin with; the name of this folder by default')
    .option('--owner <team>', 'who owns it', 'my-team')
    .option('--location <region>', 'where it runs', 'us-central1')
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action((options: Options) => init(io, options));
}

function init(io: Io, { service = idOfFolder(process.cwd()), owner, location, format }: Options): void {
  if (!/^(?=.{1,49}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(service)) {
    throw badOption('--service', 'must be lower-case letters, digits and hyphens between them, at most 49', service);
  }
  if (RESERVED.has(service)) {
    throw badOption(
      '--service',
      `must be none of ${[...RESERVED].join(', ')}, which generated files are called`,
      service,
    );
  }
  const root = process.cwd();
  const ownPackage = readPackage(join(root, 'package.json'));
  const folder = specFolder(root);
  const files = templates({
    service,
    owner: plain('--owner', owner),
    location: plain('--location', location),
    version: ownVersion(),
    folder,
  });
  refuseTaken(root, service, join(folder, `${service}.slo.ts`));
  const kept = Object.keys(files).filter(path => existsSync(join(root, path)));
  const written = Object.keys(files).filter(path => !kept.includes(path));
  for (const path of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files[path] ?? '');
  }
  if (ownPackage) adviseOnPackage(io, ownPackage);
  const lines = [...written.map(path => `wrote ${path}`), ...kept.map(path => `kept ${path}, which was there`)];
  const next = 'Next: npm install, say in the spec why, then npx burnline check and npx burnline generate.';
  writeResult(io, format, { data: { written, kept }, text: [...lines, next].join('\n') });
}

function idOfFolder(path: string): string {
  const id = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return RESERVED.has(id) ? `${id}-service` : id || 'my-service';
}

/** It goes into a string of the spec. */
function plain(option: string, text: string): string {
  if (/^[\w .@/-]{1,63}$/.test(text)) return text;
  throw badOption(option, 'must be letters, digits, spaces and . @ / -, at most 63', text);
}

type Package = { name?: unknown; type?: unknown; dependencies?: object; devDependencies?: object };

/** Nothing where there is none. Throws `file_unreadable` where it is no JSON object. */
function readPackage(file: string): Package | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isJsonObject(content)) return content;
  } catch (error) {
    throw unreadable(file, messageOf(error), error);
  }
  throw unreadable(file, 'it is no JSON object');
}

function unreadable(file: string, why: string, cause?: unknown): BurnlineError {
  return cliErrors.error('file_unreadable', `${file} cannot be read, and nothing was written: ${why}`, { cause });
}

function adviseOnPackage(io: Io, { name, type, dependencies, devDependencies }: Package): void {
  if (type !== 'module')
    writeNote(io, 'package.json has no "type": "module": add it, or Node warns of every spec that it loads');
  if (name !== 'burnline' && !('burnline' in { ...dependencies, ...devDependencies })) {
    writeNote(io, `package.json does not name burnline: npm install --save-dev --save-exact burnline@${ownVersion()}`);
  }
}
