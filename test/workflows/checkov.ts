import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Accepted, accepted } from './accepted.ts';

type Check = { check_id: string; check_name: string; resource: string; file_path: string; file_line_range: number[] };
type Report = {
  check_type: string;
  results: { passed_checks: Check[]; failed_checks: Check[]; parsing_errors: string[] };
};

const SCANNED = ['Dockerfile', '.github', 'terraform'];
const FRAMEWORKS = ['dockerfile', 'github_actions', 'terraform'];

/**
 * Runs checkov over what it is for, and compares with what is accepted. What it could not read, and an acceptance that no longer has
 * a finding, are problems too.
 *
 * @param options.checkov the command
 * @param options.root the repository
 */
export function runCheckov({ checkov, root }: { checkov: string; root: string }): {
  checks: number;
  problems: string[];
} {
  const copy = mkdtempSync(join(tmpdir(), 'burnline-checkov-'));
  try {
    for (const name of SCANNED) {
      cpSync(join(root, name), join(copy, name), { recursive: true, filter: path => basename(path) !== '.terraform' });
    }
    const workflows = join(copy, '.github/workflows');
    for (const name of readdirSync(workflows)) forCheckov(join(workflows, name));
    const args = [
      '--directory',
      copy,
      '--framework',
      ...FRAMEWORKS,
      '--skip-download',
      '--soft-fail',
      '--output',
      'json',
    ];
    const output = execFileSync(checkov, args, {
      encoding: 'utf8',
      maxBuffer: 1e8,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const reports = [JSON.parse(output)].flat() as Report[];
    return judge(reports, { accepted, workflows: readdirSync(workflows) });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** checkov's schema of a workflow knows no `attestations`, and it leaves out a file with it without a word. */
function forCheckov(path: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/^ +attestations: write.*\n/gm, ''));
}

/** What is wrong with what checkov found. */
export function judge(
  reports: readonly Report[],
  { accepted, workflows }: { accepted: readonly Accepted[]; workflows: readonly string[] },
): { checks: number; problems: string[] } {
  const failed = reports.flatMap(({ results }) => results.failed_checks);
  const all = [...failed, ...reports.flatMap(({ results }) => results.passed_checks)];
  const isOf = (row: Accepted, check: Check) => row.check === check.check_id && row.resource === check.resource;
  const read = new Set(all.map(({ file_path }) => basename(file_path)));
  const problems = [
    ...failed
      .filter(check => !accepted.some(row => isOf(row, check)))
      .map(
        check =>
          `${check.file_path}:${check.file_line_range[0]} ${check.resource}: ${check.check_id}, ${check.check_name}`,
      ),
    ...accepted
      .filter(row => !failed.some(check => isOf(row, check)))
      .map(({ check, resource }) => `accepted.ts: ${check} is no longer found in ${resource}: remove the row`),
    ...reports.flatMap(({ results }) => results.parsing_errors.map(path => `${path} could not be read`)),
    ...FRAMEWORKS.filter(framework => !reports.some(({ check_type }) => check_type === framework)).map(
      framework => `nothing was read as ${framework}`,
    ),
    ...workflows.filter(file => !read.has(file)).map(file => `${file} was not read: is a part of it new to checkov?`),
  ];
  return { checks: all.length, problems };
}
