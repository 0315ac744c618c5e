import { describeSeconds, describeShare } from '../../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import { seriesAvailability } from '../maths.ts';
import type { LintCode } from './table.ts';

const GOAL_MAX = 0.9999;
const DAY_SECONDS = 86_400;
const PERIOD_DAYS_MAX = 30;
const WHY_CHARS_MAX = 4000;
const SLO_ID = /^[\w:.-]{1,63}$/;

/** What is wrong with what an objective promises: code and sentence. */
export function lintPromise(service: ServiceEntry, objective: ObjectiveEntry): [LintCode, string][] {
  const { goal, period, why, id, tiers } = objective;
  const found: [LintCode, string][] = [];
  if (!(goal > 0 && goal <= GOAL_MAX))
    found.push(['goal-not-possible', `the goal is ${goal}, and must be above 0 and at most ${GOAL_MAX}`]);
  const days = period.seconds / DAY_SECONDS;
  if (period.rolling && !(Number.isInteger(days) && days >= 1 && days <= PERIOD_DAYS_MAX)) {
    found.push([
      'period-not-possible',
      `the period is ${describeSeconds(period.seconds)}, and must be 1 to ${PERIOD_DAYS_MAX} whole days`,
    ]);
  }
  if (why.trim() === '') found.push(['no-reason', 'gives no reason']);
  if (why.length > WHY_CHARS_MAX)
    found.push([
      'text-too-long',
      `the reason has ${why.length} characters, and at most ${WHY_CHARS_MAX} fit beside the rest`,
    ]);
  if (!SLO_ID.test(id)) found.push(['id-not-possible', `the id is ${JSON.stringify(id)}`]);
  const below = tiers.find(({ name }) => name === 'below');
  if (below && !(below.threshold > 1))
    found.push(['share-not-possible', `alertBelow does not lie below the goal, ${describeShare(goal)}`]);
  return [...found, ...lintDependencies(service, objective)];
}

function lintDependencies({ dependsOn }: ServiceEntry, { goal, kind }: ObjectiveEntry): [LintCode, string][] {
  const waitedFor = dependsOn.filter(({ synchronous }) => synchronous);
  if (kind !== 'availability' || waitedFor.length === 0) return [];
  const most = seriesAvailability(waitedFor.map(({ promises }) => promises));
  if (goal <= most) return [];
  const product = waitedFor.map(({ service, promises }) => `${service} ${describeShare(promises)}`).join(' × ');
  return [['goal-above-dependencies', `the goal is ${describeShare(goal)}, and ${product} is ${describeShare(most)}`]];
}
