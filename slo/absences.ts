import type { ObjectiveEntry, ServiceEntry } from './catalogue.ts';
import type { CauseAlert } from './causes.ts';
import type { Selection } from './metric.ts';
import type { Sli } from './sli.ts';

/** One for each series that some SLO counts all its events by: without it, the SLO says nothing. */
export function absences(service: ServiceEntry): readonly CauseAlert[] {
  const known = absencesOf.get(service);
  if (known) return known;
  const found = new Map<string, CauseAlert>();
  for (const objective of service.objectives) {
    const series = countedBy(objective.sli);
    const { absentAfterSeconds: forSeconds } = objective;
    if (series === undefined || forSeconds === 0) continue;
    const key = JSON.stringify(series);
    if (!found.has(key)) found.set(key, absence(objective, series, forSeconds));
  }
  const all = [...found.values()];
  absencesOf.set(service, all);
  return all;
}

const absencesOf = new WeakMap<ServiceEntry, readonly CauseAlert[]>();

function absence({ id, title, definedAt }: ObjectiveEntry, series: Selection, forSeconds: number): CauseAlert {
  return {
    id: `${id}-no-data`,
    title: `No data for ${title}`,
    severity: 'ticket',
    why: 'What is not measured cannot be promised: either nobody calls the service, or its telemetry is lost.',
    when: { test: 'absent', series, forSeconds },
    definedAt,
  };
}

/** The series that all events of an SLI are in; none where Cloud Monitoring keeps it to itself. */
function countedBy(sli: Sli): Selection | undefined {
  switch (sli.form) {
    case 'ratio':
      return sli.total ?? sli.good;
    case 'cut':
      return sli.distribution;
    case 'basic':
      return undefined;
    case 'windows':
      if (sli.good.test === 'performance') return countedBy(sli.good.sli);
      return sli.good.test === 'good-bad-metric' ? sli.good.metric : sli.good.gauge;
  }
}
