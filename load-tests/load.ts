// Whether it keeps its goals at the traffic of a busy hour, on enough requests to prove them.
import { apiTest } from './parts/api-test.ts';
import { busyPerSecond } from './parts/goals.ts';

const run = apiTest('load', ({ seconds = 600, perSecond = busyPerSecond(seconds) }) => [{ perSecond, seconds }]);
export const { options, setup, teardown, handleSummary } = run;
export default run.visit;
