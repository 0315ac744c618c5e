import { toDuration } from '../../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../../slo/catalogue.ts';
import type { PromQlContext } from '../../slo/promql/series.ts';

/** An SLO whose rules are written. */
export type Slo = { service: ServiceEntry; objective: ObjectiveEntry; context: PromQlContext };

export type RecordingRule = { record: string; expr: string; labels: Record<string, string> };
export type AlertingRule = {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
export type RuleGroup = { name: string; rules: readonly (RecordingRule | AlertingRule)[] };

/** What every recorded series of an SLO carries: Sloth's labels, so that dashboards made for Sloth show it. */
export function labelsOf({ service, objective }: Slo): Record<string, string> {
  return { sloth_id: `${service.id}-${objective.id}`, sloth_service: service.id, sloth_slo: objective.id };
}

/** The recorded series of one SLO: `slo:sli_error:ratio_rate5m{sloth_service="records-api", sloth_slo="latency"}`. */
export function recorded(record: string, { service, objective }: Slo): string {
  return `${record}{sloth_service=${JSON.stringify(service.id)}, sloth_slo=${JSON.stringify(objective.id)}}`;
}

/** The name of the recorded error ratio over a window. */
export function errorRatioName(seconds: number): string {
  return `slo:sli_error:ratio_rate${toDuration(seconds)}`;
}
