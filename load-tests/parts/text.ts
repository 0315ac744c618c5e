import { type Report, reachedSteps } from './report.ts';
import { describeBreak, figure, outcome, promise, rate, share } from './words.ts';

const NAME_CHARS = 24;

/** A report for the terminal. */
export function toText(report: Report): string {
  const { counts, thresholds, checks, slowest } = report;
  const line = (name: string, text: string) => `  ${name.padEnd(NAME_CHARS)}${text}`;
  const lines = [
    outcome(report),
    ...counts.map(count => {
      const said = `${figure(count.good)} of ${figure(count.total)} good, ${share(count)} where ${promise(count)} is promised`;
      return line(count.metric, said);
    }),
    ...reachedSteps(report).map(step => {
      const [median, most, all] = [step.medianMs, step.p95Ms, step.maxMs].map(ms => `${figure(ms, 1)} ms`);
      return line(rate(step), `median ${median}, 95 % within ${most}, all within ${all}`);
    }),
    ...thresholds
      .filter(({ isKept }) => !isKept)
      .map(({ metric, threshold }) => line('crossed', `${metric}: ${threshold}`)),
    ...checks
      .filter(({ fails }) => fails > 0)
      .map(({ name, passes, fails }) => line('wrong', `${name}: ${figure(fails)} of ${figure(passes + fails)} not`)),
    ...slowest
      .slice(0, 1)
      .map(({ request, durationMs, traceId }) =>
        line('slowest', `${request}, ${figure(durationMs, 1)} ms, trace ${traceId}`),
      ),
    describeBreak(report),
  ];
  return `\n${lines.filter(Boolean).join('\n')}\n`;
}
