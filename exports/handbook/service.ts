import { relative, sep } from 'node:path';
import { causePolicies } from '../../alerts/causes.ts';
import { describeSeconds, describeShare, toDigits } from '../../base/durations.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import { describeFreeze } from '../../slo/gate/freeze.ts';
import { budgetSeconds, seriesAvailability } from '../../slo/maths.ts';
import { describePeriod } from '../../slo/period.ts';
import type { Place } from '../../slo/place.ts';
import { describeGood } from './good.ts';
import { code, list, page, table } from './markdown.ts';
import { noticeTable, tierTable, trafficNote } from './tiers.ts';

/** The error budget of a period in minutes, to four digits. */
export function describeBudget({ goal, period }: ObjectiveEntry): string {
  return `${toDigits(budgetSeconds({ goal, periodSeconds: period.seconds }) / 60, 4)} min`;
}

/** A service's chapter, without the mark of what is generated. */
export function servicePage(catalogue: Catalogue, service: ServiceEntry, root: string): string {
  return page([
    `# ${service.title}`,
    describeService(service, root),
    ...service.objectives.map(objective => objectiveSection(catalogue, service, objective, root)),
    causesSection(catalogue, service),
    dependenciesSection(service),
    discardedSection(service),
    freezeSection(service),
  ]);
}

function describeService(service: ServiceEntry, root: string): string {
  const { owner, runsOn, runbook, channels, uptime, links, definedAt } = service;
  const titles = (severity: 'page' | 'ticket') => list(channels[severity].map(({ title }) => title));
  const facts: [string, string | undefined][] = [
    ['Owner', owner],
    ['Runs on', runsOn],
    ['Pages go to', titles('page')],
    ['Tickets go to', titles('ticket')],
    ['Asked from outside', list(uptime.map(describeCheck))],
    ['Runbook', runbook && linkTo(runbook)],
    ['See also', list(Object.entries(links).map(([title, url]) => `[${title}](${url})`))],
    ['Source', describePlace(definedAt, root)],
  ];
  return facts.flatMap(([name, fact]) => (fact ? [`- **${name}**: ${fact}`] : [])).join('\n');
}

function describeCheck({ host, path, periodSeconds }: ServiceEntry['uptime'][number]): string {
  return `${code(`https://${host}${path}`)} every ${describeSeconds(periodSeconds)}`;
}

function objectiveSection(
  { target }: Catalogue,
  service: ServiceEntry,
  objective: ObjectiveEntry,
  root: string,
): string {
  const { id, title, goal, period, sli, why, runbook, absentAfterSeconds, definedAt } = objective;
  const goalLine = `**Goal.** ${describeShare(goal)} over ${describePeriod(period)}: an error budget of ${describeBudget(objective)}.`;
  return [
    `## ${title}`,
    `${goalLine} Its id is ${code(id)}.`,
    `**SLI.** ${describeGood(sli, target)}`,
    `**Why.** ${why}`,
    tierTable(objective),
    noticeTable(objective),
    trafficNote(service, objective),
    ...(absentAfterSeconds > 0 ? [`**No data** for ${describeSeconds(absentAfterSeconds)} is a ticket.`] : []),
    [
      ...(runbook !== undefined && runbook !== service.runbook ? [`**Runbook**: ${linkTo(runbook)}.`] : []),
      `**Source**: ${describePlace(definedAt, root)}.`,
    ].join(' '),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function causesSection(catalogue: Catalogue, service: ServiceEntry): string {
  if (service.causes.length === 0) return '';
  // In the words of the alerts themselves, which stand in the order of the causes.
  const policies = causePolicies(catalogue, service);
  const rows = service.causes.map(({ id, title, severity, why }, index) => [
    ...[code(id), title, severity, policies[index]?.conditions[0]?.displayName ?? '', why],
  ]);
  return `## Causes that are watched\n\n${table(['Id', 'Alert', 'Calls for', 'When', 'Why'], rows)}`;
}

function dependenciesSection({ dependsOn, objectives }: ServiceEntry): string {
  if (dependsOn.length === 0) return '';
  const rows = dependsOn.map(({ service, promises, synchronous }) => [
    ...[service, describeShare(promises), synchronous ? 'yes' : 'no'],
  ]);
  const found = table(['Service', 'Promises', 'Requests wait for it'], rows);
  return `## Dependencies\n\n${found}\n\n${compareToGoals(dependsOn, objectives)}`;
}

function compareToGoals(dependsOn: ServiceEntry['dependsOn'], objectives: readonly ObjectiveEntry[]): string {
  const waitedFor = dependsOn.filter(({ synchronous }) => synchronous);
  if (waitedFor.length === 0) return 'No request waits for any of them.';
  const together = seriesAvailability(waitedFor.map(({ promises }) => promises));
  const above = objectives.filter(({ goal }) => goal > together);
  const names = above.map(({ title, goal }) => `${title} (${describeShare(goal)})`);
  const verdict = names.length === 0 ? 'no goal is above that' : `above that is the goal of ${list(names)}`;
  return `Those that requests wait for promise ${describeShare(together)} in series: ${verdict}.`;
}

function discardedSection({ discarded }: ServiceEntry): string {
  if (discarded.length === 0) return '';
  return `## Discarded SLIs\n\n${table(
    ['SLI', 'Why not'],
    discarded.map(({ sli, why }) => [sli, why]),
  )}`;
}

function freezeSection({ freeze }: ServiceEntry): string {
  return `## Freeze\n\n${describeFreeze(freeze)}`;
}

/** The handbook stands two folders below the root, and runbooks in `alerts/`. */
function linkTo(runbook: string): string {
  return runbook.startsWith('https://') ? `<${runbook}>` : `[${runbook}](../../alerts/${runbook})`;
}

function describePlace({ file, line }: Place, root: string): string {
  return code(`${relative(root, file).split(sep).join('/')}:${line}`);
}
