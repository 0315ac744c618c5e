// Whether it survives a rush, tenfold from one moment to the next, and is itself again afterwards.
import { apiTest } from './parts/api-test.ts';
import { busyPerSecond } from './parts/goals.ts';

const SPIKE_TIMES = 10;

const run = apiTest('spike', ({ seconds = 180, perSecond = busyPerSecond(600) }) => [
  { perSecond, seconds: seconds / 3 },
  { perSecond: perSecond * SPIKE_TIMES, seconds: seconds / 3 },
  { perSecond, seconds: seconds / 3 },
]);
export const { options, setup, teardown, handleSummary } = run;
export default run.visit;
