import exec from 'k6/execution';
import { Counter, Gauge, Rate } from 'k6/metrics';
import { apiGoals } from './goals.ts';
import { counts, type RequestKind, requestKinds } from './mix.ts';
import { type Answer, isAnswered, send } from './send.ts';
import type { Settings } from './settings.ts';
import { type Step, stepAt } from './shapes.ts';
import { packSlow, slowestMetric } from './slowest.ts';

/** More than the requests of any iteration. */
const REQUESTS_MAX = 8;

const goals = apiGoals.map(goal => ({ goal, good: new Rate(goal.metric), bad: new Counter(`${goal.metric}_bad`) }));
const slowest = new Map(Object.keys(requestKinds).map(kind => [kind, new Gauge(slowestMetric(kind))] as const));

/** Sends a request of one kind. */
export type Ask = (kind: RequestKind, path: string, options?: AskOptions) => Answer;
type AskOptions = { body?: unknown; headers?: Readonly<Record<string, string>> };

/** For one iteration: sends its requests, and counts each for the goals that it counts for. */
export function createAsk(settings: Settings, { run, steps }: { run: string; steps: readonly Step[] }): Ask {
  const { iterationInTest, startTime } = exec.scenario;
  const step = String(stepAt(steps, Date.now() - startTime));
  let sent = 0;
  return function ask(kind, path, options = {}) {
    const number = iterationInTest * REQUESTS_MAX + sent;
    sent += 1;
    const { method, route } = requestKinds[kind];
    const tags = { name: kind, route, step };
    const answer = send(settings, { method, url: settings.baseUrl + path, ...options, tags, run, number });
    for (const { goal, good, bad } of goals.filter(({ goal }) => counts(goal, kind))) {
      const isGood = isAnswered(answer) && isFast(answer, goal.thresholdMs);
      good.add(isGood, { step });
      bad.add(isGood ? 0 : 1, { step });
    }
    slowest.get(kind)?.add(packSlow(answer.timings.duration, number));
    return answer;
  };
}

function isFast({ timings }: Answer, thresholdMs: number | undefined): boolean {
  return thresholdMs === undefined || timings.duration < thresholdMs;
}
