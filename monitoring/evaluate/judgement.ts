/** What a condition says of one series at a moment, or of a group of them. */
export type SeriesJudgement = {
  /** Names the series among those of the condition. */
  key: string;
  /** The monitored resource that it is of, as a text to compare. */
  resource: string;
  /** `undefined` where it had points before and has none now. */
  met: boolean | undefined;
};

/** What a condition says at a moment: of each series there is, or why it is not asked. */
export type Judgement = {
  series: readonly SeriesJudgement[];
  /** The value that is furthest beyond the threshold. */
  value?: number;
  because?: 'not evaluated' | 'decided before';
};

/** The same in short: whether as many series meet the condition as its trigger asks for. */
export type Verdict =
  | { met: boolean; value?: number }
  | { met: undefined; because: 'no data' | NonNullable<Judgement['because']> };

/** A judgement in short. */
export function verdictOf({ series, value, because }: Judgement, wanted: number): Verdict {
  if (because) return { met: undefined, because };
  if (series.every(({ met }) => met === undefined)) return { met: undefined, because: 'no data' };
  const met = series.filter(one => one.met).length >= wanted;
  return { met, ...(value !== undefined && { value }) };
}
