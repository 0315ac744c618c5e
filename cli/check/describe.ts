import { relative } from 'node:path';
import type { Finding } from '../../slo/lints/finding.ts';
import { type LintCode, lints } from '../../slo/lints/table.ts';

/** Findings for people: where, how grave, which lint, the numbers, and what to do. */
export function describeFindings(findings: readonly Finding[], root: string): string[] {
  return findings.flatMap(({ code, place, service, slo, message }) => {
    const about = slo === undefined ? service : `${service}/${slo}`;
    const { severity, remedy } = lints[code];
    return [
      `${relative(root, place.file)}:${place.line}  ${severity}  ${code}`,
      `  ${about}: ${message}.`,
      `  ${remedy}`,
    ];
  });
}

/** Findings as GitHub's workflow commands, which it shows beside the line. */
export function toAnnotations(findings: readonly Finding[], root: string): string[] {
  return findings.map(({ code, place, service, slo, message }) => {
    const { severity, remedy } = lints[code];
    const about = slo === undefined ? service : `${service}/${slo}`;
    const properties = [
      `file=${escapeProperty(relative(root, place.file))}`,
      `line=${place.line}`,
      `title=${escapeProperty(code)}`,
    ].join(',');
    return `::${severity} ${properties}::${escapeData(`${about}: ${message}. ${remedy}`)}`;
  });
}

// https://github.com/actions/toolkit: what would end a command or a property is percent-encoded.
const escapeData = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** What a lint is about, at length. */
export function explain(code: LintCode): string {
  const { severity, explanation, remedy } = lints[code];
  return `${code} (${severity})\n\n${explanation}\n\nWhat to do: ${remedy}`;
}

/** `3 services, 9 objectives: 1 error, 2 warnings` */
export function countFindings(services: number, objectives: number, findings: readonly Finding[]): string {
  const errors = findings.filter(({ code }) => lints[code].severity === 'error').length;
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return `${plural(services, 'service')}, ${plural(objectives, 'objective')}: ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`;
}
