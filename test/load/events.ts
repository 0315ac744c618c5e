import { objectives } from '../../load-tests/thresholds.ts';
import { goodShareBounds } from '../../slo/statistics/binomial.ts';
import { SERVICE } from './monitoring.ts';
import type { Tested } from './scene.ts';

/** So many requests a second, for so long, are enough to prove every goal, if the test is not ended early. */
export const busy = { RATE: '100', DURATION: '31s' };

/** The requests that a test has counted for an SLO. */
export function eventsOf(
  { results }: Tested,
  slo: 'availability' | 'latency' = 'availability',
): { good: number; total: number } {
  const { passes = 0, fails = 0 } = results.metrics[objectives[SERVICE][slo].metric]?.values ?? {};
  return { good: passes, total: passes + fails };
}

/** Whether a test proves both goals by the gate's measure, which is stricter than k6's thresholds. */
export function provesGoals(tested: Tested): boolean {
  return (['availability', 'latency'] as const).every(
    slo => goodShareBounds(eventsOf(tested, slo)).lower >= objectives[SERVICE][slo].goal,
  );
}

/** Whether a threshold was crossed, and the test ended before it had sent enough. */
export function endedEarly(tested: Tested): boolean {
  return tested.code === 99 && eventsOf(tested).total < objectives[SERVICE].availability.eventsToProve;
}
