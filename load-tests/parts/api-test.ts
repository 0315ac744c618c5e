import { check } from 'k6';
import exec from 'k6/execution';
import { createAsk } from './ask.ts';
import { type Plan, testOptions } from './budget.ts';
import { API, apiGoals } from './goals.ts';
import { plannedEvents, requestKinds, requestsPerVisit, visitOf } from './mix.ts';
import type { K6Data } from './report.ts';
import { eraseAll, idsOf, type Seeded, seedRecords } from './seeded.ts';
import { readSettings, type Settings } from './settings.ts';
import type { Step } from './shapes.ts';
import { writeSummary } from './summary.ts';
import { visitors } from './visit.ts';

const kinds = Object.entries(requestKinds).map(
  ([kind, { method, route, title }]) => [kind, `${method} ${route}, ${title}`] as const,
);

/**
 * A test of the records API: seeds records, sends requests at the rates of the steps, checks each answer, erases what it wrote.
 *
 * @example
 * const run = apiTest('smoke', ({ perSecond = 1, seconds = 20 }) => [{ perSecond, seconds }]);
 * export const { options, setup, teardown, handleSummary } = run;
 * export default run.visit;
 */
export function apiTest(test: string, toSteps: (settings: Settings) => Step[]) {
  const settings = readSettings(__ENV);
  const steps = toSteps(settings);
  const ids = idsOf(test, settings.seed);
  const goals = apiGoals.map(goal => ({ goal, events: plannedEvents(goal, steps) }));
  const iteration = { eventsEach: requestsPerVisit, secondsMax: 1 };
  const plan: Plan = { test, service: API, steps, goals, trend: 'http_req_duration', ...iteration };
  return {
    options: testOptions(plan),
    setup: () => seedRecords(settings, ids.records),
    visit(seeded: Seeded): void {
      const number = exec.scenario.iterationInTest;
      const ask = createAsk(settings, { run: seeded.run, steps });
      try {
        visitors[visitOf(number)]({ ask, number, seed: settings.seed, seeded, ids });
      } catch (error) {
        // k6 would note it in its log, and the test would pass.
        check(error, { 'the script does not fail': () => false });
        throw error;
      }
    },
    teardown: (seeded: Seeded) => eraseAll(settings, [...ids.records, ...ids.writers], seeded),
    handleSummary: (data: K6Data) => writeSummary(data, { plan, kinds, settings }),
  };
}
