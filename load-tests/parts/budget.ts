import type { Options, Threshold } from 'k6/options';
import type { Goal } from './goals.ts';
import { type Iteration, type Step, toScenario } from './shapes.ts';

/** What a test is planned to send, and to which goals how many events of each step count. */
export type Plan = Iteration & {
  test: string;
  service: string;
  steps: readonly Step[];
  goals: readonly { goal: Goal; events: readonly number[] }[];
  /** The k6 Trend that is told of each step. */
  trend: string;
};

/** Of the planned iterations, so many may not start: a test that did not send its load proves nothing. */
const DROPPED_SHARE = 0.01;

/** How many of the planned events may be bad: more, and the goal is missed whatever comes after. */
export function badAllowed({ goal }: Goal, plannedEvents: number): number {
  // The small addend: 3,000 events at 99.9 % allow 3, though 3000 * (1 - 0.999) is a little less.
  return Math.floor(plannedEvents * (1 - goal) + 1e-9);
}

/** The options of a test. It ends where the budget of a step is gone, or too much of its load could not be sent. */
export function testOptions(plan: Plan): Options {
  const { test, steps, goals, trend, eventsEach } = plan;
  const iterations = steps.reduce((sum, { perSecond, seconds }) => sum + (perSecond * seconds) / eventsEach, 0);
  const thresholds: Record<string, Threshold[]> = {
    checks: ['rate>=1'],
    dropped_iterations: [ending(`count<=${Math.floor(iterations * DROPPED_SHARE)}`)],
  };
  for (const { goal, events } of goals) {
    const kept = `rate>=${goal.goal}`;
    thresholds[goal.metric] = [kept];
    for (const [step, planned] of events.entries()) {
      thresholds[`${goal.metric}{step:${step}}`] = [kept];
      thresholds[`${goal.metric}_bad{step:${step}}`] = [ending(`count<=${badAllowed(goal, planned)}`)];
      // k6 tells of a step by itself only where there is a threshold.
      if (goal.thresholdMs !== undefined) thresholds[`${trend}{step:${step}}`] = [withinThreshold(goal)];
    }
  }
  return {
    scenarios: { [test]: toScenario(steps, plan) },
    thresholds,
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    setupTimeout: '10m',
    teardownTimeout: '1h',
    userAgent: `burnline-load-test/${test}`,
  };
}

function ending(threshold: string): Threshold {
  return { threshold, abortOnFail: true };
}

/** 0.999 * 100 is a little less than 99.9. */
function withinThreshold({ goal, thresholdMs }: Goal): string {
  return `p(${Number((goal * 100).toPrecision(12))})<${thresholdMs}`;
}
