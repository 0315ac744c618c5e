import { describeSeconds } from '../../base/durations.ts';
import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import { eventsMin } from '../maths.ts';
import { type Lint, ofService, ofTier, type Subjects } from './rule.ts';

/** Whether one failure alone calls somebody. */
export const trafficLints = {
  'traffic-too-low': {
    severity: 'error',
    explanation:
      'One failure alone fires a tier whose long window holds fewer than 1 / (threshold × budget) events. The events of an SLI of windows are its windows.',
    remedy:
      'Ask for more than one bad event, burnRateAlerts({ badEventsAbove: 1 }); or take a lower goal, longer tiers or shorter windows.',
    example:
      'At 99.9 % over 28 days the tiers need 75 events in 1 h, 179 in 6 h, 358 in 1 d and 1,000 in 3 d. With 10 an hour one failure is 10 %, a burn of 100, and 13.89 % of a 30-day budget.',
    rules: ofTier(subject => {
      const { tier, objective } = subject;
      const held = isTouchy(objective) ? eventsHeld(subject) : undefined;
      if (held === undefined) return undefined;
      const needed = eventsMin({ threshold: tier.threshold, goal: objective.goal });
      if (held.count >= needed) return undefined;
      return `fires for one failure alone: its ${describeSeconds(tier.longSeconds)} hold ${held.count} ${held.what}, and it takes ${needed}`;
    }),
  },
  'traffic-unsaid': {
    severity: 'warning',
    explanation:
      'Whether one failure alone fires a tier depends on how many events the quietest hour has, and the spec does not say.',
    remedy:
      'Say traffic: { quietestHour: … } with a number from a usual week; or ask for more than one bad event, burnRateAlerts({ badEventsAbove: 1 }).',
    example:
      'traffic: { quietestHour: 400 }: enough for 99.9 % over 28 days, whose fastest tier needs 75 events an hour.',
    rules: ofService(({ service: { traffic, objectives } }) => {
      const isTold = traffic !== undefined || !objectives.some(isJudgedByTraffic);
      return isTold ? undefined : 'it does not say how many events its quietest hour has';
    }),
  },
} as const satisfies Readonly<Record<string, Lint>>;

/** The events that a tier's long window holds at the quietest hour, or its windows; `undefined` where the spec does not say. */
export function eventsHeld({ tier: { longSeconds }, objective: { sli }, service: { traffic } }: Subjects['tier']) {
  const perHour = sli.form === 'windows' ? 3600 / sli.windowSeconds : traffic?.quietestHour;
  if (perHour === undefined) return undefined;
  const what = sli.form === 'windows' ? 'windows' : 'events at the pace of the quietest hour';
  return { perHour, count: Math.floor((perHour * longSeconds) / 3600), what };
}

const isTouchy = ({ badEventsAbove = 0 }: ObjectiveEntry) => badEventsAbove < 1;

function isJudgedByTraffic(objective: ServiceEntry['objectives'][number]): boolean {
  return objective.sli.form !== 'windows' && objective.tiers.length > 0 && isTouchy(objective);
}
