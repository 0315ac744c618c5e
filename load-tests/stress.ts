// Where it breaks: the rate doubles from step to step, until a step misses a goal. Then k6 ends with 99, and says where that was.
import { apiTest } from './parts/api-test.ts';
import { busyPerSecond } from './parts/goals.ts';
import { stairs } from './parts/shapes.ts';

const run = apiTest('stress', ({ seconds = 300, steps = 10, perSecond = busyPerSecond(600) }) =>
  stairs({ perSecond, seconds, steps, times: 2 }),
);
export const { options, setup, teardown, handleSummary } = run;
export default run.visit;
