/** What the gate says: `go`, `stop`, or `not-enough` to say either. */
export type Verdict = 'go' | 'stop' | 'not-enough';

/** One thing that the gate found, and what follows from it alone. */
export type Reason = {
  source: 'k6' | 'budget' | 'incident' | 'telemetry' | 'override';
  /** The id of the SLO that it is about. */
  slo?: string;
  verdict: Verdict;
  /** For people, without a full stop. */
  sentence: string;
  /** The numbers of the sentence: shares from 0 to 1, times in seconds. */
  figures?: Readonly<Record<string, number>>;
};

/** Any stop wins, then anything that there is not enough data for. No reason at all is no reason to go. */
export function combine(reasons: readonly Reason[]): Verdict {
  const verdicts = new Set(reasons.map(({ verdict }) => verdict));
  if (verdicts.has('stop')) return 'stop';
  return verdicts.has('not-enough') || verdicts.size === 0 ? 'not-enough' : 'go';
}
