import type { CompiledServices } from '../compile.ts';
import type { Finding } from './finding.ts';
import type { Lint, Linted } from './rule.ts';
import { type LintCode, lints } from './table.ts';

const table = Object.entries(lints) as [LintCode, Lint][];

/**
 * Everything that is wrong with compiled specs, in the order of files and lines.
 *
 * @param options.runbookExists whether the file of a runbook is there, its path relative to `alerts/`
 */
export function lint(
  compiled: Pick<CompiledServices, 'services' | 'catalogue'>,
  { runbookExists }: Pick<Linted, 'runbookExists'>,
): Finding[] {
  const linted = { ...compiled, runbookExists };
  const findings = table.flatMap(([code, { find }]) => find(linted).map(found => ({ code, ...found })));
  return findings.sort((a, b) => compareTexts(a.place.file, b.place.file) || a.place.line - b.place.line);
}

/** Whether some finding is an error, and not only warnings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => lints[code].severity === 'error');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
