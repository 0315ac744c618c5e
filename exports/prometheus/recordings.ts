import { tidy, toDuration } from '../../base/durations.ts';
import { errorBudget } from '../../slo/maths.ts';
import { errorRatioOf } from '../../slo/promql/sli.ts';
import type { Sli } from '../../slo/sli.ts';
import { errorRatioName, labelsOf, type RecordingRule, recorded, type Slo } from './slo.ts';

/**
 * The error ratio over every window that the tiers look at, from the raw series; over the period it is the mean of the shortest, as in
 * Sloth: a month of raw series is too much to read for each evaluation. None where the SLI is Cloud Monitoring's own.
 */
export function errorRatiosOf(slo: Slo): RecordingRule[] {
  const { sli, tiers, period } = slo.objective;
  const base = currentSeconds(sli);
  const windows = new Set([base, ...tiers.flatMap(({ shortSeconds, longSeconds }) => [shortSeconds, longSeconds])]);
  const over = errorRatioOf(sli, slo.context);
  if (over === undefined) return [];
  const rules = [...windows].sort((a, b) => a - b).map(seconds => errorRatio(slo, seconds, over(seconds)));
  if (windows.has(period.seconds)) return rules;
  const mean = `avg_over_time(${recorded(errorRatioName(base), slo)}[${toDuration(period.seconds)}])`;
  return [...rules, errorRatio(slo, period.seconds, mean)];
}

function errorRatio(slo: Slo, seconds: number, expr: string): RecordingRule {
  const labels = { ...labelsOf(slo), sloth_window: toDuration(seconds) };
  return { record: errorRatioName(seconds), expr, labels };
}

/** What says how it is now: 5 min, or one window of an SLI that counts longer ones. */
function currentSeconds(sli: Sli): number {
  return Math.max(300, sli.form === 'windows' ? sli.windowSeconds : 0);
}

/** What an SLO promises, how fast it spends its budget, and how much is left: the other series that Sloth records. */
export function metadataOf(slo: Slo): RecordingRule[] {
  const { goal, sli, period } = slo.objective;
  const budget = errorBudget(goal);
  const record = (name: string, expr: string, more: Record<string, string> = {}) => ({
    record: name,
    expr,
    labels: { ...labelsOf(slo), ...more },
  });
  return [
    record('slo:objective:ratio', `vector(${goal})`),
    record('slo:error_budget:ratio', `vector(${budget})`),
    record('slo:time_period:days', `vector(${tidy(period.seconds / 86_400)})`),
    record('slo:current_burn_rate:ratio', `${recorded(errorRatioName(currentSeconds(sli)), slo)} / ${budget}`),
    record('slo:period_burn_rate:ratio', `${recorded(errorRatioName(period.seconds), slo)} / ${budget}`),
    record('slo:period_error_budget_remaining:ratio', `1 - ${recorded('slo:period_burn_rate:ratio', slo)}`),
    record('sloth_slo_info', 'vector(1)', {
      owner: slo.service.owner,
      sloth_objective: String(tidy(goal * 100)),
      sloth_mode: 'burnline',
    }),
  ];
}
