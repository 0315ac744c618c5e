import { describeSeconds, describeShare, tidy } from '../../base/durations.ts';
import type { ObjectiveEntry } from '../catalogue.ts';
import type { MonitoringReader, Point } from '../cloud-monitoring/reader.ts';
import { budgetSpent } from '../maths.ts';
import { type Change, type Freeze, floorOf } from './freeze.ts';
import type { Reason } from './reason.ts';
import { describeBound, describeBudget } from './words.ts';

/** How far back a budget's newest point is looked for, so that an old one can be told from none: the longest window. */
const LOOK_BACK_SECONDS = 86_400;

type Asked = {
  reader: Pick<MonitoringReader, 'budgetFraction' | 'burnRate'>;
  nowMs: number;
  windowSeconds: number;
  freeze: Freeze | undefined;
  change: Change;
};

/** What an SLO's budget says: what is left of it, and what will be after another window that burns like the last one. */
export async function judgeBudget(objective: ObjectiveEntry, asked: Asked): Promise<Reason> {
  const { id, name } = objective;
  const { reader, nowMs, windowSeconds } = asked;
  const window = describeSeconds(windowSeconds);
  const unknown = (sentence: string): Reason => ({ source: 'telemetry', slo: id, verdict: 'not-enough', sentence });

  const left = await reader.budgetFraction(name, LOOK_BACK_SECONDS);
  if (!left) return unknown(`${id} has had no budget in Cloud Monitoring for ${describeSeconds(LOOK_BACK_SECONDS)}`);
  const ageSeconds = (nowMs - left.atMs) / 1000;
  if (ageSeconds > windowSeconds) {
    return unknown(`${id} has a budget that is ${describeSeconds(ageSeconds)} old, which is older than ${window}`);
  }
  // A budget is known for as long as its period has data; only the burn rate shows that telemetry has ended.
  const burn = await reader.burnRate(name, windowSeconds);
  return (
    judgeLeft(objective, left, asked) ??
    (burn
      ? judgeBurn(objective, left, burn, asked)
      : unknown(`${id} has no burn rate over ${window}: nothing was counted`))
  );
}

function judgeLeft(objective: ObjectiveEntry, left: Point, { freeze, change }: Asked): Reason | undefined {
  const floor = floorOf(freeze, change);
  if (left.value >= floor) return undefined;
  const limit = floor === 0 ? 'once it is overspent' : `below ${describeShare(floor)}`;
  const sentence = `${describeLeft(left.value, objective)}, ${subject(change)} stop ${limit}`;
  const figures = { left: left.value, stopsBelow: floor };
  return { source: 'budget', slo: objective.id, verdict: 'stop', sentence, figures };
}

function judgeBurn(objective: ObjectiveEntry, left: Point, burn: Point, asked: Asked): Reason {
  const { windowSeconds, freeze, change } = asked;
  const window = describeSeconds(windowSeconds);
  const floor = floorOf(freeze, change);
  const { seconds: periodSeconds } = objective.period;
  const next = tidy(left.value - budgetSpent({ burn: burn.value, seconds: windowSeconds, periodSeconds }));
  const rate = Number(burn.value.toPrecision(3));
  const now = `${describeLeft(left.value, objective)}, burn rate ${rate} over ${window}`;
  const limit = floor === 0 ? 'overspends it' : `leaves less than ${describeShare(floor)}`;
  const stops = next < floor;
  return {
    ...{ source: 'budget', slo: objective.id, verdict: stops ? 'stop' : 'go' },
    sentence: stops ? `${now}: another ${window} like it ${limit}, and ${subject(change)} stop` : now,
    figures: { left: left.value, burn: burn.value, next },
  };
}

const subject = (change: Change) => (change === 'fix' ? 'fixes' : 'deploys');

function describeLeft(left: number, { id, period }: ObjectiveEntry): string {
  return left < 0
    ? `${id} has spent ${describeBound(1 - left, 'up')} of its ${describeBudget(period)}`
    : `${id} has ${describeBound(left, 'down')} of its ${describeBudget(period)} left`;
}
