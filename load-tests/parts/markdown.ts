import { isHeld, type Report, reachedSteps, type Slow } from './report.ts';
import { describeBreak, figure, outcome, promise, rate, share } from './words.ts';

/** A report as Markdown, for a pull request or a job's summary. `traceUrl` has `{traceId}` in the place of the id. */
export function toMarkdown(report: Report, { traceUrl }: { traceUrl: string | undefined }): string {
  const { test, service, counts, thresholds, checks, slowest } = report;
  const crossed = thresholds.filter(({ isKept }) => !isKept);
  const sections = [
    `# Load test \`${test}\` of ${service}: ${isHeld(report) ? 'held' : 'not held'}`,
    `${outcome(report)}.`,
    describeBreak(report),
    table(
      ['SLO', 'promised', 'good', 'of', 'share', 'bad', 'allowed'],
      counts.map(count => {
        const { metric, good, total, allowed } = count;
        const [all, bad, most] = [total, total - good, allowed].map(number => figure(number)) as [
          string,
          string,
          string,
        ];
        return [metric, promise(count), figure(good), all, share(count), bad, most];
      }),
    ),
    table(
      ['load', 'for', ...counts.map(({ metric }) => metric), 'median', '95 % within', 'all within'],
      reachedSteps(report).map(step => {
        const load = `${rate(step)}${step.isBroken ? ', broke' : ''}`;
        return [
          load,
          `${figure(step.seconds, 1)} s`,
          ...step.counts.map(share),
          ...[step.medianMs, step.p95Ms, step.maxMs].map(ms),
        ];
      }),
    ),
    crossed.length > 0 && 'Crossed:',
    crossed.map(({ metric, threshold }) => `- \`${metric}\`: \`${threshold}\``).join('\n'),
    table(
      ['the slowest of its kind', 'took', 'trace'],
      slowest.map(slow => toSlowRow(slow, traceUrl)),
    ),
    table(
      ['what an answer has to be', 'right', 'wrong'],
      checks.map(({ name, passes, fails }) => [name, figure(passes), figure(fails)]),
    ),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function toSlowRow({ request, durationMs, traceId }: Slow, traceUrl: string | undefined): string[] {
  const id = `\`${traceId}\``;
  return [
    request,
    ms(durationMs),
    traceUrl === undefined ? id : `[${id}](${traceUrl.replaceAll('{traceId}', traceId)})`,
  ];
}

function ms(value: number): string {
  return `${figure(value, 1)} ms`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
