// Builds the package, installs its tarball into an empty folder elsewhere, and uses it there as its user would.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'burnline-package-'));
const say = (text: string) => process.stdout.write(`${text}\n`);

// What this Node has and Node 18 had not.
const AS_OLDER_NODE = `
import module from 'node:module';
Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } });
delete process.getBuiltinModule;
delete module.enableCompileCache;
delete module.registerHooks;
`;

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
  say(`ok: ${what}`);
}

try {
  run(root, 'npm', 'run', '--silent', 'build');
  const tarball = run(join(root, 'dist/package'), 'npm', 'pack', '--silent', '--pack-destination', folder).trim();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run(folder, 'npm', 'install', '--silent', '--no-fund', '--no-audit', join(folder, tarball));
  const burnline = (...args: string[]) => run(folder, join(folder, 'node_modules/.bin/burnline'), ...args);

  must(!existsSync(join(folder, 'node_modules/.bin/node')), 'the user’s own Node stays his');
  must(!existsSync(join(folder, 'node_modules/burnline/records')), 'the records platform is no part of it');
  must(burnline('--help').includes('generate'), 'burnline --help lists the commands');
  must(burnline('init', '--service', 'checkout').includes('wrote slo/checkout.slo.ts'), 'init writes a first spec');
  must(burnline('check').includes('0 errors, 0 warnings'), 'check finds nothing wrong with it');
  burnline('generate');
  must(existsSync(join(folder, 'terraform/monitoring/checkout.tf.json')), 'generate writes Terraform');
  must(burnline('generate', '--check').includes('all are fresh'), 'and all is fresh afterwards');
  const spec = join(folder, 'slo/checkout.slo.ts');
  const text = readFileSync(spec, 'utf8');
  const line = text.slice(0, text.indexOf('latency({')).split('\n').length;
  const chapter = readFileSync(join(folder, 'docs/slo/checkout.md'), 'utf8');
  must(chapter.includes(`**Source**: \`slo/checkout.slo.ts:${line}\``), 'an SLO knows the line where it is written');
  const older = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(AS_OLDER_NODE)}`,
      'node_modules/burnline/cli/toolkit.js',
      'check',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  must(
    older.status === 1 && older.stderr.startsWith('burnline: needs Node 24.12 or later'),
    'an older Node is told so',
  );

  const tsc = join(root, 'node_modules/.bin/tsc');
  run(folder, tsc, '--project', 'tsconfig.json');
  writeFileSync(spec, text.replace("under: '500ms',", ''));
  let refused = '';
  try {
    execFileSync(tsc, ['--project', 'tsconfig.json'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    refused = String((error as { stdout?: string }).stdout);
  }
  must(
    /checkout\.slo\.ts\(\d+,\d+\): error TS\d+: .*'under'|Property 'under' is missing/.test(refused),
    'specs have type help: a latency without a threshold is a type error',
  );
} finally {
  rmSync(folder, { recursive: true });
}
