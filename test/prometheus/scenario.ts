import { toYaml } from '../../exports/yaml.ts';

/** How fast a counter grows, or that it is not there, for so many minutes. */
export type Stretch = { minutes: number; perMinute: number | 'absent' };

/** A question after so many minutes, and the value that is its only answer; `undefined` where there is none. */
export type Question = { atMinute: number; expr: string; answer: number | undefined };

/** What happens to some series: values in promtool's notation, a sample for each step. */
export type Scenario = { stepMinutes: number; series: Readonly<Record<string, string>> };

/** A counter that grows by stretches: `0 600+600x359 …`. */
export function counts(stepMinutes: number, ...stretches: readonly Stretch[]): string {
  let value = 0;
  const parts = stretches.map(({ minutes, perMinute }) => {
    const steps = minutes / stepMinutes;
    if (perMinute === 'absent') return `_x${steps}`;
    const growth = perMinute * stepMinutes;
    const first = value + growth;
    value += growth * steps;
    return `${first}+${growth}x${steps - 1}`;
  });
  return ['0', ...parts].join(' ');
}

/** A gauge that holds one value after the other. */
export function holds(stepMinutes: number, ...stretches: readonly { minutes: number; value: number }[]): string {
  return ['0', ...stretches.map(({ minutes, value }) => `${value}+0x${minutes / stepMinutes - 1}`)].join(' ');
}

/** A file for `promtool test rules`, which evaluates the rules at each step. */
export function toUnitTest(
  ruleFile: string,
  { stepMinutes, series }: Scenario,
  questions: readonly Question[],
): string {
  const interval = `${stepMinutes * 60}s`;
  return toYaml({
    rule_files: [ruleFile],
    evaluation_interval: interval,
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: questions.map(({ atMinute, expr, answer }) => ({
          expr,
          eval_time: `${atMinute}m`,
          exp_samples: answer === undefined ? [] : [{ labels: '{}', value: answer }],
        })),
      },
    ],
  });
}
