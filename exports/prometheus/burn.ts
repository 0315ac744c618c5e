import { describeSeconds, describeShare } from '../../base/durations.ts';
import type { ObjectiveEntry } from '../../slo/catalogue.ts';
import { errorBudget, exhaustionSeconds, firingRatio } from '../../slo/maths.ts';
import { describePeriod } from '../../slo/period.ts';
import { badEventsOver } from '../../slo/promql/sli.ts';
import { alertGroupName, alertGroups, type Tier } from '../../slo/tiers.ts';
import { alertName, annotationsOf } from './annotations.ts';
import { type AlertingRule, errorRatioName, recorded, type Slo } from './slo.ts';

/** The alerts on an SLO's budget: one for each tier, or one for both page tiers. */
export function burnAlertsOf(slo: Slo): AlertingRule[] {
  return alertGroups(slo.objective).map(tiers => burnAlert(slo, tiers));
}

function burnAlert(slo: Slo, tiers: readonly [Tier, ...Tier[]]): AlertingRule {
  const { service, objective } = slo;
  const [{ severity }] = tiers;
  const lost = tiers.map(({ share, longSeconds }) => `${describeShare(share)} in ${describeSeconds(longSeconds)}`);
  return {
    alert: alertName(service.id, objective.id, 'ErrorBudgetBurn'),
    expr: anyOf(tiers.map(tier => firing(slo, tier))),
    labels: { severity, service: service.id, slo: objective.id, tier: alertGroupName(tiers) },
    annotations: annotationsOf(service, {
      summary: `${service.title}: ${objective.title} loses ${lost.join(' or ')} of its error budget`,
      lines: [...tiers.map(tier => describe(tier, objective)), `Why: ${objective.why}`],
      runbook: objective.runbook,
    }),
  };
}

/** Both windows above the threshold, and enough bad events where an SLO asks for that. */
function firing(slo: Slo, { threshold, longSeconds, shortSeconds }: Tier): string {
  const { goal, sli, badEventsAbove } = slo.objective;
  const [long, short] = [longSeconds, shortSeconds].map(
    seconds => `(${recorded(errorRatioName(seconds), slo)} > (${threshold} * ${errorBudget(goal)}))`,
  );
  const both = `${long}\nand ignoring (sloth_window)\n${short}`;
  if (badEventsAbove === undefined) return both;
  return `${both}\nand on ()\n(${badEventsOver(sli, longSeconds, slo.context)} > ${badEventsAbove})`;
}

/** Without the window, by which an alert that goes over from one tier to the next would be another alert. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 1) return conditions.join();
  const either = conditions.map(condition => `(\n${condition}\n)`).join('\nor ignoring (sloth_window)\n');
  return `max without (sloth_window) (\n${either}\n)`;
}

function describe({ threshold, longSeconds, shortSeconds }: Tier, { goal, period }: ObjectiveEntry): string {
  const ratio = describeShare(firingRatio({ threshold, goal }));
  const left = describeSeconds(exhaustionSeconds({ burn: threshold, periodSeconds: period.seconds }));
  const windows = `${describeSeconds(longSeconds)} and over the last ${describeSeconds(shortSeconds)}`;
  return `More than ${ratio} of the events were bad over ${windows}: a burn rate above ${threshold}, at which the budget of ${describePeriod(period)} is gone in ${left}.`;
}
