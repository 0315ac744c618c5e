import { relative } from 'node:path';
import { BurnlineError } from '../../base/errors.ts';
import type { Finding } from '../../slo/lints/finding.ts';
import { type LintCode, lints } from '../../slo/lints/table.ts';
import type { CheckedSpecs } from './specs.ts';

const aboutOf = ({ service, slo }: Finding) => (slo === undefined ? service : `${service}/${slo}`);

/** Findings for people: where, how grave, which lint, the numbers, and what to do. */
export function describeFindings(findings: readonly Finding[], root: string): string[] {
  return findings.flatMap(finding => {
    const { code, place, message } = finding;
    const { severity, remedy } = lints[code];
    return [
      `${relative(root, place.file)}:${place.line}  ${severity}  ${code}`,
      `  ${aboutOf(finding)}: ${message}.`,
      `  ${remedy}`,
    ];
  });
}

/** What was found, for programs: paths are relative. */
export function toJson({ catalogue, findings }: CheckedSpecs, root: string): object {
  return {
    services: catalogue.services.length,
    objectives: objectivesOf(catalogue),
    findings: findings.map(({ code, place, ...rest }) => {
      const { severity, remedy } = lints[code];
      return { code, severity, file: relative(root, place.file), line: place.line, ...rest, remedy };
    }),
  };
}

/** Findings as GitHub's workflow commands, which it shows beside the line. */
export function toAnnotations(findings: readonly Finding[], root: string): string[] {
  return findings.map(finding => {
    const { code, place, message } = finding;
    const { severity, remedy } = lints[code];
    const text = `${aboutOf(finding)}: ${message}. ${remedy}`;
    return toAnnotation(severity, { file: relative(root, place.file), line: place.line, title: code }, text);
  });
}

/** The same of what kept specs from being checked: each problem names its `file:line`. */
export function annotateFailure(error: unknown): string[] {
  if (!(error instanceof BurnlineError)) return [];
  return error.problems.map(({ field, rule }) => {
    const [, file = field, line = 1] = /^(.+):(\d+)$/.exec(field) ?? [];
    return toAnnotation('error', { file, line, title: error.row.title }, rule);
  });
}

/** @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function toAnnotation(
  severity: 'error' | 'warning',
  properties: Record<string, string | number>,
  text: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData(text)}`;
}

// What would end a command or a property is percent-encoded.
const escapeData = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** What a lint is about, at length. */
export function explain(code: LintCode): string {
  const { severity, explanation, remedy, example } = lints[code];
  return `${code} (${severity})\n\n${explanation}\n\nExample: ${example}\n\nWhat to do: ${remedy}`;
}

/** `3 services, 9 objectives: 1 error, 2 warnings` */
export function countFindings({ catalogue, findings }: CheckedSpecs): string {
  const errors = findings.filter(({ code }) => lints[code].severity === 'error').length;
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const of = `${plural(catalogue.services.length, 'service')}, ${plural(objectivesOf(catalogue), 'objective')}`;
  return `${of}: ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`;
}

function objectivesOf({ services }: CheckedSpecs['catalogue']): number {
  return services.reduce((sum, { objectives }) => sum + objectives.length, 0);
}
