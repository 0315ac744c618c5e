// Lints the workflows by actionlint and zizmor, and workflows, Terraform and Dockerfile by checkov.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCheckov } from './checkov.ts';

const ACTIONLINT = '1.7.12';
const root = join(import.meta.dirname, '../..');
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Runs a linter that prints what it finds; whether it found nothing. */
function lint(name: string, command: string, args: readonly string[]): boolean {
  const { error, status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  say(`${name}: ${status === 0 ? 'nothing found' : `ended with ${status}`}`);
  return status === 0;
}

/** The command in the PATH, or where Go installs it, of the one version that CI has. */
function findActionlint(): string {
  const folder = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout?.trim();
  const found = ['actionlint', join(folder || '.', 'bin/actionlint')].find(path =>
    spawnSync(path, ['-version'], { encoding: 'utf8' }).stdout?.split('\n')[0]?.endsWith(ACTIONLINT),
  );
  if (found) return found;
  const install = `go install github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`;
  throw new Error(`actionlint ${ACTIONLINT} is not installed: ${install}`);
}

/** actionlint checks shell only where it finds shellcheck, and says nothing where it does not. */
function needShellcheck(): void {
  if (spawnSync('shellcheck', ['--version']).status === 0) return;
  throw new Error('shellcheck is not installed: apt-get install -y --no-install-recommends shellcheck');
}

function findPython(command: string): string {
  const path = join(root, '.venv/workflows/bin', command);
  if (existsSync(path)) return path;
  const install =
    'python3 -m venv .venv/workflows && .venv/workflows/bin/pip install -r test/workflows/requirements.txt';
  throw new Error(`${command} is not installed: ${install}`);
}

function run(): boolean {
  needShellcheck();
  const [actionlint, zizmor, checkov] = [findActionlint(), findPython('zizmor'), findPython('checkov')];
  const clean = [
    lint('actionlint', actionlint, ['-shellcheck=shellcheck', '-pyflakes=']),
    lint('zizmor', zizmor, [
      '--offline',
      '--no-progress',
      '--quiet',
      '--strict-collection',
      '--persona=auditor',
      '.github',
    ]),
  ];
  const { checks, problems } = runCheckov({ checkov, root });
  for (const problem of problems) say(problem);
  say(`checkov: ${problems.length === 0 ? 'nothing found' : `${problems.length} problems`} in ${checks} checks`);
  return clean.every(Boolean) && problems.length === 0;
}

try {
  process.exitCode = run() ? 0 : 1;
} catch (error) {
  process.stderr.write(`test:workflows: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
