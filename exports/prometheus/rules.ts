import { absences } from '../../slo/absences.ts';
import type { Catalogue, ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import { describePeriod } from '../../slo/period.ts';
import type { PromQlContext } from '../../slo/promql/series.ts';
import { selectionsOf } from '../../slo/sli.ts';
import { GENERATED, type GeneratedFile } from '../file.ts';
import { toYaml } from '../yaml.ts';
import { burnAlertsOf } from './burn.ts';
import { causeAlert } from './causes.ts';
import { errorRatiosOf, metadataOf } from './recordings.ts';
import type { RuleGroup, Slo } from './slo.ts';

/** Recording and alerting rules for Prometheus, one file for each service. */
export function* toPrometheusRules({ services, target }: Catalogue): Generator<GeneratedFile> {
  for (const service of services) {
    yield { path: `${service.id}.yaml`, text: toText(service, { dialect: 'prometheus', target }) };
  }
}

function toText(service: ServiceEntry, context: PromQlContext): string {
  const groups = service.objectives.map(objective => groupsOf({ service, objective, context }));
  const notes = service.objectives.flatMap((objective, index) => notesOn(objective, groups[index]?.length === 0));
  const causes = [...service.causes, ...absences(service)].map(cause => causeAlert(service, cause, context));
  const lines = [GENERATED, ...new Set(notes)].map(line => `# ${line}\n`);
  const causeGroup = causes.length > 0 ? [{ name: `causes-${service.id}`, rules: causes }] : [];
  return lines.join('') + toYaml({ groups: [...groups.flat(), ...causeGroup] });
}

/** None where there is nothing to measure by. A group is evaluated in its order: alerts see the ratios of their own moment. */
function groupsOf(slo: Slo): RuleGroup[] {
  const errorRatios = errorRatiosOf(slo);
  if (errorRatios.length === 0) return [];
  const id = `${slo.service.id}-${slo.objective.id}`;
  return [
    { name: `slo-${id}`, rules: [...errorRatios, ...burnAlertsOf(slo)] },
    { name: `slo-meta-${id}`, rules: metadataOf(slo) },
  ];
}

/** Where the rules say other than Cloud Monitoring, or need something that is not said elsewhere. */
function notesOn({ id, period, sli }: ObjectiveEntry, isLeftOut: boolean): string[] {
  if (isLeftOut) return [`${id} is left out: its SLI is Cloud Monitoring's own, whose series are not told.`];
  const days = period.seconds / 86_400;
  const isGoogles = selectionsOf(sli).some(({ metric }) => metric.otelName === undefined);
  return [
    ...(period.rolling ? [] : [`${id} counts over the last ${days} d, not over the ${describePeriod(period)}.`]),
    ...(isGoogles ? ["Google's own metrics are stackdriver_exporter's, with --monitoring.aggregate-deltas."] : []),
  ];
}
