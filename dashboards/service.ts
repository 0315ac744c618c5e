import { describeShare } from '../base/durations.ts';
import type { ServiceEntry } from '../slo/catalogue.ts';
import type { Target } from '../slo/metric.ts';
import { describePeriod } from '../slo/period.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import { containerCharts, logFilter } from './cloud-run.ts';
import { dashboard } from './dashboard.ts';
import { incidents, type NamedPolicy } from './incidents.ts';
import { objectiveWidgets } from './objectives.ts';
import { type Signal, signalCharts } from './signals.ts';
import { logsPanel, text } from './widgets.ts';

/** With five SLOs of four widgets each and all the rest a dashboard stays below 40. */
const SIGNAL_CHARTS_MAX = 9;

/** A service: what is promised and why, how much of it is left, and where to look when it goes. */
export function serviceDashboard(
  service: ServiceEntry,
  { signals, policies }: { signals: readonly Signal[]; policies: readonly NamedPolicy[] },
  target: Target,
): Dashboard {
  const logs = { filter: logFilter(service.series, target), resourceNames: [`projects/${target.project}`] };
  const sections = [
    { widgets: [{ widget: text('About', aboutText(service)), size: 'full' as const }] },
    {
      heading: 'Objectives',
      widgets: objectiveWidgets(service.objectives.map(objective => ({ service, objective }))),
    },
    { heading: 'Golden signals', widgets: signalCharts(signals, SIGNAL_CHARTS_MAX) },
    { heading: 'Containers', widgets: containerCharts(service.series, target) },
    {
      heading: 'Incidents and logs',
      widgets: [
        ...incidents(policies, 'half'),
        { widget: logsPanel('Warnings and errors', logs), size: 'half' as const },
      ],
    },
  ];
  return dashboard(service.id, service.title, sections, target);
}

function aboutText({ owner, runsOn, objectives, runbook }: ServiceEntry): string {
  const facts = [`**Owner**: ${owner}`, runsOn && `**Runs on**: ${runsOn}`, runbook && `**Runbook**: ${at(runbook)}`];
  const promises = objectives.map(({ title, goal, period, why, runbook: own }) => {
    const steps = own === undefined || own === runbook ? '' : ` Runbook: ${at(own)}.`;
    return `- **${title}**, ${describeShare(goal)} over ${describePeriod(period)}. ${why}${steps}`;
  });
  return [facts.filter(fact => fact).join(' · '), promises.join('\n')].join('\n\n').trimEnd();
}

const at = (runbook: string) => (runbook.startsWith('https://') ? runbook : `\`alerts/${runbook}\``);
