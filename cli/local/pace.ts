/** How often the local platform tells of itself, and how often its alerts are evaluated. */
export type Pace = { sampleSeconds: number; evaluationSeconds: number };

/**
 * With `--as-google` and without it, for what is tried out shall be seen soon. How often Google evaluates is told of PromQL conditions
 * only, which name it: 30 s where they do not.
 */
export function paceOf(asGoogle: boolean): Pace {
  return asGoogle ? { sampleSeconds: 60, evaluationSeconds: 30 } : { sampleSeconds: 15, evaluationSeconds: 15 };
}
