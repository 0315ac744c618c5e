// Whether it stays as it is for hours: what leaks or fills up shows as a difference between the quarters.
import { apiTest } from './parts/api-test.ts';
import { busyPerSecond } from './parts/goals.ts';
import { stairs } from './parts/shapes.ts';

const run = apiTest('soak', ({ seconds = 7200, steps = 4, perSecond = busyPerSecond(600) }) =>
  stairs({ perSecond, seconds, steps }),
);
export const { options, setup, teardown, handleSummary } = run;
export default run.visit;
