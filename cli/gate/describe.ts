import type { Reason, Verdict } from '../../slo/gate/reason.ts';
import type { Decision } from './override.ts';

const ORDER: readonly Verdict[] = ['stop', 'not-enough', 'go'];
const MEANS: Readonly<Record<Verdict, string>> = {
  go: 'may be deployed',
  stop: 'is not to be deployed',
  'not-enough': 'is not to be deployed, for too little is known',
};
const ALERT: Readonly<Record<Verdict, string>> = { go: 'NOTE', stop: 'CAUTION', 'not-enough': 'WARNING' };

/** A decision for a terminal: the verdict, then a line for each reason, what is against it first. */
export function describeText(decision: Decision): string {
  const { verdict, service } = decision;
  return [
    `${verdict}: ${service} ${MEANS[verdict]}`,
    ...sorted(decision).map(({ verdict, sentence }) => `${verdict}: ${sentence}`),
  ].join('\n');
}

/** A decision for a comment in a pull request or the summary of a job. */
export function describeMarkdown(decision: Decision): string {
  const { verdict, service, at, window } = decision;
  const rows = sorted(decision).map(
    ({ verdict, source, slo, sentence }) => `| ${verdict} | ${source} | ${slo ?? ''} | ${toCell(sentence)} |`,
  );
  return [
    '### Burnline gate',
    `> [!${ALERT[verdict]}]\n> **${verdict}**: ${toCell(service)} ${MEANS[verdict]}.`,
    ['| Verdict | Source | SLO | Reason |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    `Judged at ${at} over ${window}.`,
  ].join('\n\n');
}

function sorted({ reasons }: Decision): Reason[] {
  const rank = ({ source, verdict }: Reason) => (source === 'override' ? -1 : ORDER.indexOf(verdict));
  return reasons.toSorted((a, b) => rank(a) - rank(b));
}

/** A cell of a table; names and reasons are other people's words. */
function toCell(text: string): string {
  return text.replaceAll(/[|<>@\\`*_[\]]/g, '\\$&').replaceAll(/\s*\n\s*/g, ' ');
}
