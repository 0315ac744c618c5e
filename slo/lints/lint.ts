import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import type { Finding } from './finding.ts';
import { lintPromise } from './promises.ts';
import { lintService } from './services.ts';
import { lintSli } from './slis.ts';
import { type LintCode, lints } from './table.ts';
import { lintTiers } from './tiers.ts';

/**
 * Everything that is wrong with what a catalogue holds, service by service.
 *
 * @param options.runbookExists whether the file of a runbook is there, its path relative to `alerts/`
 */
export function lint(catalogue: Catalogue, options: { runbookExists(path: string): boolean }): Finding[] {
  return catalogue.services.flatMap(service => [
    ...lintService(service, options.runbookExists).map(([code, message]) => ({
      code,
      message,
      place: service.definedAt,
      service: service.id,
    })),
    ...duplicates(service),
    ...service.objectives.flatMap(objective =>
      [
        ...lintPromise(service, objective),
        ...lintTiers(service, objective),
        ...lintSli(objective, catalogue.target),
      ].map(finding => at(service, objective, finding)),
    ),
  ]);
}

/** Whether some finding is an error, and not only warnings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => lints[code].severity === 'error');
}

function at(service: ServiceEntry, objective: ObjectiveEntry, [code, message]: readonly [LintCode, string]): Finding {
  return { code, message, place: objective.definedAt, service: service.id, slo: objective.id };
}

function duplicates(service: ServiceEntry): Finding[] {
  const seen = new Set<string>();
  return service.objectives.flatMap(objective => {
    if (!seen.has(objective.id)) {
      seen.add(objective.id);
      return [];
    }
    return at(service, objective, ['slo-id-twice', `a second objective has the id ${JSON.stringify(objective.id)}`]);
  });
}
