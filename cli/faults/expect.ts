import { tidy } from '../../base/durations.ts';
import { absences } from '../../slo/absences.ts';
import type { Catalogue, ObjectiveEntry } from '../../slo/catalogue.ts';
import type { CauseAlert } from '../../slo/causes.ts';
import { seriesOf } from '../../slo/causes.ts';
import { detectionSeconds, resetSeconds } from '../../slo/maths.ts';
import type { Selection } from '../../slo/metric.ts';
import { selectionsOf } from '../../slo/sli.ts';
import { NATIVE_WINDOW_SECONDS_MAX, type Severity } from '../../slo/tiers.ts';
import { type FlagName, type FlagSpec, flagTable, type Move } from './table.ts';

/** An alert that a flag opens, and when, in seconds; `null` for never. */
export type ExpectedAlert = {
  /** The SLO or cause alert: `records-api/availability`. */
  alert: string;
  /** The tier of the SLO, or `cause`. */
  tier: string;
  severity: Severity;
  /** From the flag being switched on. */
  opensAfterSeconds: number | null;
  /** From the flag being off. */
  closesAfterSeconds: number | null;
  /** What has to be done first, where it does not close by itself. */
  closesOnce?: string;
  /** Whether the times are rough, for what fails is tried again at another rate than it came. */
  isRough: boolean;
  /** Whether the local Cloud Monitoring evaluates it: it holds what needs PromQL, and no more. */
  isEvaluated: boolean;
};

/**
 * The alerts that a flag is meant to open, as the burn-rate maths has it for a steady rate of events and a whole long window of
 * history (slo/maths.ts).
 *
 * @param asGoogle whether data is seen as late as on Google Cloud
 */
export function expectAlerts(
  name: FlagName,
  value: number,
  { services }: Catalogue,
  asGoogle: boolean,
): ExpectedAlert[] {
  const { moves }: FlagSpec = flagTable[name];
  return moves.flatMap(move => {
    const [serviceId, id] = move.of.split('/');
    const service = services.find(known => known.id === serviceId);
    const objective = service?.objectives.find(known => known.id === id);
    if (objective) return delayed(ofObjective(objective, move, value), asGoogle ? selectionsOf(objective.sli) : []);
    const causes = (service ? [...service.causes, ...absences(service)] : []).filter(cause => cause.id === id);
    return causes.flatMap(cause => delayed([ofCause(cause, move, value)], asGoogle ? [seriesOf(cause.when)] : []));
  });
}

/** The same alerts, as much later as the last of the series can be seen. */
function delayed(alerts: readonly ExpectedAlert[], series: readonly Selection[]): ExpectedAlert[] {
  const seconds = Math.max(0, ...series.map(({ metric }) => metric.visibleAfterSeconds));
  const later = (time: number | null) => (time === null ? null : tidy(time + seconds));
  return alerts.map(alert => ({
    ...alert,
    opensAfterSeconds: later(alert.opensAfterSeconds),
    closesAfterSeconds: later(alert.closesAfterSeconds),
  }));
}

function ofObjective(
  objective: ObjectiveEntry,
  { of, badShare, isRetried = false }: Move,
  value: number,
): ExpectedAlert[] {
  const { goal, thresholdSeconds = 0, onePage } = objective;
  const errorRatio = badShare?.(value, thresholdSeconds) ?? 1;
  return objective.tiers.map(tier => ({
    ...{ alert: of, tier: tier.name, severity: tier.severity },
    opensAfterSeconds: detectionSeconds({ errorRatio, goal, ...tier }) ?? null,
    closesAfterSeconds: resetSeconds({ errorRatio, goal, ...tier }) ?? null,
    isRough: isRetried,
    isEvaluated: tier.longSeconds <= NATIVE_WINDOW_SECONDS_MAX && !(onePage && tier.severity === 'page'),
  }));
}

function ofCause(cause: CauseAlert, { of, badShare, closesOnce }: Move, value: number): ExpectedAlert {
  const { when } = cause;
  const share = badShare?.(value, when.test === 'percentile' ? when.valueSeconds : 0) ?? 1;
  const times = timesOf(when, share);
  return {
    ...{ alert: of, tier: 'cause', severity: cause.severity },
    opensAfterSeconds: times?.opens ?? null,
    closesAfterSeconds: closesOnce === undefined ? (times?.closes ?? null) : null,
    ...(closesOnce !== undefined && { closesOnce }),
    isRough: false,
    isEvaluated: when.test !== 'drop',
  };
}

/** What a cause alert is aligned by (alerts/causes.ts). */
const ALIGNMENT_SECONDS = 60;

/** While a share of the events is bad; nothing where that is too few of them. */
function timesOf(when: CauseAlert['when'], share: number): { opens: number; closes: number } | undefined {
  switch (when.test) {
    case 'count':
      return { opens: 0, closes: when.inSeconds };
    case 'above':
      // An age grows by a second each second; what counts things jumps.
      return { opens: (when.gauge.metric.unit === 's' ? when.value : 0) + when.forSeconds, closes: ALIGNMENT_SECONDS };
    case 'percentile': {
      const allowed = 1 - when.percentile / 100;
      if (share <= allowed) return undefined;
      const reached = (allowed / share) * ALIGNMENT_SECONDS;
      return { opens: tidy(reached + when.forSeconds), closes: tidy(ALIGNMENT_SECONDS - reached) };
    }
    case 'absent':
      return { opens: when.forSeconds, closes: 0 };
    case 'drop':
      return undefined;
  }
}
