import { describeSeconds, describeShare, tidy } from '../../base/durations.ts';
import { budgetSeconds } from '../../slo/maths.ts';
import type { Changes, ObjectiveChange, ObjectiveFacts, Plan } from './compare.ts';
import { isEmpty } from './compare.ts';
import type { DashboardChange } from './dashboards.ts';
import type { Loss } from './losses.ts';

/** How a plan is laid out: plain text for a terminal, or Markdown for a pull request. */
export type Layout = 'text' | 'markdown';

/** A plan for people, the losses first. */
export function describePlan(plan: Plan, layout: Layout, against: string): string {
  const heading = layout === 'markdown' ? '### Burnline plan' : 'Burnline plan';
  if (isEmpty(plan)) return `${heading}\n\nNothing changes against ${against}.`;
  const sections = [
    ...lossSections(plan, layout),
    section('Services', describeChanges(plan.services), layout),
    section('SLOs', plan.objectives.flatMap(describeObjective), layout),
    section('Alerts', describeChanges(plan.alerts), layout),
    section('Notification channels', describeChanges(plan.channels), layout),
    section('Uptime checks', describeChanges(plan.uptimeChecks), layout),
    section('Dashboards', plan.dashboards.map(describeDashboard), layout),
    describeReferences(plan),
  ];
  return [heading, `Against ${against}.`, ...sections.filter(text => text !== '')].join('\n\n');
}

function section(title: string, lines: readonly string[], layout: Layout): string {
  if (lines.length === 0) return '';
  const head = layout === 'markdown' ? `**${title}**\n` : title;
  return [head, ...lines.map(line => (layout === 'markdown' ? toItem(line) : `  ${line}`))].join('\n');
}

/** At the start of a line `+` and `-` would begin a list of their own: in code they stay signs. What is indented belongs to the item above. */
function toItem(line: string): string {
  const [, indent = '', sign, text] = /^( *)(?:([-+~]) )?(.*)$/.exec(line) ?? [];
  return `${indent}- ${sign === undefined ? '' : `\`${sign}\` `}${text}`;
}

const LOSSES: Readonly<Record<Loss['cause'], { title: string; advice: string }>> = {
  id: {
    title: 'DESTROYED, WITH ITS HISTORY',
    advice:
      'The next terraform apply destroys it: prevent_destroy has gone with its block. Keep the id; or leave each at Google, no longer managed: by a removed block beside the generated files (its address in from, and lifecycle { destroy = false }), or by terraform state rm.',
  },
  type: {
    title: 'DESTROYED, WITH ITS HISTORY',
    advice:
      'With this runsOn the service is another type of resource. The next terraform apply destroys the old one, for prevent_destroy has gone with its block, and Google deletes its SLOs with it; the apply after that makes them anew, with an empty history. Keep runsOn, or write a service with another id beside this one.',
  },
  binding: {
    title: 'MADE ANEW, WITHOUT ITS HISTORY',
    advice:
      'What a service is bound to cannot change. Terraform refuses the whole apply while prevent_destroy stands in its block. Without (--destroyable) it destroys the service and makes it anew, and Google deletes its SLOs with the old one. Keep runsOn, or write a service with another id beside this one.',
  },
};

/** A section for each cause, for each has another way out. */
function lossSections({ losses }: Plan, layout: Layout): string[] {
  return [...Map.groupBy(losses, ({ cause }) => cause)].map(([cause, lost]) => {
    const lines = lost.map(({ kind, name, address }) => `${kind === 'slo' ? 'SLO' : 'service'} ${name} (${address})`);
    const { title, advice } = LOSSES[cause];
    if (layout === 'text') return section(title, [...lines, advice], layout);
    return ['> [!CAUTION]', `> **${title}**: ${lines.join(', ')}.`, `> ${advice}`].join('\n');
  });
}

function describeObjective({ slo, title, before, after }: ObjectiveChange): string[] {
  if (!before && after) return [`+ ${slo} (${title}): ${promise(after)}, ${minutes(after.budgetMinutes)} of budget`];
  if (before && !after) return [`- ${slo} (${title}): ${promise(before)} is no longer promised`];
  if (!before || !after) return [];
  const [was, is] = [promise(before), promise(after)];
  const what = was === is ? `${is}, what counts as good or its text has changed` : `${was} → ${is}`;
  return [`~ ${slo} (${title}): ${what}: ${describeBudget(before, after)}`, ...describeDetection(before, after)];
}

/** Minutes of one period do not compare with those of another: where it changes, the difference is that of 28 days. */
function describeBudget(before: ObjectiveFacts, after: ObjectiveFacts): string {
  if (before.period === after.period) {
    return `${gained(after.budgetMinutes - before.budgetMinutes)} (${minutes(after.budgetMinutes)})`;
  }
  const in28Days = ({ goal }: ObjectiveFacts) => budgetSeconds({ goal, periodSeconds: 28 * 86_400 }) / 60;
  const each = [before, after].map(({ budgetMinutes, period }) => `${minutes(budgetMinutes)} over ${period}`);
  return `${gained(in28Days(after) - in28Days(before))} in 28 d (${each.join(' → ')})`;
}

function gained(difference: number): string {
  const change = tidy(difference);
  return change === 0 ? 'the same budget' : `${change > 0 ? '+' : '−'}${minutes(Math.abs(change))} of budget`;
}

function promise({ goal, period, thresholdSeconds }: ObjectiveFacts): string {
  const under = thresholdSeconds === undefined ? '' : ` under ${describeSeconds(thresholdSeconds)}`;
  return `${describeShare(goal)}${under} over ${period}`;
}

const minutes = (value: number) => `${Number(value.toPrecision(4))} min`;
const noticed = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? 'never' : describeSeconds(seconds);

function describeDetection(before: ObjectiveFacts, after: ObjectiveFacts): string[] {
  const tiers = [...new Set([...Object.keys(before.detection), ...Object.keys(after.detection)])];
  return tiers.flatMap(tier => {
    const [was, is] = [before.detection[tier], after.detection[tier]];
    const parts = [
      ['a total outage', was?.outageSeconds, is?.outageSeconds],
      ['5 % errors', was?.fivePercentSeconds, is?.fivePercentSeconds],
    ] as const;
    const changed = parts.filter(([, old, now]) => noticed(old) !== noticed(now));
    if (changed.length === 0) return [];
    return `  ${tier}: ${changed.map(([what, old, now]) => `${what} noticed after ${noticed(old)} → ${noticed(now)}`).join(', ')}`;
  });
}

function describeChanges({ added, removed, changed }: Changes): string[] {
  return [...added.map(id => `+ ${id}`), ...removed.map(id => `- ${id}`), ...changed.map(id => `~ ${id}`)];
}

function describeDashboard({ dashboard, added, removed, changed }: DashboardChange): string {
  const parts = [
    ...added.map(title => `+ ${title}`),
    ...removed.map(title => `- ${title}`),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return `${dashboard}: ${parts.join(', ') || 'its title or layout has changed'}`;
}

function describeReferences({ metricReferences: { before, after } }: Plan): string {
  const change = after - before;
  return `Metric references in alerts, an estimate: ${after}${change === 0 ? '' : ` (${change > 0 ? '+' : '−'}${Math.abs(change)})`}.`;
}
