import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import type { CompiledServices } from '../compile.ts';
import type { Finding } from './finding.ts';
import { isGoalPossible, isPeriodPossible } from './promises.ts';
import type { Lint, Linted, Scope, Subjects } from './rule.ts';
import { requestSliOf } from './slis.ts';
import { type LintCode, lints } from './table.ts';

const table = Object.entries(lints) as [LintCode, Lint][];
const rules = Map.groupBy(
  table.flatMap(([code, lint]) => lint.rules.map(rule => ({ code, ...rule }))),
  ({ of }) => of,
);

/**
 * Everything that is wrong with compiled specs, in the order of files and lines.
 *
 * @param options.runbookExists whether the file of a runbook is there, its path relative to `alerts/`
 * @param options.areBoundsGenerated whether the outputs have `boundaries.ts`, by which OpenTelemetry's histograms are bounded
 */
export function lint(
  compiled: Pick<CompiledServices, 'services' | 'catalogue'>,
  options: Pick<Linted, 'runbookExists' | 'areBoundsGenerated'>,
): Finding[] {
  const linted: Linted = { ...compiled, ...options };
  const findings = table.flatMap(([code, { overall }]) => overall?.(linted).map(found => ({ code, ...found })) ?? []);
  const judge: Judge = (scope, subject, about, name = '') => {
    for (const { code, say } of rules.get(scope) ?? []) {
      const said = say(subject as never, linted);
      if (said === undefined) continue;
      for (const sentence of typeof said === 'string' ? [said] : said) {
        if (sentence !== undefined) findings.push({ code, message: name + sentence, ...about });
      }
    }
  };
  for (const service of linted.catalogue.services) judgeService(service, judge);
  return findings.sort((a, b) => compareTexts(a.place.file, b.place.file) || a.place.line - b.place.line);
}

/** Whether some finding is an error, and not only warnings. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => lints[code].severity === 'error');
}

type About = Pick<Finding, 'place' | 'service' | 'slo'>;
type Judge = <S extends Scope>(scope: S, subject: Subjects[S], about: About, name?: string) => void;

function judgeService(service: ServiceEntry, judge: Judge): void {
  judge('service', { service }, { place: service.definedAt, service: service.id });
  for (const cause of service.causes) {
    judge('cause', { service, cause }, { place: cause.definedAt, service: service.id }, `cause ${cause.id} `);
  }
  for (const objective of service.objectives) judgeObjective(service, objective, judge);
}

function judgeObjective(service: ServiceEntry, objective: ObjectiveEntry, judge: Judge): void {
  const { sli, goal, period, tiers } = objective;
  const about = { place: objective.definedAt, service: service.id, slo: objective.id };
  judge('objective', { service, objective }, about);
  const request = requestSliOf(sli);
  if (request?.form === 'ratio') judge('ratio', { service, objective, ratio: request }, about);
  if (request?.form === 'cut') judge('cut', { service, objective, cut: request }, about);
  if (sli.form === 'windows') judge('windows', { service, objective, windows: sli }, about);
  if (!isGoalPossible(goal) || !isPeriodPossible(period)) return;
  for (const tier of tiers) judge('tier', { service, objective, tier }, about, `tier ${tier.name} `);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
