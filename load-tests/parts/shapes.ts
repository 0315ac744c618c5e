const VUS_MAX = 1000;
const VUS_SPARE = 4;

/** A stretch of constant load. */
export type Step = { perSecond: number; seconds: number };

/** Equal steps, or steps of which each has so many times the rate of the one before; `seconds` are those of all together. */
export function stairs(options: Step & { steps: number; times?: number }): Step[] {
  const { perSecond, seconds, steps, times = 1 } = options;
  return Array.from({ length: steps }, (_, index) => ({
    perSecond: perSecond * times ** index,
    seconds: seconds / steps,
  }));
}

/** Which step is under way after so many milliseconds; the last one, after the end. */
export function stepAt(steps: readonly Step[], elapsedMs: number): number {
  let endMs = 0;
  const index = steps.findIndex(({ seconds }) => {
    endMs += seconds * 1000;
    return elapsedMs < endMs;
  });
  return index < 0 ? steps.length - 1 : index;
}

/** How many of the steps' events an iteration makes, and how many seconds it may take before others are dropped. */
export type Iteration = { eventsEach: number; secondsMax: number };

/**
 * The open model: iterations start at the rates of the steps, however long the ones before take, and are dropped where no VU is free.
 * k6 takes rates in whole numbers only, so it is given them by the hour.
 * Every VU is made beforehand: made under load, they would be the load.
 */
export function toScenario(steps: readonly Step[], { eventsEach, secondsMax }: Iteration) {
  const perHour = ({ perSecond }: Step) => Math.max(1, Math.round((perSecond / eventsEach) * 3600));
  const duration = ({ seconds }: Step) => `${Math.round(seconds * 1000)}ms`;
  const fastest = Math.max(...steps.map(perHour)) / 3600;
  const preAllocatedVUs = Math.min(VUS_MAX, Math.ceil(fastest * secondsMax) + VUS_SPARE);
  const vus = { timeUnit: '1h', preAllocatedVUs, maxVUs: preAllocatedVUs };
  const [first = { perSecond: 0, seconds: 0 }, ...others] = steps;
  if (others.length === 0) {
    return { executor: 'constant-arrival-rate', rate: perHour(first), duration: duration(first), ...vus } as const;
  }
  const stages = steps.flatMap(step => [
    { target: perHour(step), duration: '0s' },
    { target: perHour(step), duration: duration(step) },
  ]);
  return { executor: 'ramping-arrival-rate', startRate: perHour(first), stages, ...vus } as const;
}
