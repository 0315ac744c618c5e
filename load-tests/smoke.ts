// Whether it works at all: every kind of request, once around, at the traffic of a quiet hour.
import { apiTest } from './parts/api-test.ts';
import { API, quietPerSecond } from './parts/goals.ts';
import { requestsPerRound } from './parts/mix.ts';

const run = apiTest('smoke', ({ seconds = 20, perSecond }) => [
  { seconds, perSecond: perSecond ?? Math.max(quietPerSecond(API), requestsPerRound / seconds) },
]);
export const { options, setup, teardown, handleSummary } = run;
export default run.visit;
